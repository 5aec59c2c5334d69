import { type AccessPolicy, clusterNamed } from "../../domain/policy/policy.ts";
import type { AccessClusterAnswer, AccessRuleAnswer } from "../contract/access-answer.ts";

/** The clusters of a caller's rules, each once. */
export const accessClusters = (
  policy: AccessPolicy,
  rules: readonly Pick<AccessRuleAnswer, "clusters">[],
): readonly AccessClusterAnswer[] =>
  [...new Set(rules.flatMap(({ clusters }) => clusters))].flatMap((name) => {
    const cluster = clusterNamed(policy, name);
    return cluster ? [{ name, arn: cluster.arn }] : [];
  });
