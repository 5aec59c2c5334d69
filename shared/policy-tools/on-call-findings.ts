/** Rules for whoever is on call that say too little, or that lend to nobody. */
import { idAt } from "../domain/facts/on-call-schedule.ts";
import { type AccessPolicy, isMachine, type Rule } from "../domain/policy/policy.ts";
import { fewNames } from "./few-names.ts";
import type { PolicyFinding } from "./finding.ts";
import { askersOf } from "./rule-uses.ts";

export const onCallFindings = (policy: AccessPolicy): readonly PolicyFinding[] =>
  policy.rules.flatMap((rule, at) => [...unlimited(rule, at), ...withoutIds(policy, rule, at)]);

/** A shift then stands in an approver's place, and whoever writes an override puts themself on call. */
function unlimited(rule: Rule, at: number): readonly PolicyFinding[] {
  const { name, who, approval, breakGlass, atMost } = rule;
  if (who.onCall === undefined || approval.length > 0 || breakGlass || atMost !== null) return [];
  return [
    {
      code: "on-call-without-limit",
      path: ["rules", at, "who", "onCall"],
      detail: `${name} lends without an approver, as often as somebody of it is on call in ${who.onCall}. Whoever may write an override there puts themself on call. Write atMost, or name approvers.`,
    },
  ];
}

/** People without an id: it is never known whether they are on call. */
function withoutIds(policy: AccessPolicy, rule: Rule, at: number): readonly PolicyFinding[] {
  const { onCall } = rule.who;
  const schedule = onCall === undefined ? undefined : policy.schedules?.[onCall];
  if (!schedule) return [];
  const missing = askersOf(policy, rule)
    .filter((member) => !isMachine(member) && idAt(schedule, member.outside) === undefined)
    .map(({ name }) => name);
  if (missing.length === 0) return [];
  return [
    {
      code: "on-call-without-id",
      path: ["rules", at, "who", "onCall"],
      detail: `The file has no id at ${schedule.service} of ${fewNames(missing)}. So ${rule.name} lends them nothing. Write it in outside.`,
    },
  ];
}
