/** Adds the stacks that forward CloudTrail's events to an app: one for each account and region with clusters beside the broker's. */
import type { App, Stack } from "aws-cdk-lib";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { ForwardStack } from "../stacks/forward-stack.ts";
import { stackNameOf } from "./deployment-names.ts";
import { hubBusOf, placesOf, type Topology } from "./topology.ts";

/** @returns none where all clusters are in the broker's own account and region */
export function addForwardStacks(
  app: App,
  access: AccessPolicy,
  topology: Topology,
): readonly Stack[] {
  const bus = hubBusOf(access, topology);
  if (bus === undefined) return [];
  const places = Object.entries(placesOf(topology)).flatMap(([account, regions]) =>
    regions.map((region) => ({ account, region })),
  );
  return places.map(
    ({ account, region }) =>
      new ForwardStack(
        app,
        stackNameOf(deploymentOf(access), "TimelatchForward", account, region),
        {
          description: `Timelatch: forwards changes of access entries to the broker of account ${bus.account}`,
          access,
          bus: bus.arn,
          env: { account, region },
        },
      ),
  );
}
