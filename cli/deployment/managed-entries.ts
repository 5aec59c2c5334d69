/** Access entries that carry a deployment's tag. */
import type { EKSClient } from "@aws-sdk/client-eks";
import { TAG_MANAGED_BY } from "../../shared/domain/entries/ledger.ts";
import { clusterOf, partitionOf } from "../../shared/domain/values/arn.ts";
import type { AwsIdentity } from "../api/aws-identity.ts";
import type { IdentityOf } from "../aws/account-identities.ts";
import { bootstrapKeys } from "../aws/bootstrap-keys.ts";
import type { StackPlace } from "./assembly.ts";

export interface ListedCluster {
  /** In access.yaml. */
  readonly name: string;
  readonly arn: string;
}

export interface ManagedEntries {
  readonly cluster: ListedCluster;
  /** ARNs of the principals; undefined where the cluster could not be read. */
  readonly principals: readonly string[] | undefined;
  /** Why it could not. */
  readonly unread?: string;
}

/** Reads one cluster. It throws nothing: what cannot be read is said. */
export type ReadEntries = (cluster: ListedCluster) => Promise<ManagedEntries>;

/**
 * @param stacks of the deployment, whose accounts have CDK's bootstrap with a role that may read
 * @param tag the value that the deployment's entries have
 */
export const entriesReader =
  (
    identity: Pick<AwsIdentity, "credentials">,
    stacks: readonly StackPlace[],
    tag: string,
  ): ReadEntries =>
  async (cluster) => {
    const { account, region, name } = clusterOf(cluster.arn);
    const role = stacks.find((stack) => stack.account === account)?.lookupRole;
    try {
      const credentials = await bootstrapKeys(identity, { account, region, role });
      const { EKSClient } = await import("@aws-sdk/client-eks");
      const eks = new EKSClient({ region, credentials: { ...credentials } });
      try {
        return { cluster, principals: await taggedOf(eks, name, tag) };
      } finally {
        eks.destroy();
      }
    } catch (error) {
      if (isGone(error)) return { cluster, principals: [] };
      const unread = error instanceof Error ? error.message : String(error);
      return { cluster, principals: undefined, unread };
    }
  };

/** The same, with credentials of each account. */
export const entriesReaderOf =
  (identityOf: IdentityOf, stacks: readonly StackPlace[], tag: string): ReadEntries =>
  (cluster) =>
    entriesReader(identityOf(clusterOf(cluster.arn).account), stacks, tag)(cluster);

/** Every cluster of an account and region. @throws Failure `refused`; what EKS answers */
export type ClustersIn = (place: StackPlace) => Promise<readonly ListedCluster[]>;

export const clustersIn =
  (identity: Pick<AwsIdentity, "credentials">): ClustersIn =>
  async ({ account, region, lookupRole: role }) => {
    const credentials = await bootstrapKeys(identity, { account, region, role });
    const { EKSClient, paginateListClusters } = await import("@aws-sdk/client-eks");
    const client = new EKSClient({ region, credentials: { ...credentials } });
    try {
      const found: ListedCluster[] = [];
      for await (const { clusters = [] } of paginateListClusters({ client }, {}))
        for (const name of clusters)
          found.push({
            name,
            arn: `arn:${partitionOf(region)}:eks:${region}:${account}:cluster/${name}`,
          });
      return found;
    } finally {
      client.destroy();
    }
  };

/** A cluster that is gone has no entries. An entry that is gone was not one that stays. */
const isGone = (error: unknown): boolean =>
  error instanceof Error && error.name === "ResourceNotFoundException";

async function taggedOf(eks: EKSClient, clusterName: string, tag: string) {
  const { DescribeAccessEntryCommand, DescribeClusterCommand, paginateListAccessEntries } =
    await import("@aws-sdk/client-eks");
  const { cluster } = await eks.send(new DescribeClusterCommand({ name: clusterName }));
  // Such a cluster has no entries, and EKS refuses to list them.
  if (cluster?.accessConfig?.authenticationMode === "CONFIG_MAP") return [];
  const found: string[] = [];
  for await (const { accessEntries = [] } of paginateListAccessEntries(
    { client: eks },
    { clusterName },
  ))
    for (const principalArn of accessEntries) {
      const input = { clusterName, principalArn };
      const { accessEntry } = await eks
        .send(new DescribeAccessEntryCommand(input))
        .catch((error: unknown) => {
          if (isGone(error)) return { accessEntry: undefined };
          throw error;
        });
      if (accessEntry?.tags?.[TAG_MANAGED_BY] === tag) found.push(principalArn);
    }
  return found;
}
