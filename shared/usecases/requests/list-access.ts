import type { Actor } from "../../domain/policy/actor.ts";
import { forAsker } from "../../domain/policy/agent-approval.ts";
import { approversOf } from "../../domain/policy/approvers.ts";
import { canLendTo } from "../../domain/policy/eligibility.ts";
import type { OwnRule } from "../../domain/policy/own-rule.ts";
import {
  type AccessPolicy,
  isMachine,
  type Member,
  type Rule,
} from "../../domain/policy/policy.ts";
import { rulesFor } from "../../domain/policy/policy-index.ts";
import { reviewersOf } from "../../domain/policy/review-rights.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

/**
 * The access that the actor may ask for, in the order of `access.yaml`. Leaves out rules for other
 * people, and rules, clusters and principals for which every request would be refused.
 */
export function listAccess({ policy }: FrontPorts, { member }: Actor): readonly OwnRule[] {
  return rulesFor(policy, member).flatMap((named) => {
    const rule = forAsker(named, member);
    if (rule.breakGlass && isMachine(member)) return [];
    const lendable = rule.clusters.map((cluster) => ({
      cluster,
      principals: member.principals.filter((arn) => canLendTo(policy, rule, member, cluster, arn)),
    }));
    const offered = lendable.filter(({ principals }) => principals.length > 0);
    if (offered.length === 0) return [];
    const principals = [...new Set(offered.flatMap((each) => each.principals))];
    return [
      {
        rule,
        clusters: offered.map(({ cluster }) => cluster),
        principals,
        requirements: approversOf(policy, rule, member, principals),
        ...agentsOf(policy, rule, member, principals),
        reviewers: rule.review ? reviewersOf(policy, rule.review, member, principals) : [],
      },
    ];
  });
}

/** Machines are judged as agents in any case. */
const agentsOf = (
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
  principals: readonly string[],
): Pick<OwnRule, "agents"> =>
  rule.agents === undefined || isMachine(member)
    ? {}
    : { agents: approversOf(policy, { ...rule, approval: rule.agents }, member, principals) };
