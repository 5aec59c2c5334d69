import { Aws } from "aws-cdk-lib";
import { Role } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { NODE_OR_SERVICE_ENTRY, ownEntry } from "../../shared/domain/grantors/entry-conditions.ts";
import { lostFusesName } from "../../shared/domain/values/arn.ts";
import { allow, deny } from "../permissions/statements.ts";
import { acknowledge } from "../synth/acknowledge.ts";
import { deploymentAt } from "../synth/deployment-context.ts";
import { roleNameOf } from "../synth/deployment-names.ts";
import { forSchedulesOf } from "./scheduler-principal.ts";

/**
 * Removes access without the broker's code, if everything else has failed: one role for all regions of an account. It cannot
 * add access to anything.
 */
export class FuseRole extends Role {
  /** @param regions with a schedule group, at least one */
  constructor(scope: Construct, id: string, regions: readonly string[]) {
    const deployment = deploymentAt(scope);
    super(scope, id, {
      roleName: roleNameOf(deployment, "fuse"),
      description: "Lets EventBridge Scheduler remove access to EKS clusters, and nothing else",
      assumedBy: forSchedulesOf(
        regions.map((region) => inRegion("scheduler", region, `schedule-group/${deployment}`)),
      ),
    });
    const entries = regions.map((region) => inRegion("eks", region, "access-entry/*"));
    this.addToPolicy(
      allow("DisassociateAccessPolicies", ["eks:DisassociateAccessPolicy"], entries),
    );
    this.addToPolicy(
      allow("DeleteOwnAccessEntries", ["eks:DeleteAccessEntry"], entries, ownEntry(deployment)),
    );
    this.addToPolicy(
      deny(
        "DenyNodeAndServiceEntries",
        ["eks:DisassociateAccessPolicy", "eks:DeleteAccessEntry"],
        ["*"],
        NODE_OR_SERVICE_ENTRY,
      ),
    );
    const queues = regions.map((region) => inRegion("sqs", region, lostFusesName(deployment)));
    this.addToPolicy(allow("KeepLostFuses", ["sqs:SendMessage"], queues));
    acknowledge(this, Object.fromEntries(regions.map((region) => [finding(region), REASON])));
  }
}

const inRegion = (service: string, region: string, resource: string): string =>
  `arn:${Aws.PARTITION}:${service}:${region}:${Aws.ACCOUNT_ID}:${resource}`;

/** cdk-nag writes pseudo parameters by their names. */
const finding = (region: string): string => {
  const named = region === Aws.REGION ? "<AWS::Region>" : region;
  return `IAM5[Resource::arn:<AWS::Partition>:eks:${named}:<AWS::AccountId>:access-entry/*]`;
};

const REASON =
  "An entry's ARN ends in a UUID that is unknown before it exists, and removal must work for clusters that have left access.yaml. The role can only remove access.";
