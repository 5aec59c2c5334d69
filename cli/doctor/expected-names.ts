/**
 * Names that the stacks give, as `infra/synth/deployment-names.ts` has them. A test compares both. Pure.
 */
import { personalRoleArn } from "../../shared/domain/people/personal-role.ts";
import { personalTrust } from "../../shared/domain/people/personal-trust.ts";
import type { TrustPolicy } from "../../shared/domain/people/trust-policy.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { clusterOf, readerRoleName } from "../../shared/domain/values/arn.ts";
import { DEFAULT_DEPLOYMENT, deploymentOf } from "../../shared/domain/values/deployment.ts";

export const stackName = (deployment: string): string =>
  deployment === DEFAULT_DEPLOYMENT ? "Timelatch" : `Timelatch-${deployment}`;

/** The stack of the broker's own fuses. */
export const fusesStackName = (deployment: string): string =>
  deployment === DEFAULT_DEPLOYMENT ? "TimelatchFuses" : `TimelatchFuses-${deployment}`;

export const queueNames = (deployment: string): readonly string[] =>
  ["converge", "notify"].map((part) => `${deployment}-${part}.fifo`);

const ALWAYS = ["api", "converge", "sweep", "notify", "correlate", "archive", "schedule", "fuse"];

/** Roles in the broker's account, without grantor roles and those of people. */
export function brokerRoleNames(policy: AccessPolicy, account: string): readonly string[] {
  const own = clustersOf(policy, account);
  const parts = [
    ...ALWAYS,
    ...(policy.slack ? ["slack"] : []),
    ...(Object.keys({ ...policy.schedules, ...policy.tickets }).length > 0 ? ["outside"] : []),
    ...(own.length > 0 ? ["standing"] : []),
    ...(own.some(({ activity }) => activity) ? ["activity"] : []),
  ];
  return parts.map((part) => `${deploymentOf(policy)}-${part}`);
}

/** Clusters of an account that are not retired, each with its name in the policy. */
export const clustersOf = ({ clusters }: AccessPolicy, account: string) =>
  Object.entries(clusters).flatMap(([name, cluster]) =>
    clusterOf(cluster.arn).account === account && !cluster.retired ? [{ name, ...cluster }] : [],
  );

/** Other accounts than the broker's in which there are clusters. */
export const otherAccounts = ({ clusters }: AccessPolicy, account: string): readonly string[] =>
  [...new Set(Object.values(clusters).map(({ arn }) => clusterOf(arn).account))]
    .filter((one) => one !== account)
    .sort();

/** A role of another account, and whom it trusts: a function's role of the hub, or a service of AWS. */
export interface SpokeRole {
  readonly name: string;
  readonly trusts: string;
}

/** Those for fuses, events and reads, of an account with clusters beside the broker's. */
export function spokeRoles(policy: AccessPolicy, account: string): readonly SpokeRole[] {
  const deployment = deploymentOf(policy);
  const live = clustersOf(policy, account);
  const readers = [
    "correlate" as const,
    ...(live.length > 0 ? ["standing" as const] : []),
    ...(live.some(({ activity }) => activity) ? ["activity" as const] : []),
  ];
  return [
    { name: `${deployment}-fuse`, trusts: "scheduler.amazonaws.com" },
    { name: `${deployment}-forward`, trusts: "events.amazonaws.com" },
    ...readers.map((kind) => ({
      name: readerRoleName(deployment, kind),
      trusts: `${deployment}-${kind}`,
    })),
  ];
}

interface Place {
  readonly account: string;
  readonly region: string;
}

/** Accounts and regions with clusters, retired ones too, without the broker. In the order of the file. */
export function remotePlaces({ clusters }: AccessPolicy, hub: Place): readonly Place[] {
  const places = new Map(
    Object.values(clusters).map(({ arn }) => {
      const { account, region } = clusterOf(arn);
      return [`${account}/${region}`, { account, region }] as const;
    }),
  );
  places.delete(`${hub.account}/${hub.region}`);
  return [...places.values()];
}

/** The same, and where the broker is, first: everywhere with fuses. */
export const fusePlaces = (policy: AccessPolicy, hub: Place): readonly Place[] => [
  hub,
  ...remotePlaces(policy, hub),
];

/** The beginning of the name of the stack with the fuses of such a place. */
export const fuseStackName = (deployment: string, place: Place, hub: Place): string =>
  place.account === hub.account && place.region === hub.region
    ? fusesStackName(deployment)
    : spokeStackName(deployment, place, hub.account);

/**
 * The beginning of the name of such a place's stack. In another account, one region has the
 * account's own stack, whose name lacks the region.
 */
export function spokeStackName(
  deployment: string,
  { account, region }: Place,
  hub: string,
): string {
  const parts = deployment === DEFAULT_DEPLOYMENT ? [account] : [deployment, account];
  return ["TimelatchAccount", ...parts, ...(account === hub ? [region] : [])].join("-");
}

/** The stack set that may forward the events of all accounts and regions. */
export const forwardSetName = (deployment: string): string =>
  deployment === DEFAULT_DEPLOYMENT ? "TimelatchForward" : `TimelatchForward-${deployment}`;

/** The stack that forwards the events of such a place. */
export const forwardStackName = (deployment: string, { account, region }: Place): string =>
  `${forwardSetName(deployment)}-${account}-${region}`;

/** The beginning of the name of a stack that a stack set made. A UUID follows. */
export const stackSetPrefix = (set: string): string => `StackSet-${set}-`;

/** Whether a stack set of that name made the stack. */
export const isStackOfSet = (stack: string, set: string): boolean =>
  stack.startsWith(stackSetPrefix(set)) &&
  /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(stack.slice(stackSetPrefix(set).length));

export interface ExpectedRole {
  readonly person: string;
  readonly name: string;
  readonly trust: TrustPolicy;
}

/** The personal roles of an account. */
export function personalRolesIn(policy: AccessPolicy, account: string): readonly ExpectedRole[] {
  const { identity, people } = policy;
  if (!identity) return [];
  const [some] = Object.values(policy.clusters);
  const place = { partition: some ? clusterOf(some.arn).partition : "aws", account };
  return Object.entries(people).flatMap(
    ([person, { personalRole: name, identities, principals }]) => {
      if (name === undefined) return [];
      const isThere =
        account === identity.account ||
        principals.includes(personalRoleArn(place, name, deploymentOf(policy)));
      const trust = isThere && personalTrust({ place, identity, identities });
      return trust ? [{ person, name, trust }] : [];
    },
  );
}
