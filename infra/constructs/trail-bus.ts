import { Aws } from "aws-cdk-lib";
import { CfnEventBus, EventBus, type IEventBus } from "aws-cdk-lib/aws-events";
import { Construct } from "constructs";
import { deploymentAt } from "../synth/deployment-context.ts";
import { trailBusNameOf } from "../synth/deployment-names.ts";

/**
 * The event bus that takes CloudTrail's events from other accounts and regions. It is a bus of its own, so that no rule
 * of somebody else's on the default bus gets what other accounts send.
 */
export class TrailBus extends Construct {
  readonly bus: IEventBus;

  /**
   * @param accounts which may send, twelve digits each. The broker's own is among them where it has clusters in other
   *   regions: without it, EventBridge makes no rule there
   */
  constructor(scope: Construct, id: string, accounts: readonly string[]) {
    super(scope, id);
    const name = trailBusNameOf(deploymentAt(this));
    const bus = new CfnEventBus(this, "Bus", { name, policy: takesFrom(accounts, name) });
    this.bus = EventBus.fromEventBusName(this, "Named", bus.ref);
  }
}

/**
 * Names only the accounts. EventBridge asks this policy when a rule is made, and nobody says with
 * which principal or other keys. A principal that may put events in one of the accounts may send
 * some. Only AWS may send one from `aws.eks`, and no rule on the bus matches another.
 */
const takesFrom = (accounts: readonly string[], bus: string) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "ForwardedByAccountsWithClusters",
      Effect: "Allow",
      Principal: { AWS: accounts.map((one) => `arn:${Aws.PARTITION}:iam::${one}:root`) },
      Action: "events:PutEvents",
      Resource: `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:event-bus/${bus}`,
    },
  ],
});
