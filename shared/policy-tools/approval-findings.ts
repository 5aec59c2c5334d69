/** Rules whose requests nobody, or not enough people, can approve. */
import type { AccessPolicy, Rule } from "../domain/policy/policy.ts";
import { approverGroups } from "../domain/requests/requirement.ts";
import { fewNames } from "./few-names.ts";
import type { PolicyFinding } from "./finding.ts";
import { canBeApproved, ruleFor } from "./rule-approval.ts";
import { type Use, usesOf } from "./rule-uses.ts";

/** A rule without approvers at all is an error; one that fails some of its people, a warning. */
export const approvalFindings = (policy: AccessPolicy): readonly PolicyFinding[] =>
  policy.rules.flatMap((rule, at): readonly PolicyFinding[] => {
    const isForAgents = rule.approval.length === 0 && rule.agents !== undefined;
    const path = ["rules", at, ...(isForAgents ? ["agents", "approve"] : ["approval"])];
    const uses = usesOf(policy, rule).filter(
      ({ member }) => ruleFor(policy, rule, member).approval.length > 0,
    );
    const isStuck =
      ({ member }: Use) =>
      (arn: string) =>
        !canBeApproved(policy, rule, member, arn);
    const stuck = uses.filter((use) => use.principals.some(isStuck(use)));
    if (stuck.length === 0) return [];
    const needs = needsText(policy, rule, isForAgents);
    if (uses.every((use) => use.principals.every(isStuck(use))))
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

function needsText(policy: AccessPolicy, rule: Rule, isForAgents: boolean): string {
  const needs = (isForAgents ? (rule.agents ?? []) : rule.approval).map(
    (need) => `${need.count} of ${approverGroups(need).join(" or ")}`,
  );
  const onlySlack = rule.decideIn.every((surface) => surface === "slack");
  const why =
    onlySlack && policy.slack === undefined
      ? "They may decide in Slack alone, which the file does not set up."
      : isForAgents
        ? "No machine approves, and no owner approves for a machine."
        : "Nobody approves their own request, and nobody counts twice.";
  return `${rule.name} needs${isForAgents ? ", for a machine," : ""} the approval of ${needs.join(", and ")}. ${why}`;
}
