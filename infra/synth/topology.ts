/** In which accounts a deployment is: that of its broker, and those of its clusters. Pure. */
import { lendsGroups } from "../../shared/domain/grantors/groups-grantor.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { type ClusterArn, clusterOf, grantorRoleArn } from "../../shared/domain/values/arn.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";

/** Another account than the broker's, with clusters. */
type Spoke = Pick<ClusterArn, "partition" | "account" | "region">;

export interface Topology {
  /** The broker's account, twelve digits. Undefined only where the file has no clusters. */
  readonly hub: string | undefined;
  /** The same where it has clusters, so that the broker's stack makes grantor roles. */
  readonly own: string | undefined;
  /** In the order of the accounts, each with the region of its first cluster. */
  readonly spokes: readonly Spoke[];
}

/**
 * Retired clusters count: their grants must still end. A stack that fits any account is taken to be for
 * the one that `identity.account` names, or else for the only one with clusters.
 *
 * @param account the broker's stack's, twelve digits, or undefined for a stack that fits any
 * @throws Error where the broker's account is not known, or is probably a mistake
 */
export function topologyOf(access: AccessPolicy, account: string | undefined): Topology {
  const clusters = Object.values(access.clusters).map(({ arn }) => clusterOf(arn));
  const accounts = [...new Set(clusters.map((cluster) => cluster.account))].sort();
  const named = access.identity?.account;
  const hub = account ?? named ?? accounts[0];
  if (account === undefined && named === undefined && accounts.length > 1)
    throw new Error(
      `The clusters are in ${accounts.join(" and ")}, and the broker's own account is not known. Nothing was synthesized. Write identity.account in access.yaml.`,
    );
  const own = accounts.find((one) => one === hub);
  if (own === undefined && accounts.length > 0 && named !== hub)
    throw new Error(
      `The stack is for account ${hub}, which has no cluster of the policy: they are in ${accounts.join(" and ")}. Nothing was synthesized. Check CDK_DEFAULT_ACCOUNT. If it is right, write identity.account: "${hub}" in access.yaml.`,
    );
  const spokes = accounts
    .filter((one) => one !== hub)
    .flatMap((one) => clusters.find((cluster) => cluster.account === one) ?? [])
    .map(({ partition, account: of, region }) => ({ partition, account: of, region }));
  return { hub, own, spokes };
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
