import { Aws, CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { clusterOf, grantorRoleArn } from "../../shared/domain/values/arn.ts";
import { Alarms, METRICS_NAMESPACE } from "../constructs/alarms.ts";
import { BrokerFunction } from "../constructs/broker-function.ts";
import { ConvergeQueue } from "../constructs/converge-queue.ts";
import { GrantorRoles } from "../constructs/grantor-roles.ts";
import { BrokerHttpApi } from "../constructs/http-api.ts";
import { Schedules } from "../constructs/schedules.ts";
import { SweepRule } from "../constructs/sweep-rule.ts";
import { Tables } from "../constructs/tables.ts";
import {
  apiStatements,
  CONVERGE_FINDINGS,
  convergeStatements,
  sweepStatements,
} from "../permissions/function-statements.ts";
import { grantorAccount } from "../permissions/grantor-account.ts";
import { lendsGroups } from "../permissions/grantor-permissions.ts";
import type { StackSettings } from "../synth/settings.ts";

export interface BrokerStackProps extends StackProps {
  readonly settings: StackSettings;
  /** `access.yaml`, read and checked. */
  readonly access: AccessPolicy;
  /** The same, compiled: a JSON file that goes into each bundle. */
  readonly accessFile: string;
}

/** The broker in one account and region. Composes; what each part is stands with the part. */
export class BrokerStack extends Stack {
  constructor(scope: Construct, id: string, props: BrokerStackProps) {
    super(scope, id, props);
    const { settings, access, accessFile } = props;
    const tables = new Tables(this, "Tables");
    const queue = new ConvergeQueue(this, "Converge", settings);
    const schedules = new Schedules(this, "Schedules", queue.queue);

    const common = {
      REQUESTS_TABLE: tables.requests.tableName,
      SETTINGS: JSON.stringify(settings.broker),
    };
    const front = { ...common, CONVERGE_QUEUE_URL: queue.queue.queueUrl };
    const api = new BrokerFunction(this, "ApiFunction", {
      name: "api",
      timeoutSeconds: 10,
      memoryMegabytes: 512,
      environment: front,
      accessFile,
      statements: apiStatements(tables, queue),
    });
    const converge = new BrokerFunction(this, "ConvergeFunction", {
      name: "converge",
      timeoutSeconds: settings.convergeTimeoutSeconds,
      memoryMegabytes: 512,
      environment: {
        ...common,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        LEDGER_TABLE: tables.ledger.tableName,
        CONVERGE_QUEUE_URL: queue.queue.queueUrl,
        CONVERGE_QUEUE_ARN: queue.queue.queueArn,
        CONVERGE_VISIBILITY_SECONDS: String(settings.convergeVisibilitySeconds),
        SCHEDULE_GROUP: schedules.groupName,
        SCHEDULE_ROLE_ARN: schedules.scheduleRole.roleArn,
        FUSE_ROLE_ARN: schedules.fuseRole.roleArn,
        SCHEDULE_DEAD_LETTER_ARN: schedules.deadLetters.queueArn,
        BROKER_ACCOUNT: Aws.ACCOUNT_ID,
      },
      accessFile,
      statements: convergeStatements(tables, queue, schedules, grantorRoleArns(access)),
      findings: CONVERGE_FINDINGS,
    });
    const sweep = new BrokerFunction(this, "SweepFunction", {
      name: "sweep",
      timeoutSeconds: 50,
      memoryMegabytes: 256,
      environment: front,
      accessFile,
      statements: sweepStatements(tables, queue),
      startedByClock: true,
    });

    // Not SqsEventSource, which grants actions of its own choice.
    const mapping = new EventSourceMapping(this, "ConvergeSource", {
      target: converge.function,
      eventSourceArn: queue.queue.queueArn,
      batchSize: 1,
      maxConcurrency: settings.convergeConcurrency,
      // With batches of one it changes no answer. It is for the mapping's concurrency: without it,
      // Lambda lowers that where a function fails, and one binding would hold up all others.
      // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
      reportBatchItemFailures: true,
    });
    // Lambda refuses a mapping whose function may not read the queue yet.
    mapping.node.addDependency(converge.role);
    new SweepRule(this, "Sweep", sweep.function);
    const http = new BrokerHttpApi(this, "Http", api.function);
    new Alarms(this, "Alarms", {
      converge: converge.function,
      sweep: sweep.function,
      convergeQueue: queue.queue,
      convergeDeadLetters: queue.deadLetters,
      scheduleDeadLetters: schedules.deadLetters,
    });

    const account = grantorAccount(access, this.account);
    if (account !== undefined)
      new GrantorRoles(this, "Grantors", {
        access,
        account,
        convergeRoleArn: converge.role.roleArn,
        brokerRoles: [
          api.role,
          converge.role,
          sweep.role,
          schedules.scheduleRole,
          schedules.fuseRole,
        ]
          .map((role) => role.roleArn)
          .concat(grantorRoleArns(access)),
      });
    new CfnOutput(this, "ApiUrl", {
      value: http.url,
      description: "What TIMELATCH_API is set to",
    });
  }
}

/** Of every account with clusters; the second kind only where a rule lends groups there. */
const grantorRoleArns = (access: AccessPolicy): readonly string[] => [
  ...new Set(
    Object.values(access.clusters).flatMap(({ arn }) => {
      const cluster = clusterOf(arn);
      const policies = grantorRoleArn(cluster, "policies");
      return lendsGroups(access, cluster.account)
        ? [policies, grantorRoleArn(cluster, "groups")]
        : [policies];
    }),
  ),
];
