/** What the last line on stdout says under `--json`. */
import type { StepResult } from "./steps.ts";

/** What kubectl answered alice in payments-api; null where the story did not come so far. */
export interface CanI {
  readonly before: boolean | null;
  readonly during: boolean | null;
  readonly after: boolean | null;
}

export interface DemoReport {
  readonly ok: boolean;
  /** In the order of the story, up to the first that was not as told. */
  readonly steps: readonly StepResult[];
  readonly canI: CanI;
}

/** The report; what went wrong between the steps (`failure`) is told as a step of its own. */
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
