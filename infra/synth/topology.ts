/** In which accounts a deployment is: that of its broker, and those of its clusters. Pure. */
import { Aws } from "aws-cdk-lib";
import type { RemotePlace } from "../../shared/domain/grantors/fuse-statements.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import {
  type ClusterArn,
  clusterOf,
  grantorRoleArn,
  partitionOf,
} from "../../shared/domain/values/arn.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import {
  type AssemblyRecord,
  groupAccounts,
  NO_ASSEMBLY,
} from "../../shared/policy-file/assembly-record.ts";
import { trailBusNameOf } from "./deployment-names.ts";

/** Another account than the broker's, with clusters: one region or more. The stack of the first has the account's roles. */
export type Spoke = RemotePlace;

/** The account and region of the broker. */
export interface BrokerPlace {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

export interface Topology {
  /** The broker's account, twelve digits. Undefined only where the file has no clusters. */
  readonly hub: string | undefined;
  /** The same where it has clusters, so that the broker's stack makes grantor roles. */
  readonly own: string | undefined;
  /** The broker's region. Undefined where all is in one account and region, which may be any. */
  readonly region: string | undefined;
  readonly partition: string;
  /** Other regions of the broker's account with clusters. */
  readonly remoteRegions: readonly string[];
  /** In the order of the accounts, each with the region of its own stack first. */
  readonly spokes: readonly Spoke[];
  /** Accounts with a role that sets Kubernetes groups, and takes them away. */
  readonly groups: readonly string[];
}

/**
 * Retired clusters count: their grants must still end. A stack that fits any account is taken to be
 * for the one in `identity.account`, or else for the only one with clusters.
 *
 * @param env where the broker's stack is for, or undefined for a stack that fits any place
 * @param recorded the last assembly. An account's own stack stays in its region, since its roles exist once: another
 *   region could not make them
 * @throws Error where the broker's place is not known, or is probably a mistake
 */
export function topologyOf(
  access: AccessPolicy,
  env: BrokerPlace | undefined,
  recorded: Pick<AssemblyRecord, "accounts" | "groups"> = NO_ASSEMBLY,
): Topology {
  const clusters = Object.values(access.clusters).map(({ arn }) => clusterOf(arn));
  const accounts = [...new Set(clusters.map((cluster) => cluster.account))].sort();
  const account = env?.account;
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
  const regionsOf = (one: string) => [
    ...new Set(clusters.filter((each) => each.account === one).map(({ region }) => region)),
  ];
  const spokes = accounts
    .filter((one) => one !== hub)
    .flatMap((one) => clusters.find((cluster) => cluster.account === one) ?? [])
    .map(({ partition, account: one }) => {
      const home = recorded.accounts[one]?.slice(0, 1) ?? [];
      return { partition, account: one, regions: [...new Set([...home, ...regionsOf(one)])] };
    });
  const ownRegions = own === undefined ? [] : regionsOf(own);
  if (env === undefined && (spokes.length > 0 || ownRegions.length > 1))
    throw new Error(regionUnknown(clusters));
  const remoteRegions = env ? ownRegions.filter((one) => one !== env.region) : [];
  const partition = clusters[0]?.partition ?? partitionOf(env?.region ?? "");
  if (env && partitionOf(env.region) !== partition)
    throw new Error(
      `The stack is for ${env.region}, in the partition ${partitionOf(env.region)}, and the clusters are in ${partition}. Nothing was synthesized. Check CDK_DEFAULT_REGION, or region in timelatch.config.yaml.`,
    );
  const groups = groupAccounts(access, recorded);
  return { hub, own, region: env?.region, partition, remoteRegions, spokes, groups };
}

/** Accounts and regions that get a stack beside the broker's. */
export const placesOf = ({ hub, remoteRegions, spokes }: Topology): AssemblyRecord["accounts"] =>
  Object.fromEntries([
    ...(hub !== undefined && remoteRegions.length > 0 ? [[hub, remoteRegions] as const] : []),
    ...spokes.map(({ account, regions }) => [account, regions] as const),
  ]);

/** Stacks elsewhere name the broker's event bus, and so its region. */
const regionUnknown = (clusters: readonly ClusterArn[]): string =>
  `The clusters are in ${[...new Set(clusters.map(({ account, region }) => `${account}/${region}`))].join(" and ")}, and the broker's own region is not known. Nothing was synthesized. Set CDK_DEFAULT_ACCOUNT and CDK_DEFAULT_REGION.`;

/**
 * The place where an account has clusters without the broker's own Scheduler. Undefined where it
 * has no such clusters.
 */
export function remotePlaceIn(
  { own, partition, remoteRegions, spokes }: Topology,
  account: string,
): RemotePlace | undefined {
  if (account !== own) return spokes.find((spoke) => spoke.account === account);
  return remoteRegions.length > 0 ? { partition, account, regions: remoteRegions } : undefined;
}

/**
 * The hub's event bus for CloudTrail's events from elsewhere, as stacks of other accounts and regions name it. Undefined
 * where all clusters are in the broker's own account and region.
 */
export function hubBusOf(
  access: AccessPolicy,
  { hub, region, spokes, remoteRegions }: Topology,
): { readonly account: string; readonly arn: string } | undefined {
  if (hub === undefined || region === undefined) return undefined;
  if (spokes.length === 0 && remoteRegions.length === 0) return undefined;
  const name = trailBusNameOf(deploymentOf(access));
  return { account: hub, arn: `arn:${Aws.PARTITION}:events:${region}:${hub}:event-bus/${name}` };
}

/** ARNs of the roles in every account with clusters, retired ones too. */
export const grantorRoleArns = (
  access: AccessPolicy,
  { groups: withGroups }: Pick<Topology, "groups">,
): readonly string[] => [
  ...new Set(
    Object.values(access.clusters).flatMap(({ arn }) => {
      const cluster = clusterOf(arn);
      const deployment = deploymentOf(access);
      const policies = grantorRoleArn(cluster, "policies", deployment);
      return withGroups.includes(cluster.account)
        ? [policies, grantorRoleArn(cluster, "groups", deployment)]
        : [policies];
    }),
  ),
];
