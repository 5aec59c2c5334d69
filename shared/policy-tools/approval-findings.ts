/** Rules whose requests nobody, or not enough people, can approve. */
import { isQuorum } from "../domain/policy/approval.ts";
import { approversOf, peopleOf } from "../domain/policy/approvers.ts";
import type { AccessPolicy, Member, Rule } from "../domain/policy/policy.ts";
import { approverGroups } from "../domain/requests/requirement.ts";
import type { Surface } from "../domain/requests/surface.ts";
import { fewNames } from "./few-names.ts";
import type { PolicyFinding } from "./finding.ts";
import { usesOf } from "./usable-rules.ts";

/** A rule without approvers at all is an error; one that fails some of its people, a warning. */
export const approvalFindings = (policy: AccessPolicy): readonly PolicyFinding[] =>
  policy.rules.flatMap((rule, at): readonly PolicyFinding[] => {
    const path = ["rules", at, "approval"];
    const asks = usesOf(policy, rule).flatMap(({ member, principals }) =>
      principals.map((arn) => ({ member, arn })),
    );
    const stuck = asks.filter(({ member, arn }) => !canBeApproved(policy, rule, member, arn));
    if (stuck.length === 0) return [];
    const needs = needsText(policy, rule);
    if (stuck.length === asks.length)
      return [
        {
          code: "nobody-can-approve",
          path,
          detail: `${needs} So no request under it can be approved: each would lapse.`,
        },
      ];
    const people = [...new Set(stuck.map(({ member }) => member.name))];
    return [
      {
        code: "some-cannot-be-approved",
        path,
        detail: `${needs} So a request of ${fewNames(people)} under it would lapse.`,
      },
    ];
  });

/** Whether enough people could approve a request of a person for one of their principals. */
export function canBeApproved(
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
  arn: string,
): boolean {
  const approvers = peopleOf(policy, approversOf(policy, rule, member, [arn]));
  return isQuorum(
    rule.approval,
    approvers.filter((each) => canDecide(policy, rule, each)),
  );
}

/** Whether a person can be known on a surface on which the rule lets approvers decide. */
export const canDecide = (policy: AccessPolicy, rule: Rule, { identities }: Member): boolean =>
  rule.decideIn.some((surface) => IS_KNOWN[surface](policy, identities));

const IS_KNOWN: Readonly<
  Record<Surface, (policy: AccessPolicy, identities: Member["identities"]) => boolean>
> = {
  api: (_policy, { iam }) => iam.length > 0,
  slack: ({ slack }, identities) => slack !== undefined && identities.slack.length > 0,
};

function needsText(policy: AccessPolicy, rule: Rule): string {
  const needs = rule.approval.map(
    (need) => `${need.count} of ${approverGroups(need).join(" or ")}`,
  );
  const onlySlack = rule.decideIn.every((surface) => surface === "slack");
  const why =
    onlySlack && policy.slack === undefined
      ? "They may decide in Slack alone, which the file does not set up."
      : "Nobody approves their own request, and nobody counts twice.";
  return `${rule.name} needs the approval of ${needs.join(", and ")}. ${why}`;
}
