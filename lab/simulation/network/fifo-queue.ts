import type { Ending } from "../invocation.ts";
import type { Random } from "../random.ts";
import type { VirtualTime } from "../virtual-time.ts";

/** A message that is waiting or in flight. */
interface Message {
  readonly group: string;
  readonly body: string;
  readonly sentAt: number;
  /** How long it waited before it was first received; null before that. */
  waitedSeconds: number | null;
  receives: number;
  /** How many runs of it are under way. */
  runs: number;
  /** When it can first be received, in milliseconds. */
  readonly visibleAt: number;
  /** Whether it may be received now. */
  isReady: boolean;
}

export interface FifoQueueOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly visibilitySeconds: number;
  /** A message becomes a dead letter after this number of failed receives. */
  readonly receives: number;
  /** How many runs of the function there are at once. */
  readonly concurrency: number;
  /** How many messages one run takes at most, each of another group (default: 1). */
  readonly batch?: number;
  /** Whether the queue delivers messages at the moment. */
  readonly isUp: () => boolean;
  /** How often a handled message is not deleted, and is delivered again. */
  readonly duplicated: () => number;
  /** How often a message is received again while a run of it is under way (default: never). */
  readonly overlap?: () => number;
  readonly receive: (received: Received) => Promise<Ending>;
  readonly dead: (group: string, body: string) => void;
  /** Called when a handled message is delivered again, and blocks its group until then. */
  readonly kept: (group: string, until: number) => void;
}

/** One message, as it is received. */
export interface Received {
  readonly group: string;
  readonly body: string;
  readonly waitedSeconds: number;
  /** If this receive fails, the message becomes a dead letter. */
  readonly last: boolean;
  /** Whether its receipt is still valid: it was not received again, and not deleted. */
  readonly holds: () => boolean;
}

interface Receipt extends Pick<Received, "last" | "holds"> {
  /** When the message becomes visible again unless it is deleted, in milliseconds. */
  readonly hiddenUntil: number;
}

/** The most runs of one message at the same time. */
const DEPTH = 3;
/** The milliseconds within which an overlapping receive follows the previous one. */
const OVERLAP_WITHIN = 6_000;

const FIVE_MINUTES = 300_000;

/**
 * An SQS FIFO queue with its Lambda event source. It delivers one message of each group at a time,
 * in order, and groups in any order. A message whose function fails stays invisible until its
 * visibility timeout, and blocks its group. A deduplication id is remembered for five minutes.
 * After Lambda's throttles a run may begin just before its message becomes visible again. Then the
 * group's next run begins while this one is under way. This one can no longer delete the message.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export class FifoQueue {
  readonly #options: FifoQueueOptions;
  /** By group, its messages in order. */
  readonly #groups = new Map<string, Message[]>();
  /** The first message of each idle group, where it may be received. */
  readonly #ready: Message[] = [];
  readonly #held = new Set<string>();
  readonly #known = new Map<string, number>();
  #working = 0;
  #size = 0;

  constructor(options: FifoQueueOptions) {
    this.#options = options;
  }

  /** Whether the queue is empty. */
  get isIdle(): boolean {
    return this.#size === 0;
  }

  /** How many messages are waiting or in flight. */
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

  /** Delivers the first message of a group that is idle. */
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
    const { time, concurrency, batch = 1, isUp, random } = this.#options;
    if (!isUp()) {
      time.after(random.between(1_000, 5_000), () => this.#receive());
      return;
    }
    while (this.#working < concurrency && this.#ready.length > 0) {
      const taken: Message[] = [];
      while (taken.length < batch && this.#ready.length > 0)
        taken.push(...this.#ready.splice(random.fraction() * this.#ready.length, 1));
      const run = { left: taken.length };
      this.#working += 1;
      for (const message of taken) void this.#work(message, run);
    }
  }

  /** @param run what it counts down once it is done with the message */
  async #work(message: Message, run: { left: number }): Promise<void> {
    const { time, visibilitySeconds, receives, receive } = this.#options;
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
    run.left -= 1;
    if (run.left === 0) this.#working -= 1;
    message.runs -= 1;
    if (holds()) this.#settle(message, ending, { last, hiddenUntil, holds });
    this.#receive();
  }

  /** Deletes a handled message. Any other stays hidden until its visibility timeout. */
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

  /** Delivers a message again while it is in flight. An overlap makes no dead letter. */
  #receiveAgain(message: Message, hiddenUntil: number, holds: () => boolean): void {
    const { time, random, receives, overlap, isUp } = this.#options;
    const often = overlap?.() ?? 0;
    if (often === 0 || message.runs >= DEPTH || message.receives + 1 >= receives) return;
    if (!random.chance(often)) return;
    time.after(random.between(0, OVERLAP_WITHIN), () => {
      if (!holds() || message.runs === 0 || !isUp() || time.now >= hiddenUntil) return;
      this.#working += 1;
      void this.#work(message, { left: 1 });
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
