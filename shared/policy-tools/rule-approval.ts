/**
 * Whether enough people could approve the requests of a rule. A rule may be for thousands, of whom
 * nearly all leave its approvers as they are. So it is asked once for all of them, and again only for
 * somebody without whom it might not be so.
 */

import { forAsker } from "../domain/policy/agent-approval.ts";
import { isQuorum, quorumOf } from "../domain/policy/approval.ts";
import { keptByKey, keptByPolicy } from "../domain/policy/kept.ts";
import { ownsWhoAsks } from "../domain/policy/machines.ts";
import {
  type AccessPolicy,
  isMachine,
  type Member,
  memberOf,
  type Rule,
} from "../domain/policy/policy.ts";
import { approverGroups } from "../domain/requests/requirement.ts";
import type { Surface } from "../domain/requests/surface.ts";
import { groupMembers, holdsPrincipal } from "./group-members.ts";

/** Whether enough people could approve a request of a person for one of their principals. */
export const canBeApproved = (
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
  arn: string,
): boolean => approvalsOf(policy)(ruleFor(policy, rule, member)).isEnough(member, arn);

/** The rule as it decides on what a person of the file asks for as they are. One object for all machines. */
export const ruleFor = (policy: AccessPolicy, rule: Rule, member: Member): Rule =>
  isMachine(member) ? forMachines(policy)(rule) : rule;

const forMachines = keptByPolicy(() =>
  keptByKey(
    (rule: Rule) => rule,
    (rule: Rule) => forAsker(rule, { machine: { owners: [], ownersApprove: false } }),
  ),
);

/** Whether a person can be known on a surface on which the rule lets approvers decide. */
export const canDecide = (policy: AccessPolicy, rule: Rule, member: Member): boolean =>
  rule.decideIn.some((surface) => IS_KNOWN[surface](policy, member));

const IS_KNOWN: Readonly<Record<Surface, (policy: AccessPolicy, member: Member) => boolean>> = {
  api: (_policy, { identities, personalRole }) =>
    identities.iam.length > 0 || personalRole !== undefined,
  slack: ({ slack }, { identities }) => slack !== undefined && identities.slack.length > 0,
};

const approvalsOf = keptByPolicy((policy) =>
  keptByKey(
    (rule: Rule) => rule,
    (rule: Rule) => approvalOf(policy, rule),
  ),
);

function approvalOf(policy: AccessPolicy, rule: Rule) {
  const able = groupMembers(policy, rule.approval.flatMap(approverGroups))
    .flatMap((name) => memberOf(policy, name) ?? [])
    .filter((member) => canDecide(policy, rule, member));
  const enough = quorumOf(rule.approval, able);
  const holds = (name: string, arn: string) =>
    !rule.approverMayHoldPrincipal && holdsPrincipal(policy, name, arn);
  const others = keptByKey(
    (arn: string) => arn,
    (arn: string) => able.filter(({ name }) => !holds(name, arn)),
  );
  const enoughOthers = keptByKey(
    (arn: string) => arn,
    (arn: string) => quorumOf(rule.approval, others(arn)),
  );
  const isEnough = (member: Member, arn: string): boolean => {
    const { name: asker } = member;
    if (isMachine(member))
      return isQuorum(
        rule.approval,
        others(arn).filter((one) => !ownsWhoAsks(policy, one, asker)),
      );
    // A person who fills no place can be left out, and where all are too few, so are some.
    const quorum = enough?.some((name) => holds(name, arn)) ? enoughOthers(arn) : enough;
    if (quorum === undefined || !quorum.includes(asker)) return quorum !== undefined;
    return isQuorum(
      rule.approval,
      others(arn).filter(({ name }) => name !== asker),
    );
  };
  return { isEnough };
}
