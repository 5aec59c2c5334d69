/** Adds the stacks of other accounts with clusters to an app. */
import type { App, Stack } from "aws-cdk-lib";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { ClusterAccountStack } from "../stacks/cluster-account-stack.ts";
import { stackNameOf } from "./deployment-names.ts";
import type { Topology } from "./topology.ts";

/**
 * @param broker deployed after them: a grantor role that is there early lends nothing, and one that is missing makes
 *   grants fail
 */
export function addClusterAccounts(
  app: App,
  broker: Stack,
  access: AccessPolicy,
  { hub, spokes }: Topology,
): readonly Stack[] {
  if (hub === undefined) return [];
  return spokes.map(({ account, region }) => {
    const stack = new ClusterAccountStack(
      app,
      stackNameOf(deploymentOf(access), "TimelatchAccount", account),
      {
        description: `Timelatch: what lets the broker of account ${hub} lend access to this account's clusters`,
        ...{ access, account, hub, env: { account, region } },
      },
    );
    broker.addStackDependency(stack);
    return stack;
  });
}
