import { Aws, Stack, type StackProps } from "aws-cdk-lib";
import { CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import type { Construct } from "constructs";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { FuseRole } from "../constructs/fuse-role.ts";
import { LostFuses } from "../constructs/lost-fuses.ts";
import { setDeployment } from "../synth/deployment-context.ts";
import { plainSynthesizer } from "../synth/plain-synthesizer.ts";

export interface FusesStackProps extends StackProps {
  readonly access: AccessPolicy;
  /** Other regions of the broker's account, where its fuses fire as well. */
  readonly remoteRegions: readonly string[];
}

/**
 * The parts that end access in the broker's account without the broker: the schedule group, and the
 * role of fuses. They are apart from the broker, so that fuses fire where its stack was deleted.
 * The template names no place, so that it fits any account and region, as the broker's may.
 */
export class FusesStack extends Stack {
  constructor(scope: Construct, id: string, { access, remoteRegions, ...props }: FusesStackProps) {
    // With it goes the group, and with the group every end and every fuse in it.
    super(scope, id, { terminationProtection: true, ...props, synthesizer: plainSynthesizer() });
    setDeployment(this, access);
    new FuseRole(this, "FuseRole", [Aws.REGION, ...remoteRegions]);
    new CfnScheduleGroup(this, "Group", { name: deploymentOf(access) });
    new LostFuses(this, "LostFuses");
  }
}
