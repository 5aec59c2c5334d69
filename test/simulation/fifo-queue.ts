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
  /** How many runs of it are under way. */
  runs: number;
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
  /** How often a message is received again while a run of it is under way; never unless it is set. */
  readonly overlap?: () => number;
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
  /** Whether its receipt is still valid: nobody received it later, and it is not gone. */
  readonly holds: () => boolean;
}

interface Receipt extends Pick<Received, "last" | "holds"> {
  /** When the message is visible again, unless it is deleted before; in milliseconds. */
  readonly hiddenUntil: number;
}

/** So many runs of one message are under way at most. */
const DEPTH = 3;
/** Within so many milliseconds of one receive the next one comes, where they overlap. */
const OVERLAP_WITHIN = 6_000;

const FIVE_MINUTES = 300_000;

/**
 * An SQS FIFO queue with its Lambda event source: one message at a time of each group, in order;
 * a message whose function fails is invisible until its visibility is over, and holds up its
 * group; a deduplication id is known for five minutes, whatever became of its message. A run may
 * begin when its message is about to be visible again, as it does after Lambda's throttles: then
 * the next run of the group begins while it is under way, and it can delete the message no more.
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

  /** How many messages wait or are worked on. */
  get size(): number {
    return this.#waiting.length;
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
      runs: 0,
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
    const { time, visibilitySeconds, receives, receive } = this.#options;
    this.#working += 1;
    this.#held.add(message.group);
    message.receives += 1;
    message.runs += 1;
    const receipt = message.receives;
    const holds = () => message.receives === receipt && this.#waiting.includes(message);
    message.waitedSeconds ??= (time.now - message.sentAt) / 1_000;
    const hiddenUntil = time.now + visibilitySeconds * 1_000;
    const last = message.receives >= receives;
    this.#receiveAgain(message, hiddenUntil, holds);
    const ending = await receive({
      group: message.group,
      body: message.body,
      waitedSeconds: message.waitedSeconds,
      last,
      holds,
    });
    this.#working -= 1;
    message.runs -= 1;
    if (holds()) this.#settle(message, ending, { last, hiddenUntil, holds });
    this.#receive();
  }

  /** Deletes a message that was handled; one that was not is hidden until its visibility is over. */
  #settle(message: Message, ending: Ending, { last, hiddenUntil, holds }: Receipt): void {
    const { time, duplicated, random, dead, kept } = this.#options;
    if (ending.kind === "done" && (last || !random.chance(duplicated()))) {
      this.#release(message);
      this.#remove(message);
      return;
    }
    if (ending.kind === "done") kept(message.group, hiddenUntil);
    time.at(hiddenUntil, () => {
      if (!holds()) return;
      this.#release(message);
      if (last) {
        this.#remove(message);
        dead(message.group, message.body);
      }
      this.#receive();
    });
  }

  /** Has a message come again while it is worked on. What overlaps makes no dead letter. */
  #receiveAgain(message: Message, hiddenUntil: number, holds: () => boolean): void {
    const { time, random, receives, overlap, isUp } = this.#options;
    const often = overlap?.() ?? 0;
    if (often === 0 || message.runs >= DEPTH || message.receives + 1 >= receives) return;
    if (!random.chance(often)) return;
    time.after(random.between(0, OVERLAP_WITHIN), () => {
      if (holds() && message.runs > 0 && isUp() && time.now < hiddenUntil) void this.#work(message);
    });
  }

  #release({ group }: Message): void {
    this.#held.delete(group);
  }

  #remove(message: Message): void {
    this.#waiting.splice(this.#waiting.indexOf(message), 1);
  }
}
