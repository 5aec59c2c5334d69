/** The demo's steps: each is shown while it runs, and kept for the report. */
import type { Exchange } from "./exchange.ts";
import type { Narrator } from "./narrator.ts";

export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** A step saw something other than what it expects. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}

/** A grant ended before the step had checked it: this machine is too slow for so short a grant. */
export class GrantEndedTooSoon extends Error {
  override readonly name = "GrantEndedTooSoon";
}

/**
 * Throws {@link StepFailed} unless the condition holds. Throws {@link GrantEndedTooSoon} where it
 * only had to hold until an instant (milliseconds) that has passed.
 *
 * @param seen what was seen instead, for the report
 */
export function check(
  holds: boolean,
  seen: string,
  until = Number.POSITIVE_INFINITY,
): asserts holds {
  if (holds) return;
  throw Date.now() >= until ? new GrantEndedTooSoon(seen) : new StepFailed(seen);
}

/** Shows each exchange once it is complete, in the order given, and answers their values. */
export type Show = <Values extends readonly unknown[]>(
  ...exchanges: { readonly [Index in keyof Values]: Promise<Exchange<Values[Index]>> }
) => Promise<Values>;

interface StepOutcome<Value> {
  /** The result of the step, in one sentence. */
  readonly detail: string;
  readonly value: Value;
}

type Step = <Value>(
  name: string,
  title: string,
  body: (show: Show) => Promise<StepOutcome<Value>>,
) => Promise<Value>;

export interface Steps {
  readonly step: Step;
  /** The results so far; the last is not ok where its step threw. */
  readonly results: readonly StepResult[];
  /** Drops all results after the first `count`, since those steps run again. */
  rewind(count: number): void;
}

export function demoSteps(narrator: Narrator): Steps {
  const results: StepResult[] = [];
  const show = async (...exchanges: readonly Promise<Exchange<unknown>>[]) => {
    // A rejection is reported when its turn comes; until then it must not end the process.
    for (const one of exchanges) one.catch(() => {});
    const values: unknown[] = [];
    for (const one of exchanges) {
      const exchange = await one;
      narrator.exchange(exchange);
      values.push(exchange.value);
    }
    return values;
  };
  return {
    results,
    rewind: (count) => void results.splice(count),
    async step(name, title, body) {
      narrator.heading(title);
      try {
        const { detail, value } = await body(show as Show);
        results.push({ name, ok: true, detail });
        narrator.done(detail);
        return value;
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        results.push({ name, ok: false, detail });
        if (!(error instanceof GrantEndedTooSoon)) narrator.failed(detail);
        throw error;
      }
    },
  };
}
