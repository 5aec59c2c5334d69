import type { Actor } from "../../domain/policy/actor.ts";
import { approversOf } from "../../domain/policy/approvers.ts";
import { canLendTo } from "../../domain/policy/eligibility.ts";
import type { OwnRule } from "../../domain/policy/own-rule.ts";
import { rulesFor } from "../../domain/policy/policy-index.ts";
import { reviewersOf } from "../../domain/policy/review-rights.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

/**
 * The access that the actor may ask for, in the order of `access.yaml`. Leaves out rules for other
 * people, and rules, clusters and principals for which every request would be refused.
 */
export function listAccess({ policy }: FrontPorts, { member }: Actor): readonly OwnRule[] {
  return rulesFor(policy, member).flatMap((rule) => {
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
        reviewers: rule.review ? reviewersOf(policy, rule.review, member, principals) : [],
      },
    ];
  });
}
