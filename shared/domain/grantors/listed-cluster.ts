/** The clusters of one account that `access.yaml` lists, and the ARNs that statements name. Pure. */
import type { AccessPolicy } from "../policy/policy.ts";
import { type ClusterArn, clusterOf } from "../values/arn.ts";
import { type Lendable, lendingOn } from "./lending.ts";

export interface ListedCluster {
  /** The name in `access.yaml`. */
  readonly name: string;
  readonly cluster: ClusterArn;
  readonly arn: string;
  /** `arn:…:access-entry/<cluster>/*`: the rest of an entry's ARN is unknown before it exists. */
  readonly entries: string;
  readonly retired: boolean;
  /** What the rules lend here, by principal ARN. */
  readonly lending: ReadonlyMap<string, Lendable>;
}

/** @param account twelve digits */
export function clustersOf(access: AccessPolicy, account: string): readonly ListedCluster[] {
  return Object.entries(access.clusters)
    .map(([name, { arn, retired }]) => {
      const cluster = clusterOf(arn);
      return {
        name,
        cluster,
        arn,
        entries: `arn:${cluster.partition}:eks:${cluster.region}:${account}:access-entry/${cluster.name}/*`,
        retired,
        lending: lendingOn(access, name),
      };
    })
    .filter(({ cluster }) => cluster.account === account);
}

/** Every access entry of the account, in every region: a cluster may have left the file. */
export const everyEntry = (clusters: readonly ListedCluster[]) =>
  everywhere(
    clusters,
    ({ partition, account }) => `arn:${partition}:eks:*:${account}:access-entry/*`,
  );

/** Every cluster of the account, in every region. */
export const everyCluster = (clusters: readonly ListedCluster[]) =>
  everywhere(clusters, ({ partition, account }) => `arn:${partition}:eks:*:${account}:cluster/*`);

/** Every IAM role of the account. */
export const everyRole = (clusters: readonly ListedCluster[]) =>
  everywhere(clusters, ({ partition, account }) => `arn:${partition}:iam::${account}:role/*`);

const everywhere = (
  clusters: readonly ListedCluster[],
  arnOf: (cluster: ClusterArn) => string,
): readonly string[] => [...new Set(clusters.map(({ cluster }) => arnOf(cluster)))];
