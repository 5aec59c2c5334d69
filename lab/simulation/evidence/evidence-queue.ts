import type { Random } from "../random.ts";
import type { VirtualTime } from "../virtual-time.ts";

interface Message {
  readonly eventId: string;
  readonly body: string;
  receives: number;
  /** When it can be received again unless it is deleted, in milliseconds. */
  hiddenUntil: number;
}

/** A message, as it is received. */
export interface ReceivedEvent {
  readonly eventId: string;
  readonly body: string;
  /** Hides it for longer, from now on. */
  readonly hide: (seconds: number) => void;
}

export interface EvidenceQueueOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly visibilitySeconds: number;
  readonly receives: number;
  readonly concurrency: number;
  readonly isUp: () => boolean;
  /** How often a handled message is not deleted, and is received again. */
  readonly duplicated: () => number;
  /** @returns whether the message is handled and can be deleted */
  readonly receive: (received: ReceivedEvent) => Promise<boolean>;
  /** A message failed too often. Somebody sends it again at `redriveAt`. */
  readonly dead: (eventId: string, redriveAt: number) => void;
}

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/**
 * A standard SQS queue with its Lambda event source, in no order. A message that failed too often
 * waits in the dead-letter queue until its alarm has brought somebody, who sends it again.
 */
export class EvidenceQueue {
  readonly #options: EvidenceQueueOptions;
  readonly #ready: Message[] = [];
  #working = 0;
  #size = 0;

  constructor(options: EvidenceQueueOptions) {
    this.#options = options;
  }

  /** Whether no message waits, is hidden, or is a dead letter. */
  get isIdle(): boolean {
    return this.#size === 0;
  }

  send(eventId: string, body: string): void {
    this.#size += 1;
    this.#offer({ eventId, body, receives: 0, hiddenUntil: 0 });
  }

  #offer(message: Message): void {
    this.#ready.push(message);
    this.#receive();
  }

  #receive(): void {
    const { time, random, isUp, concurrency } = this.#options;
    if (this.#ready.length === 0 || this.#working >= concurrency) return;
    if (!isUp()) {
      time.after(random.between(10, 60) * SECOND, () => this.#receive());
      return;
    }
    const [message] = this.#ready.splice(random.fraction() * this.#ready.length, 1);
    if (message) void this.#work(message).then(() => this.#receive());
    this.#receive();
  }

  async #work(message: Message): Promise<void> {
    const { time, random, visibilitySeconds, receive, duplicated } = this.#options;
    const { eventId, body } = message;
    this.#working += 1;
    message.receives += 1;
    message.hiddenUntil = time.now + visibilitySeconds * SECOND;
    const hide = (seconds: number) => {
      message.hiddenUntil = time.now + seconds * SECOND;
    };
    const isDone = await receive({ eventId, body, hide });
    this.#working -= 1;
    if (isDone && !random.chance(duplicated())) this.#size -= 1;
    else time.at(message.hiddenUntil, () => this.#return(message));
  }

  #return(message: Message): void {
    const { time, random, receives, dead } = this.#options;
    if (message.receives < receives) {
      this.#offer(message);
      return;
    }
    const redriveAt = time.now + random.between(1, 3) * HOUR;
    dead(message.eventId, redriveAt);
    message.receives = 0;
    time.at(redriveAt, () => this.#offer(message));
  }
}
