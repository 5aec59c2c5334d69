/** Adds the stacks of other accounts and regions with clusters to an app. */
import type { App, Stack } from "aws-cdk-lib";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { ClusterAccountStack } from "../stacks/cluster-account-stack.ts";
import { ClusterRegionStack } from "../stacks/cluster-region-stack.ts";
import { topicsAt } from "./alarm-topics.ts";
import { stackNameOf } from "./deployment-names.ts";
import { type BrokerPlace, hubBusOf, type Spoke, type Topology } from "./topology.ts";

/** The facts that the stacks share. */
interface Elsewhere {
  readonly app: App;
  readonly access: AccessPolicy;
  /** The hub's event bus, and its account. */
  readonly bus: NonNullable<ReturnType<typeof hubBusOf>>;
  /** ARNs of SNS topics of all places. */
  readonly topics: readonly string[];
  /** Accounts with the role for Kubernetes groups. */
  readonly groups: Topology["groups"];
}

/**
 * A grantor role that is there before the broker lends nothing, and one that is missing makes grants fail.
 *
 * @param topics ARNs of SNS topics of all places; each stack's alarm takes those of its own
 */
export function addClusterAccounts(
  app: App,
  access: AccessPolicy,
  topology: Topology,
  topics: readonly string[] = [],
): readonly Stack[] {
  const bus = hubBusOf(access, topology);
  if (bus === undefined) return [];
  const all = { app, access, bus, topics, groups: topology.groups };
  const own = topology.remoteRegions.map((region) =>
    regionStack(all, { account: bus.account, region }),
  );
  return [...topology.spokes.flatMap((spoke) => spokeStacks(all, spoke)), ...own];
}

/** The account's, and one for each further region. */
function spokeStacks(all: Elsewhere, remote: Spoke): readonly Stack[] {
  const { app, access, bus } = all;
  const {
    account,
    regions: [first, ...others],
  } = remote;
  if (first === undefined) return [];
  const name = stackNameOf(deploymentOf(access), "TimelatchAccount", account);
  const env = { account, region: first };
  const stack = new ClusterAccountStack(app, name, {
    description: `Timelatch: what lets the broker of account ${bus.account} lend access to this account's clusters`,
    access,
    account,
    hub: bus.account,
    bus: bus.arn,
    remote,
    env,
    withGroups: all.groups.includes(account),
    topics: topicsAt(all.topics, env),
  });
  const more = others.map((region) => regionStack(all, { account, region }));
  for (const each of more) each.addStackDependency(stack);
  return [stack, ...more];
}

const regionStack = ({ app, access, topics }: Elsewhere, env: BrokerPlace): Stack =>
  new ClusterRegionStack(
    app,
    stackNameOf(deploymentOf(access), "TimelatchAccount", env.account, env.region),
    {
      description: `Timelatch: what the broker needs in ${env.region} for this account's clusters there`,
      access,
      env,
      topics: topicsAt(topics, env),
    },
  );
