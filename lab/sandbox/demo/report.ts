/** The report that `--json` prints as the last line on stdout. */
import type { StepResult } from "./steps.ts";

/** kubectl's answers to alice about payments-api; null where the demo did not get that far. */
export interface CanI {
  readonly before: boolean | null;
  readonly during: boolean | null;
  readonly after: boolean | null;
}

export interface DemoReport {
  readonly ok: boolean;
  /** In the order they ran, up to the first that failed. */
  readonly steps: readonly StepResult[];
  readonly canI: CanI;
}

/** @param failure what ended the demo; outside a step it becomes a step named `demo` */
export function demoReport(
  results: readonly StepResult[],
  canI: CanI,
  failure: unknown,
): DemoReport {
  if (failure === undefined) return { ok: true, steps: results, canI };
  if (results.at(-1)?.ok === false) return { ok: false, steps: results, canI };
  const detail = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
  return { ok: false, steps: [...results, { name: "demo", ok: false, detail }], canI };
}
