import { Aws } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { allow } from "../permissions/statements.ts";
import { deploymentAt } from "../synth/deployment-context.ts";
import { roleNameOf } from "../synth/deployment-names.ts";

/**
 * The role with which EventBridge forwards CloudTrail's events to the hub: one for all regions of an account.
 *
 * Its conditions hold also where EventBridge presents none of the keys. A role cannot be passed to a service in another
 * account, so nobody else's rule can have it.
 */
export class ForwardRole extends Role {
  /** @param bus the ARN of the hub's bus */
  constructor(scope: Construct, id: string, bus: string) {
    const name = roleNameOf(deploymentAt(scope), "forward");
    super(scope, id, {
      roleName: name,
      description: "Lets EventBridge forward changes of EKS access entries to Timelatch",
      assumedBy: new ServicePrincipal("events.amazonaws.com", {
        conditions: {
          StringEqualsIfExists: { "aws:SourceAccount": Aws.ACCOUNT_ID },
          ArnLikeIfExists: {
            "aws:SourceArn": `arn:${Aws.PARTITION}:events:*:${Aws.ACCOUNT_ID}:rule/${name}`,
          },
        },
      }),
    });
    this.addToPolicy(allow("ForwardToHub", ["events:PutEvents"], [bus]));
  }
}
