import { Aws, CfnOutput, Duration, Stack } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import { activityFindings, activityStatements } from "../permissions/activity-statements.ts";
import type { ReaderReach } from "../permissions/reader-reach.ts";
import type { StackSettings } from "../synth/settings.ts";
import { BrokerFunction } from "./broker-function.ts";
import type { Tables } from "./tables.ts";

export interface ActivityProps {
  readonly settings: StackSettings;
  readonly reach: ReaderReach;
  readonly accessFile: string;
  readonly tables: Tables;
}

/** Asks audit logs what was done with grants. Made only where access.yaml switches it on. */
export class Activity extends Construct {
  readonly activity: BrokerFunction;

  constructor(scope: Construct, id: string, props: ActivityProps) {
    super(scope, id);
    const { settings, reach, accessFile, tables } = props;
    // In the stack itself, as all functions are, so that their names have one form.
    this.activity = new BrokerFunction(scope, "ActivityFunction", {
      name: "activity",
      timeoutSeconds: 900,
      memoryMegabytes: 512,
      environment: {
        REQUESTS_TABLE: tables.requests.tableName,
        AUDIT_TABLE: tables.audit.tableName,
        BROKER_ACCOUNT: Aws.ACCOUNT_ID,
        SETTINGS: JSON.stringify(settings.broker),
      },
      settings,
      accessFile,
      statements: activityStatements(tables, reach),
      findings: activityFindings(reach.own),
      isRepeated: true,
    });
    new Rule(this, "Search", {
      description: "Starts Timelatch's search for ended grants whose use is not summarized",
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(this.activity.function)],
    });
    new CfnOutput(Stack.of(this), "ActivityFunctionName", {
      value: this.activity.function.functionName,
      description: "Invoked with a request's id, it asks again what was done with the grant",
    });
  }
}
