/** Adds the stack of the broker's own fuses to an app. */
import type { App, Stack } from "aws-cdk-lib";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { FusesStack } from "../stacks/fuses-stack.ts";
import { brokerTopics } from "./alarm-topics.ts";
import { stackNameOf } from "./deployment-names.ts";
import type { Topology } from "./topology.ts";
import type { Variant } from "./variants.ts";

/** @param topics ARNs of SNS topics of all places; the stack's alarm takes those of the broker's region */
export function addFusesStack(
  app: App,
  access: AccessPolicy,
  topology: Pick<Topology, "region" | "remoteRegions">,
  env: Variant["env"],
  topics: readonly string[] = [],
): Stack {
  return new FusesStack(app, stackNameOf(deploymentOf(access), "TimelatchFuses"), {
    description:
      "Timelatch: what ends access in the broker's account, also where the broker is gone",
    ...{ access, remoteRegions: topology.remoteRegions },
    topics: brokerTopics(topics, topology),
    ...(env ? { env } : {}),
  });
}
