/** Adds the stack of the broker's own fuses to an app. */
import type { App, Stack } from "aws-cdk-lib";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { FusesStack } from "../stacks/fuses-stack.ts";
import { stackNameOf } from "./deployment-names.ts";
import type { Topology } from "./topology.ts";
import type { Variant } from "./variants.ts";

/** @param env the account and region of the broker, or undefined for any */
export function addFusesStack(
  app: App,
  access: AccessPolicy,
  topology: Pick<Topology, "remoteRegions">,
  env: Variant["env"],
): Stack {
  return new FusesStack(app, stackNameOf(deploymentOf(access), "TimelatchFuses"), {
    description:
      "Timelatch: what ends access in the broker's account, also where the broker is gone",
    access,
    remoteRegions: topology.remoteRegions,
    ...(env ? { env } : {}),
  });
}
