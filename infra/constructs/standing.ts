import { Aws, Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import type { ReaderReach } from "../permissions/reader-reach.ts";
import { standingFindings, standingStatements } from "../permissions/standing-statements.ts";
import type { StackSettings } from "../synth/settings.ts";
import { BrokerFunction } from "./broker-function.ts";
import type { ConvergeQueue } from "./converge-queue.ts";
import type { Tables } from "./tables.ts";

export interface StandingProps {
  readonly settings: StackSettings;
  readonly reach: ReaderReach;
  readonly accessFile: string;
  readonly tables: Tables;
  readonly queue: ConvergeQueue;
}

/** Reads what stands on clusters without a grant. Made only where there are clusters. */
export class Standing extends Construct {
  readonly standing: BrokerFunction;

  constructor(scope: Construct, id: string, props: StandingProps) {
    super(scope, id);
    const { settings, reach, accessFile, tables, queue } = props;
    // In the stack itself, as all functions are, so that their names have one form.
    this.standing = new BrokerFunction(scope, "StandingFunction", {
      name: "standing",
      // Shorter than the rule's period, because a second run would be refused.
      timeoutSeconds: 240,
      memoryMegabytes: 256,
      environment: {
        REQUESTS_TABLE: tables.requests.tableName,
        AUDIT_TABLE: tables.audit.tableName,
        CONVERGE_QUEUE_URL: queue.queue.queueUrl,
        BROKER_ACCOUNT: Aws.ACCOUNT_ID,
        SETTINGS: JSON.stringify(settings.broker),
      },
      settings,
      accessFile,
      statements: standingStatements(tables, queue, reach),
      findings: standingFindings(reach.own),
      isRepeated: true,
    });
    new Rule(this, "Turn", {
      description: "Starts Timelatch's reading of access that stands without a grant",
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(this.standing.function)],
    });
  }
}
