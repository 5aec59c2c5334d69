/** Reminders and escalations that would reach nobody. */
import type { AccessPolicy, Rule } from "../domain/policy/policy.ts";
import type { Requirement } from "../domain/requests/request.ts";
import { formatDuration } from "../domain/values/duration.ts";
import { fewNames } from "./few-names.ts";
import type { PolicyFinding } from "./finding.ts";
import { groupMembers, holdsPrincipal } from "./group-members.ts";
import { usesOf } from "./rule-uses.ts";

export const promptFindings = (policy: AccessPolicy): readonly PolicyFinding[] =>
  policy.rules.flatMap((rule, at) => [
    ...escalationFindings(policy, rule, at),
    ...reminderFindings(rule, at),
  ]);

function escalationFindings(
  policy: AccessPolicy,
  rule: Rule,
  at: number,
): readonly PolicyFinding[] {
  return rule.approval.flatMap((need, n): readonly PolicyFinding[] => {
    const { escalate } = need;
    if (!escalate) return [];
    const path = ["rules", at, "approval", n, "escalate"];
    const people = namesLeftAlone(policy, rule, need);
    return [
      ...(escalate.afterSeconds < rule.lapseSeconds
        ? []
        : [
            {
              code: "escalation-too-late",
              path: [...path, "after"],
              detail: `A request lapses after ${formatDuration(rule.lapseSeconds)}, so ${rule.name} never asks ${escalate.groups.join(" or ")}.`,
            } as const,
          ]),
      ...(people.length === 0
        ? []
        : [
            {
              code: "escalation-asks-nobody",
              path: [...path, "groups"],
              detail: `Where ${fewNames(people)} asks, everyone of ${escalate.groups.join(" or ")} who can approve is asked at once. So the escalation of ${rule.name} asks nobody more. Nobody approves their own request.`,
            } as const,
          ]),
    ];
  });
}

/** Those for whose requests a second circle has nobody who is not asked before. */
function namesLeftAlone(
  policy: AccessPolicy,
  rule: Rule,
  { groups, onCall, escalate }: Requirement,
): readonly string[] {
  // Other people are on call at other times, so anybody may be asked later.
  if (onCall !== undefined) return [];
  const before = new Set(groupMembers(policy, groups));
  const later = groupMembers(policy, escalate?.groups ?? []).filter((name) => !before.has(name));
  const alone = usesOf(policy, rule).filter(({ member, principals }) =>
    principals.every((arn) =>
      later.every(
        (name) =>
          name === member.name ||
          (!rule.approverMayHoldPrincipal && holdsPrincipal(policy, name, arn)),
      ),
    ),
  );
  return [...new Set(alone.map(({ member }) => member.name))];
}

function reminderFindings(
  { name, approval, remind, lapseSeconds }: Rule,
  at: number,
): readonly PolicyFinding[] {
  if (!remind) return [];
  if (approval.length === 0)
    return [
      {
        code: "reminds-nobody",
        path: ["rules", at, "remind"],
        detail: `${name} needs no approval, so nobody is ever reminded.`,
      },
    ];
  if (remind.afterSeconds < lapseSeconds) return [];
  return [
    {
      code: "reminds-nobody",
      path: ["rules", at, "remind", "after"],
      detail: `A request lapses after ${formatDuration(lapseSeconds)}, so ${name} never reminds anybody.`,
    },
  ];
}
