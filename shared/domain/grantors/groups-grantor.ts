import type { AccessPolicy } from "../policy/policy.ts";
import { clusterOf } from "../values/arn.ts";
import { grantorDenies } from "./grantor-denies.ts";
import { type GrantorStatement, policyOf } from "./grantor-statement.ts";
import { clustersIn, everyEntry } from "./listed-cluster.ts";

/**
 * Rights of the grantor role for Kubernetes groups in one account: set them, and nothing else.
 * Pure. It depends on no rule: what was lent under a rule that is gone must still be taken away.
 *
 * @param account twelve digits
 * @param brokerRoles ARNs of the broker's own roles, to which nothing is ever lent
 */
export function groupsGrantorStatements(
  access: AccessPolicy,
  account: string,
  brokerRoles: readonly string[],
): readonly GrantorStatement[] {
  return policyOf([
    // UpdateAccessEntry has no condition key for the groups that it sets. It also takes groups away,
    // so neither the principals nor the clusters of the file may bound it.
    {
      Sid: "SetKubernetesGroups",
      Effect: "Allow",
      Action: ["eks:UpdateAccessEntry"],
      Resource: everyEntry(clustersIn(access, account)),
    },
    ...grantorDenies(brokerRoles),
  ]);
}

/** Whether a rule lends Kubernetes groups on a cluster of the account. */
export const lendsGroups = (access: AccessPolicy, account: string) =>
  access.rules.some(
    (rule) =>
      "groups" in rule.access &&
      rule.clusters.some((name) => {
        const cluster = access.clusters[name];
        return cluster !== undefined && clusterOf(cluster.arn).account === account;
      }),
  );
