/** Rules whose access ends with its requester's shift. Pure. */
import type { OnCallFact } from "../facts/on-call.ts";
import type { Settings } from "../settings.ts";
import { secondsBetween } from "../values/instant.ts";
import type { Rule } from "./policy.ts";
import { denied, type RefusedAsk } from "./refused-ask.ts";

/** The instant at which a grant is over at the latest; undefined where a rule has no such end. */
export const shiftEndOf = (rule: Rule, fact: OnCallFact | undefined): string | undefined =>
  rule.endsWithShift ? fact?.until : undefined;

/** `2026-12-01 08:00 UTC`. */
export const shiftEndText = (until: string): string =>
  `${until.slice(0, 10)} ${until.slice(11, 16)} UTC`;

/** Why a grant of the rule would be too short to begin; undefined where it would not. */
export const shortShiftText = (
  rule: Rule,
  fact: OnCallFact | undefined,
  start: string,
  { minimumDurationSeconds }: Pick<Settings, "minimumDurationSeconds">,
): string | undefined => {
  const until = shiftEndOf(rule, fact);
  return until === undefined || secondsBetween(start, until) >= minimumDurationSeconds
    ? undefined
    : `${rule.name} lends until the end of a shift, and this one ends at ${shiftEndText(until)}.`;
};

/** Refuses an ask whose access would end with its shift before it is of use. */
export function shortShift(
  { rule, onCall }: { readonly rule: Rule; readonly onCall?: OnCallFact },
  start: string,
  settings: Pick<Settings, "minimumDurationSeconds">,
): RefusedAsk | undefined {
  const detail = shortShiftText(rule, onCall, start, settings);
  return detail === undefined
    ? undefined
    : denied(detail, [{ rule: rule.name, objections: [{ code: "not-on-call", detail }] }]);
}
