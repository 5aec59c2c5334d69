import { type CallKind, meanCallTime } from "../storm/call-times.ts";
import type { Priced } from "./prices.ts";
import { plus, type Usage, type UsageByPart } from "./usage.ts";

/** What one invocation writes to its log, in bytes, as stated: Lambda's own lines, the function's, its metrics. */
const LOG_BYTES = 2_000;
/** As long are logs kept, in months. */
const LOG_MONTHS = 12;
const GIGABYTE = 1_000_000_000;
const MEGABYTES_PER_GIGABYTE = 1_024;

/** Megabytes by function. */
export type Memory = Readonly<Record<string, number>>;

/** What happens between the functions: schedules fire. */
const ELSEWHERE = "schedules";

/**
 * Counts what the functions use. How long an invocation takes is not measured but stated: the mean times
 * of `npm run bench -- storm` for each of its calls, as if each waited for the one before, and its pauses.
 */
export class Meter {
  readonly #memory: Memory;
  readonly #used = new Map<string, Usage>();
  readonly #written = new Map<string, Usage>();
  #part = ELSEWHERE;
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

  /** The function in progress makes calls, or waits so many milliseconds. */
  call(kind: CallKind, times = 1): void {
    this.#millis += meanCallTime(kind) * times;
  }

  wait(millis: number): void {
    this.#millis += millis;
  }

  /**
   * Counts an invocation.
   * @param name of a function of the stack
   * @param part the name under which it counts: the function's own, unless it does two kinds of work
   */
  async invoke<Result>(
    name: string,
    work: () => Promise<Result>,
    part: string = name,
  ): Promise<Result> {
    this.#part = part;
    this.#millis = 0;
    this.call("invocation");
    const result = await work();
    const gigabytes = this.#memoryOf(name) / MEGABYTES_PER_GIGABYTE;
    this.#add({
      invocations: 1,
      gigabyteSeconds: (gigabytes * this.#millis) / 1_000,
      logGigabytes: LOG_BYTES / GIGABYTE,
      logGigabyteMonths: (LOG_BYTES / GIGABYTE) * LOG_MONTHS,
    });
    this.#part = ELSEWHERE;
    return result;
  }

  /** What was used so far, by part. */
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
