import { type CallKind, meanCallTime } from "../storm/call-times.ts";
import type { Priced } from "./prices.ts";
import { plus, type Usage, type UsageByPart } from "./usage.ts";

/**
 * A line of log in bytes: its facts, the context that each line has, and the 26 bytes that CloudWatch adds. Lambda's own
 * lines are not written, and a metric's only where something is wrong.
 */
const LINE_BYTES = 700;
/** As long are logs kept, in months. */
const LOG_MONTHS = 12;
const GIGABYTE = 1_000_000_000;
const MEGABYTES_PER_GIGABYTE = 1_024;

/** Megabytes by function. */
export type Memory = Readonly<Record<string, number>>;

/** How an invocation counts. */
export interface Invoked {
  /** The name under which it counts: the function's own, unless it does two kinds of work. */
  readonly part?: string;
  /** Whether it writes its line only if there is something to say. */
  readonly isQuiet?: boolean;
}

/** The part for everything between the functions, such as schedules that fire. */
const ELSEWHERE = "schedules";

/**
 * Counts what the functions use. How long an invocation takes is not measured but stated: the mean times of
 * `npm run bench -- storm` for each of its calls, and its pauses. Calls that are under way together take their time once.
 */
export class Meter {
  readonly #memory: Memory;
  readonly #used = new Map<string, Usage>();
  readonly #written = new Map<string, Usage>();
  #part = ELSEWHERE;
  /** Milliseconds of the invocation in progress, so far. */
  #millis = 0;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Adds to what the function in progress uses. */
  add(priced: Priced, quantity = 1): void {
    this.#add({ [priced]: quantity });
  }

  /** The function in progress writes an item. @param kind as in `itemKind` */
  wrote(kind: string, units: number): void {
    this.add("writeUnits", units);
    const name = `${this.#part}: ${kind}`;
    this.#written.set(name, plus(this.#written.get(name) ?? {}, { writeUnits: units }));
  }

  /**
   * The function in progress makes a call. One that begins before the end of another does not wait for it.
   * @param times how many calls it is, one after the other
   */
  async call<Result>(kind: CallKind, work: () => Promise<Result>, times = 1): Promise<Result> {
    const end = this.#millis + meanCallTime(kind) * times;
    try {
      return await work();
    } finally {
      this.#millis = Math.max(this.#millis, end);
    }
  }

  /** The function in progress waits. */
  wait(millis: number): void {
    this.#millis += millis;
  }

  /** The function in progress writes a line to its log. */
  line(): void {
    const gigabytes = LINE_BYTES / GIGABYTE;
    this.#add({ logGigabytes: gigabytes, logGigabyteMonths: gigabytes * LOG_MONTHS });
  }

  /** Counts an invocation of a function of the stack, and the line of log in which it says what it did. */
  async invoke<Result>(
    name: string,
    work: () => Promise<Result>,
    { part = name, isQuiet = false }: Invoked = {},
  ): Promise<Result> {
    this.#part = part;
    this.#millis = meanCallTime("invocation");
    const result = await work();
    if (!isQuiet) this.line();
    const gigabytes = this.#memoryOf(name) / MEGABYTES_PER_GIGABYTE;
    this.#add({
      invocations: 1,
      gigabyteSeconds: (gigabytes * this.#millis) / 1_000,
    });
    this.#part = ELSEWHERE;
    return result;
  }

  /** The use so far, by part. */
  taken(): UsageByPart {
    return Object.fromEntries(this.#used);
  }

  /** The write units so far, by part and kind of item: `converge: BIND HEAD` … */
  written(): UsageByPart {
    return Object.fromEntries(this.#written);
  }

  #add(usage: Usage): void {
    const part = this.#part;
    this.#used.set(part, plus(this.#used.get(part) ?? {}, usage));
  }

  #memoryOf(name: string): number {
    const megabytes = this.#memory[name];
    if (megabytes === undefined) throw new Error(`The stack has no function ${name}.`);
    return megabytes;
  }
}
