import { Rule } from "aws-cdk-lib/aws-events";
import type { IRole } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { ENTRY_CHANGES } from "../permissions/entry-changes.ts";
import { deploymentAt } from "../synth/deployment-context.ts";
import { roleNameOf } from "../synth/deployment-names.ts";

/** Forwards CloudTrail's events about access entries of one account and region to the hub. */
export class TrailForwarding extends Construct {
  /**
   * @param bus the ARN of the hub's bus
   * @param role that of `ForwardRole`
   */
  constructor(scope: Construct, id: string, bus: string, role: IRole) {
    super(scope, id);
    // The events exist only where a trail of the region logs management events.
    new Rule(this, "Changes", {
      ruleName: roleNameOf(deploymentAt(this), "forward"),
      description: "Forwards every change of an EKS access entry to Timelatch's hub",
      eventPattern: ENTRY_CHANGES,
      targets: [{ bind: () => ({ arn: bus, role }) }],
    });
  }
}
