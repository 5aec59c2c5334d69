import { Stack, type StackProps } from "aws-cdk-lib";
import { CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import type { Construct } from "constructs";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { LostFuses } from "../constructs/lost-fuses.ts";
import { setDeployment } from "../synth/deployment-context.ts";
import { plainSynthesizer } from "../synth/plain-synthesizer.ts";

export interface ClusterRegionStackProps extends StackProps {
  readonly access: AccessPolicy;
  /** ARNs of SNS topics of the account and region, which hear of a fuse that could not fire. */
  readonly topics: readonly string[];
}

/**
 * The stack of one more region with clusters, in an account whose roles another stack makes. It has
 * what EventBridge Scheduler needs in each region. It names none of those roles.
 */
export class ClusterRegionStack extends Stack {
  constructor(scope: Construct, id: string, { access, topics, ...props }: ClusterRegionStackProps) {
    // With it goes the group of fuses, and with the group every fuse in it.
    super(scope, id, { terminationProtection: true, ...props, synthesizer: plainSynthesizer() });
    setDeployment(this, access);
    new CfnScheduleGroup(this, "Fuses", { name: deploymentOf(access) });
    new LostFuses(this, "LostFuses", topics);
  }
}
