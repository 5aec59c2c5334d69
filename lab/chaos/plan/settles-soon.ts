import type { Action } from "./action.ts";
import { calmSpans } from "./calm.ts";

const SECOND = 1_000;

/** The messages of their runs come again after more than half a minute, for which a run would have to wait. */
const SLOW_AGAIN: ReadonlySet<unknown> = new Set(["notify", "correlate"]);
const SLOW_ROLES: ReadonlySet<unknown> = new Set(["timelatch-correlate"]);
const BEFORE_END = 120 * SECOND;

/**
 * Whether what an action breaks is whole again soon after a plan's end.
 * @param until its end, in milliseconds
 * @param isSlower whether the plan is one after which nothing needs minutes
 */
export function settlesSoon(action: Action, until: number, isSlower: boolean): boolean {
  const isSlow =
    (action.kind === "kill-function" && SLOW_AGAIN.has(action.name)) ||
    (action.kind === "aws-fault" && SLOW_ROLES.has(action.rule["role"]));
  if (!isSlow) return true;
  return !isSlower && (calmSpans(until).length === 0 || action.at < until - BEFORE_END);
}
