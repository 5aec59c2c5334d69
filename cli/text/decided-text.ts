/** Names the decider of a request that is decided already. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { behalfText } from "./request-text.ts";
import { awayText, shortTime } from "./time-text.ts";

/** `bob approved it at 10:03 UTC, 2m ago.`, or `Denied by carol: not now`; nothing where nobody decided. */
export function decidedBefore(
  { state, approvals, outcome }: RequestAnswer,
  now: string,
): readonly string[] {
  const at = (instant: string) => `at ${shortTime(instant, now)}, ${awayText(instant, now)}`;
  if (state === "denied" && outcome !== null) return [visible(outcome.detail)];
  const last = approvals.at(-1);
  if (state === "pending" || last === undefined) return [];
  return [`${visible(last.person)} approved it${behalfText(last.onBehalfOf)} ${at(last.at)}.`];
}
