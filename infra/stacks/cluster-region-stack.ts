import { Aws, Stack, type StackProps } from "aws-cdk-lib";
import { Role } from "aws-cdk-lib/aws-iam";
import { CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import type { Construct } from "constructs";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { LostFuses } from "../constructs/lost-fuses.ts";
import { TrailForwarding } from "../constructs/trail-forwarding.ts";
import { setDeployment } from "../synth/deployment-context.ts";
import { roleNameOf } from "../synth/deployment-names.ts";
import { plainSynthesizer } from "../synth/plain-synthesizer.ts";

export interface ClusterRegionStackProps extends StackProps {
  readonly access: AccessPolicy;
  /** The account that the stack is for, twelve digits. */
  readonly account: string;
  /** The ARN of the hub's bus for CloudTrail's events. */
  readonly bus: string;
  /** ARNs of SNS topics of the account and region, which hear of a fuse that could not fire. */
  readonly topics: readonly string[];
}

/**
 * What one more region with clusters needs, in an account whose roles another stack makes: what EventBridge and
 * its Scheduler have in each region by itself.
 */
export class ClusterRegionStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { access, account, bus, topics, ...props }: ClusterRegionStackProps,
  ) {
    // With it goes the group of fuses, and with the group every fuse in it.
    super(scope, id, { terminationProtection: true, ...props, synthesizer: plainSynthesizer() });
    setDeployment(this, access);
    const deployment = deploymentOf(access);
    const name = roleNameOf(deployment, "forward");
    const role = Role.fromRoleArn(
      this,
      "ForwardRole",
      `arn:${Aws.PARTITION}:iam::${account}:role/${name}`,
      { mutable: false },
    );
    new TrailForwarding(this, "Trail", bus, role);
    new CfnScheduleGroup(this, "Fuses", { name: deployment });
    new LostFuses(this, "LostFuses", topics);
  }
}
