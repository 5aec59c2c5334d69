import { Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { deploymentAt } from "../synth/deployment-context.ts";

/**
 * SES's events about e-mail that did not arrive, on their way to notify. They are on the default bus if the
 * configuration set sends them there, and only AWS may send one from `aws.ses`. A failed event is
 * one line less in `timelatch show`, so Lambda's own two retries are enough.
 * https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html
 */
export class MailEvents extends Construct {
  constructor(scope: Construct, id: string, notify: IFunction) {
    super(scope, id);
    new Rule(this, "NotDelivered", {
      description: "Tells Timelatch's notify function which e-mail bounced",
      eventPattern: {
        source: ["aws.ses"],
        detailType: ["Email Bounced", "Email Complaint Received", "Email Rejected"],
        // Others may use the configuration set too.
        detail: { mail: { tags: { deployment: [deploymentAt(this)] } } },
      },
      targets: [new LambdaFunction(notify)],
    });
  }
}
