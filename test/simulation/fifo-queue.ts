import type { Ending } from "./invocation.ts";
import type { Random } from "./random.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** A message that waits, or is being worked on. */
interface Message {
  readonly group: string;
  readonly body: string;
  readonly sentAt: number;
  /** How long it waited before it was first received; null before that. */
  waitedSeconds: number | null;
  receives: number;
  /** Not received before, in milliseconds. */
  visibleAt: number;
}

export interface FifoQueueOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly visibilitySeconds: number;
  /** After so many receives that came to nothing a message is a dead letter. */
  readonly receives: number;
  readonly concurrency: number;
  /** Whether the queue hands anything out at the moment. */
  readonly isUp: () => boolean;
  /** How often a message that was handled is not deleted, and so comes again. */
  readonly duplicated: () => number;
  readonly receive: (received: Received) => Promise<Ending>;
  readonly dead: (group: string, body: string) => void;
  /** A message that was handled comes again, and holds up its group until then. */
  readonly kept: (group: string, until: number) => void;
}

/** One message, as it is received. */
export interface Received {
  readonly group: string;
  readonly body: string;
  readonly waitedSeconds: number;
  /** It becomes a dead letter if this fails. */
  readonly last: boolean;
}

const FIVE_MINUTES = 300_000;

/**
 * An SQS FIFO queue with its Lambda event source: one message at a time of each group, in order;
 * a message whose function fails is invisible until its visibility is over, and holds up its
 * group; a deduplication id is known for five minutes, whatever became of its message.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export class FifoQueue {
  readonly #options: FifoQueueOptions;
  readonly #waiting: Message[] = [];
  readonly #held = new Set<string>();
  readonly #known = new Map<string, number>();
  #working = 0;

  constructor(options: FifoQueueOptions) {
    this.#options = options;
  }

  /** How many messages wait to be received. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Whether nothing waits and nothing is worked on. */
  get isIdle(): boolean {
    return this.#waiting.length === 0 && this.#held.size === 0;
  }

  send(group: string, body: string, deduplicationId: string): void {
    const { time, random } = this.#options;
    const known = this.#known.get(deduplicationId);
    if (known !== undefined && time.now - known < FIVE_MINUTES) return;
    this.#known.set(deduplicationId, time.now);
    const visibleAt = time.now + random.between(5, 50);
    this.#waiting.push({
      group,
      body,
      sentAt: time.now,
      waitedSeconds: null,
      receives: 0,
      visibleAt,
    });
    time.at(visibleAt, () => this.#receive());
  }

  #receive(): void {
    const { time, concurrency, isUp, random } = this.#options;
    if (!isUp()) {
      time.after(random.between(1_000, 5_000), () => this.#receive());
      return;
    }
    const seen = new Set<string>();
    for (const message of [...this.#waiting]) {
      if (this.#working >= concurrency) return;
      const first = !seen.has(message.group) && !this.#held.has(message.group);
      seen.add(message.group);
      if (first && message.visibleAt <= time.now) void this.#work(message);
    }
  }

  async #work(message: Message): Promise<void> {
    const { time, visibilitySeconds, receives, receive, duplicated, random, dead, kept } =
      this.#options;
    this.#working += 1;
    this.#held.add(message.group);
    message.receives += 1;
    message.waitedSeconds ??= (time.now - message.sentAt) / 1_000;
    const hiddenUntil = time.now + visibilitySeconds * 1_000;
    const last = message.receives >= receives;
    const ending = await receive({
      group: message.group,
      body: message.body,
      waitedSeconds: message.waitedSeconds,
      last,
    });
    this.#working -= 1;
    if (ending.kind === "done" && (last || !random.chance(duplicated()))) {
      this.#release(message);
      this.#remove(message);
      this.#receive();
      return;
    }
    if (ending.kind === "done") kept(message.group, hiddenUntil);
    this.#receive();
    time.at(hiddenUntil, () => {
      this.#release(message);
      if (last) {
        this.#remove(message);
        dead(message.group, message.body);
      }
      this.#receive();
    });
  }

  #release({ group }: Message): void {
    this.#held.delete(group);
  }

  #remove(message: Message): void {
    this.#waiting.splice(this.#waiting.indexOf(message), 1);
  }
}
