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
  /** The lendable access here, by principal ARN. */
  readonly lending: ReadonlyMap<string, Lendable>;
}

/** @param account twelve digits */
export const clustersOf = (access: AccessPolicy, account: string): readonly ListedCluster[] =>
  clustersIn(access, account).map((listed) => ({
    ...listed,
    lending: lendingOn(access, listed.name),
  }));

/** The same without what is lent there. @param account twelve digits */
export const clustersIn = (
  access: AccessPolicy,
  account: string,
): readonly Omit<ListedCluster, "lending">[] =>
  Object.entries(access.clusters)
    .map(([name, { arn, retired }]) => {
      const cluster = clusterOf(arn);
      const entries = `arn:${cluster.partition}:eks:${cluster.region}:${account}:access-entry/${cluster.name}/*`;
      return { name, cluster, arn, entries, retired };
    })
    .filter(({ cluster }) => cluster.account === account);

/** Every access entry of the account, in every region: a cluster may have left the file. */
export const everyEntry = (clusters: readonly Pick<ListedCluster, "cluster">[]) =>
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
  clusters: readonly Pick<ListedCluster, "cluster">[],
  arnOf: (cluster: ClusterArn) => string,
): readonly string[] => [...new Set(clusters.map(({ cluster }) => arnOf(cluster)))];
