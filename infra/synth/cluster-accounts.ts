/** Adds the stacks of other accounts and regions with clusters to an app. */
import type { App, Stack } from "aws-cdk-lib";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { ClusterAccountStack } from "../stacks/cluster-account-stack.ts";
import { ClusterRegionStack } from "../stacks/cluster-region-stack.ts";
import { stackNameOf } from "./deployment-names.ts";
import { hubBusOf, type Spoke, type Topology } from "./topology.ts";

/**
 * @param broker deployed after them: a grantor role that is there early lends nothing, and one that is missing makes
 *   grants fail. Undefined where it is in another app
 */
export function addClusterAccounts(
  app: App,
  broker: Stack | undefined,
  access: AccessPolicy,
  topology: Topology,
): readonly Stack[] {
  const bus = hubBusOf(access, topology);
  if (bus === undefined) return [];
  const own = topology.farRegions.map((region) =>
    regionStack(app, access, bus.arn, { account: bus.account, region }),
  );
  const stacks = [
    ...topology.spokes.flatMap((spoke) => spokeStacks(app, access, bus, spoke)),
    ...own,
  ];
  for (const stack of stacks) broker?.addStackDependency(stack);
  return stacks;
}

/** The account's, and one for each further region. */
function spokeStacks(
  app: App,
  access: AccessPolicy,
  { arn: bus, account: hub }: NonNullable<ReturnType<typeof hubBusOf>>,
  far: Spoke,
): readonly Stack[] {
  const {
    account,
    regions: [first, ...others],
  } = far;
  if (first === undefined) return [];
  const name = stackNameOf(deploymentOf(access), "TimelatchAccount", account);
  const stack = new ClusterAccountStack(app, name, {
    description: `Timelatch: what lets the broker of account ${hub} lend access to this account's clusters`,
    ...{ access, account, hub, bus, far, env: { account, region: first } },
  });
  const more = others.map((region) => regionStack(app, access, bus, { account, region }));
  for (const each of more) each.addStackDependency(stack);
  return [stack, ...more];
}

const regionStack = (
  app: App,
  access: AccessPolicy,
  bus: string,
  env: { readonly account: string; readonly region: string },
): Stack =>
  new ClusterRegionStack(
    app,
    stackNameOf(deploymentOf(access), "TimelatchAccount", env.account, env.region),
    {
      description: `Timelatch: what the broker needs in ${env.region} for this account's clusters there`,
      ...{ access, account: env.account, bus, env },
    },
  );
