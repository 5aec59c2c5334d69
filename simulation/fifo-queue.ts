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
  readonly visibleAt: number;
  /** Whether it is among those that may be received. */
  isReady: boolean;
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
 * An SQS FIFO queue with its Lambda event source: one message at a time of each group, in order, and
 * groups in any order; a message whose function fails is invisible until its visibility is over, and holds up its
 * group; a deduplication id is known for five minutes, whatever became of its message. A run may
 * begin when its message is about to be visible again, as it does after Lambda's throttles: then
 * the next run of the group begins while it is under way, and it can delete the message no more.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export class FifoQueue {
  readonly #options: FifoQueueOptions;
  /** By group, its messages in order; the first may be worked on. */
  readonly #groups = new Map<string, Message[]>();
  /** Of each group that nobody works on, the first message, where it may be received. */
  readonly #ready: Message[] = [];
  readonly #held = new Set<string>();
  readonly #known = new Map<string, number>();
  #working = 0;
  #size = 0;

  constructor(options: FifoQueueOptions) {
    this.#options = options;
  }

  /** Whether nothing waits and nothing is worked on. */
  get isIdle(): boolean {
    return this.#size === 0;
  }

  /** How many messages wait or are worked on. */
  get size(): number {
    return this.#size;
  }

  send(group: string, body: string, deduplicationId: string): void {
    const { time, random } = this.#options;
    const known = this.#known.get(deduplicationId);
    if (known !== undefined && time.now - known < FIVE_MINUTES) return;
    this.#known.set(deduplicationId, time.now);
    const visibleAt = time.now + random.between(5, 50);
    const message: Message = {
      group,
      body,
      sentAt: time.now,
      waitedSeconds: null,
      receives: 0,
      runs: 0,
      visibleAt,
      isReady: false,
    };
    this.#size += 1;
    this.#groups.set(group, [...(this.#groups.get(group) ?? []), message]);
    time.at(visibleAt, () => this.#offer(group));
  }

  /** Has the first message of a group received, where nobody works on the group. */
  #offer(group: string): void {
    const first = this.#groups.get(group)?.[0];
    if (first && !first.isReady && !this.#held.has(group) && first.visibleAt <= this.#now) {
      first.isReady = true;
      this.#ready.push(first);
    }
    this.#receive();
  }

  get #now(): number {
    return this.#options.time.now;
  }

  #receive(): void {
    const { time, concurrency, isUp, random } = this.#options;
    if (!isUp()) {
      time.after(random.between(1_000, 5_000), () => this.#receive());
      return;
    }
    while (this.#working < concurrency && this.#ready.length > 0) {
      const [message] = this.#ready.splice(random.fraction() * this.#ready.length, 1);
      if (message) void this.#work(message);
    }
  }

  async #work(message: Message): Promise<void> {
    const { time, visibilitySeconds, receives, receive } = this.#options;
    this.#working += 1;
    this.#held.add(message.group);
    message.isReady = false;
    message.receives += 1;
    message.runs += 1;
    const receipt = message.receives;
    const holds = () =>
      message.receives === receipt && this.#groups.get(message.group)?.[0] === message;
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
      this.#remove(message);
      this.#release(message);
      return;
    }
    if (ending.kind === "done") kept(message.group, hiddenUntil);
    time.at(hiddenUntil, () => {
      if (!holds()) return;
      if (last) {
        this.#remove(message);
        dead(message.group, message.body);
      }
      this.#release(message);
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
    this.#offer(group);
  }

  /** Removes the message, which is the first of its group. */
  #remove({ group }: Message): void {
    const [, ...rest] = this.#groups.get(group) ?? [];
    if (rest.length > 0) this.#groups.set(group, rest);
    else this.#groups.delete(group);
    this.#size -= 1;
  }
}
