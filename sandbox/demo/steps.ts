/** The story's steps: each told while it is played, and kept for the report. */

import type { Exchange } from "./exchange.ts";
import type { Narrator } from "./narrator.ts";

export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Something was seen that the story does not tell. */
export class NotAsTold extends Error {
  override readonly name = "NotAsTold";
}

/** A grant ended before it was looked at: the machine was slower than was allowed for. */
export class RanOut extends Error {
  override readonly name = "RanOut";
}

/**
 * Throws {@link NotAsTold} with what was seen unless the condition holds; but {@link RanOut} where
 * it had to hold only until an instant (milliseconds) that has passed.
 */
export function must(
  holds: boolean,
  seen: string,
  until = Number.POSITIVE_INFINITY,
): asserts holds {
  if (holds) return;
  throw Date.now() >= until ? new RanOut(seen) : new NotAsTold(seen);
}

/** Shows each exchange as soon as it is there, in this order, and answers their values. */
type Show = <Values extends readonly unknown[]>(
  ...asked: { readonly [Index in keyof Values]: Promise<Exchange<Values[Index]>> }
) => Promise<Values>;

interface Told<Value> {
  readonly detail: string;
  readonly value: Value;
}

type Step = <Value>(
  name: string,
  title: string,
  body: (show: Show) => Promise<Told<Value>>,
) => Promise<Value>;

export interface Steps {
  readonly step: Step;
  /** The results so far; the last is not ok where its step threw. */
  readonly results: readonly StepResult[];
  /** Forgets all results after the first `count`: what they tell of is played again. */
  rewind(count: number): void;
}

export function storySteps(narrator: Narrator): Steps {
  const results: StepResult[] = [];
  const show = async (...asked: readonly Promise<Exchange<unknown>>[]) => {
    // One that fails is told when it is its turn.
    for (const one of asked) one.catch(() => {});
    const values: unknown[] = [];
    for (const one of asked) {
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
        if (!(error instanceof RanOut)) narrator.failed(detail);
        throw error;
      }
    },
  };
}
