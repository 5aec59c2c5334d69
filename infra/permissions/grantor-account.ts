import { lendsGroups } from "../../shared/domain/grantors/groups-grantor.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { clusterOf, grantorRoleArn } from "../../shared/domain/values/arn.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";

/**
 * The account whose grantor roles the broker's stack makes. A stack for any account is taken to be for
 * the one that has the clusters. Retired clusters count: their grants must still end.
 *
 * @param account the stack's, twelve digits, or undefined for a stack that fits any
 * @param grantorsElsewhere other accounts with clusters, in which somebody makes the roles by hand
 * @returns undefined where all clusters are in accounts that have their roles by hand
 * @throws Error where a cluster would have no grantor role
 */
export function grantorAccount(
  access: AccessPolicy,
  account: string | undefined,
  grantorsElsewhere: readonly string[],
): string | undefined {
  const clusters = [
    ...new Set(Object.values(access.clusters).map(({ arn }) => clusterOf(arn).account)),
  ].sort();
  const needed = clusters.filter((one) => !grantorsElsewhere.includes(one));
  if (account === undefined && needed.length > 1)
    throw new Error(
      `The clusters are in ${needed.join(" and ")}, and the broker's own account is not known. Nothing was synthesized. Set CDK_DEFAULT_ACCOUNT and CDK_DEFAULT_REGION, which 'cdk' does from your AWS profile.`,
    );
  const own = account ?? needed[0];
  const unreached = needed.filter((one) => one !== own);
  if (unreached.length > 0)
    throw new Error(
      `The stack is for account ${own}, and clusters of the policy are in ${unreached.join(" and ")}, where it makes no grantor roles. Nothing was synthesized. Check CDK_DEFAULT_ACCOUNT. If you make the roles there by hand, set TIMELATCH_GRANTORS_ELSEWHERE=${unreached.join(",")}.`,
    );
  return clusters.find((one) => one === own);
}

/** ARNs of the roles in every account with clusters. The role for groups only where a rule lends groups there. */
export const grantorRoleArns = (access: AccessPolicy): readonly string[] => [
  ...new Set(
    Object.values(access.clusters).flatMap(({ arn }) => {
      const cluster = clusterOf(arn);
      const deployment = deploymentOf(access);
      const policies = grantorRoleArn(cluster, "policies", deployment);
      return lendsGroups(access, cluster.account)
        ? [policies, grantorRoleArn(cluster, "groups", deployment)]
        : [policies];
    }),
  ),
];
