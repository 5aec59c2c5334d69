import { Aws } from "aws-cdk-lib";
import { CfnEventBus, EventBus, type IEventBus } from "aws-cdk-lib/aws-events";
import { Construct } from "constructs";
import { deploymentAt } from "../synth/deployment-context.ts";
import { roleNameOf, trailBusNameOf } from "../synth/deployment-names.ts";

/**
 * The event bus that takes CloudTrail's events from other accounts and regions. It is a bus of its own, so that no rule
 * of somebody else's on the default bus gets what other accounts send.
 */
export class TrailBus extends Construct {
  readonly bus: IEventBus;

  /** @param accounts which may send beside the broker's own, twelve digits each */
  constructor(scope: Construct, id: string, accounts: readonly string[]) {
    super(scope, id);
    const deployment = deploymentAt(this);
    const name = trailBusNameOf(deployment);
    const bus = new CfnEventBus(this, "Bus", {
      name,
      ...(accounts.length > 0 ? { policy: takesFrom(accounts, deployment, name) } : {}),
    });
    this.bus = EventBus.fromEventBusName(this, "Named", bus.ref);
  }
}

/** Names the accounts, and their roles by a pattern: AWS may refuse a principal that does not exist yet. */
const takesFrom = (accounts: readonly string[], deployment: string, bus: string) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "ForwardedByAccountsWithClusters",
      Effect: "Allow",
      Principal: { AWS: accounts.map((one) => `arn:${Aws.PARTITION}:iam::${one}:root`) },
      Action: "events:PutEvents",
      Resource: `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:event-bus/${bus}`,
      Condition: {
        ArnLike: {
          "aws:PrincipalArn": `arn:${Aws.PARTITION}:iam::*:role/${roleNameOf(deployment, "forward")}`,
        },
      },
    },
  ],
});
