import { Aws, CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import { EventBus } from "aws-cdk-lib/aws-events";
import type { Construct } from "constructs";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { Activity } from "../constructs/activity.ts";
import { METRICS_NAMESPACE } from "../constructs/alarm-kind.ts";
import { Alarms } from "../constructs/alarms.ts";
import { Archive } from "../constructs/archive.ts";
import { BrokerFunction } from "../constructs/broker-function.ts";
import { ConvergeQueue } from "../constructs/converge-queue.ts";
import { Correlation } from "../constructs/correlation.ts";
import { GrantorRoles } from "../constructs/grantor-roles.ts";
import { BrokerHttpApi } from "../constructs/http-api.ts";
import { NotifyQueue } from "../constructs/notify-queue.ts";
import { consume } from "../constructs/queue-source.ts";
import { Schedules } from "../constructs/schedules.ts";
import { parameterArn, SLACK_PARAMETERS } from "../constructs/slack-parameters.ts";
import { Standing } from "../constructs/standing.ts";
import { SweepRule } from "../constructs/sweep-rule.ts";
import { Tables } from "../constructs/tables.ts";
import { activityLogGroups } from "../permissions/activity-statements.ts";
import {
  apiStatements,
  CONVERGE_FINDINGS,
  convergeStatements,
  notifyStatements,
  slackStatements,
  sweepStatements,
} from "../permissions/function-statements.ts";
import { grantorRoleArns } from "../permissions/grantor-account.ts";
import { standingClusters } from "../permissions/standing-statements.ts";
import type { StackSettings } from "../synth/settings.ts";

export interface BrokerStackProps extends StackProps {
  readonly settings: StackSettings;
  /** `access.yaml`, parsed and checked. */
  readonly access: AccessPolicy;
  /** The same as a JSON file, which goes into each bundle. */
  readonly accessFile: string;
  /** The account whose grantor roles the stack makes, twelve digits. Undefined: none. */
  readonly grantorAccount: string | undefined;
}

/** The broker in one account and region. It only composes: each part explains itself. */
export class BrokerStack extends Stack {
  constructor(scope: Construct, id: string, props: BrokerStackProps) {
    super(scope, id, props);
    const tables = new Tables(this, "Tables");
    const queue = new ConvergeQueue(this, "Converge", props.settings);
    const schedules = new Schedules(this, "Schedules", queue.queue);
    const notifyQueue = new NotifyQueue(this, "Notify", props.settings);
    const bus = new EventBus(this, "Events", { eventBusName: "timelatch" });
    const parts = { tables, queue, notifyQueue, bus, schedules };
    const functions = this.#functions(props, parts);
    const { api, converge, sweep, notify } = functions;
    const slack = this.#slack(props, parts);

    consume(this, "ConvergeSource", queue.queue, converge, props.settings.convergeConcurrency);
    consume(this, "NotifySource", notifyQueue.queue, notify, props.settings.notifyConcurrency);
    new SweepRule(this, "Sweep", sweep.function);
    const { deadLetters: evidenceDeadLetters, ...evidence } = this.#evidence(props, parts);
    const http = new BrokerHttpApi(this, "Http", api.function);
    if (slack) http.addSlackRoutes(slack.function);
    new Alarms(this, "Alarms", {
      ...(slack ? { slack: slack.function } : {}),
      converge: converge.function,
      sweep: sweep.function,
      notify: notify.function,
      ...evidenceFunctions(evidence),
      evidenceDeadLetters,
      notifyDeadLetters: notifyQueue.deadLetters,
      convergeQueue: queue.queue,
      convergeDeadLetters: queue.deadLetters,
      scheduleDeadLetters: schedules.deadLetters,
    });
    this.#grantorRoles(
      props,
      { ...functions, ...evidence, ...(slack ? { slack } : {}) },
      schedules,
    );
    new CfnOutput(this, "ApiUrl", {
      value: http.url,
      description: "The value of TIMELATCH_API",
    });
  }

  #functions({ settings, access, accessFile }: BrokerStackProps, parts: Parts): Functions {
    const { tables, queue, notifyQueue, bus, schedules } = parts;
    const queues = { converge: queue, notify: notifyQueue };
    const front = frontEnvironment(settings, parts);
    const botTokenArn = parameterArn(this, SLACK_PARAMETERS.botToken);
    return {
      api: new BrokerFunction(this, "ApiFunction", {
        name: "api",
        timeoutSeconds: 10,
        memoryMegabytes: 512,
        // To say whose clusters nobody reads.
        environment: { ...front, BROKER_ACCOUNT: Aws.ACCOUNT_ID },
        accessFile,
        statements: apiStatements(tables, queues),
      }),
      converge: new BrokerFunction(this, "ConvergeFunction", {
        name: "converge",
        timeoutSeconds: settings.convergeTimeoutSeconds,
        memoryMegabytes: 512,
        environment: { ...front, ...convergeEnvironment(settings, parts) },
        accessFile,
        statements: convergeStatements(tables, queues, schedules, grantorRoleArns(access)),
        findings: CONVERGE_FINDINGS,
      }),
      sweep: new BrokerFunction(this, "SweepFunction", {
        name: "sweep",
        timeoutSeconds: 50,
        memoryMegabytes: 256,
        environment: front,
        accessFile,
        statements: sweepStatements(tables, queues),
        startedByClock: true,
      }),
      notify: new BrokerFunction(this, "NotifyFunction", {
        name: "notify",
        timeoutSeconds: settings.notifyTimeoutSeconds,
        memoryMegabytes: 256,
        environment: notifyEnvironment(parts),
        accessFile,
        statements: notifyStatements(tables, queues, bus, botTokenArn),
      }),
    };
  }

  /** Only where access.yaml names a Slack workspace. */
  #slack({ settings, access, accessFile }: BrokerStackProps, parts: Parts) {
    if (!access.slack) return undefined;
    const { tables, queue, notifyQueue } = parts;
    return new BrokerFunction(this, "SlackFunction", {
      name: "slack",
      timeoutSeconds: 10,
      // Slack waits three seconds, and Lambda gives processor time by memory.
      memoryMegabytes: 1024,
      environment: {
        ...frontEnvironment(settings, parts),
        SLACK_BOT_TOKEN_PARAMETER: SLACK_PARAMETERS.botToken,
        SLACK_SIGNING_SECRET_PARAMETER: SLACK_PARAMETERS.signingSecret,
      },
      accessFile,
      statements: slackStatements(
        tables,
        { converge: queue, notify: notifyQueue },
        Object.values(SLACK_PARAMETERS).map((name) => parameterArn(this, name)),
      ),
    });
  }

  /** What compares, keeps and summarizes. None of it can touch access. */
  #evidence(props: BrokerStackProps, parts: Parts) {
    const { correlate, deadLetters } = new Correlation(this, "Correlation", { ...props, ...parts });
    const { archive } = new Archive(this, "Archive", { ...props, ...parts });
    const activity = this.#activity(props, parts.tables);
    const standing = this.#standing(props, parts);
    return {
      ...{ correlate, deadLetters, archive },
      ...(activity ? { activity } : {}),
      ...(standing ? { standing } : {}),
    };
  }

  /** Only where access.yaml switches it on for a cluster. */
  #activity(props: BrokerStackProps, tables: Tables): BrokerFunction | undefined {
    const logGroups = activityLogGroups(props.access, props.grantorAccount);
    if (logGroups.length === 0) return undefined;
    return new Activity(this, "Activity", { ...props, logGroups, tables }).activity;
  }

  /** Only where the broker's own account has clusters. */
  #standing(props: BrokerStackProps, parts: Parts): BrokerFunction | undefined {
    const clusters = standingClusters(props.access, props.grantorAccount);
    if (clusters.length === 0) return undefined;
    return new Standing(this, "Standing", { ...props, ...parts, clusters }).standing;
  }

  #grantorRoles(
    { access, grantorAccount: account }: BrokerStackProps,
    functions: Functions & EvidenceFunctions & { readonly slack?: BrokerFunction },
    schedules: Schedules,
  ) {
    if (account === undefined) return;
    const { converge } = functions;
    const functionRoles = Object.values(functions).map(({ role }) => role);
    const own = [...functionRoles, schedules.scheduleRole, schedules.fuseRole];
    new GrantorRoles(this, "Grantors", {
      access,
      account,
      convergeRoleArn: converge.role.roleArn,
      brokerRoles: [...own.map((role) => role.roleArn), ...grantorRoleArns(access)],
    });
  }
}

interface Parts {
  readonly tables: Tables;
  readonly queue: ConvergeQueue;
  readonly notifyQueue: NotifyQueue;
  readonly bus: EventBus;
  readonly schedules: Schedules;
}

type Functions = Readonly<Record<"api" | "converge" | "sweep" | "notify", BrokerFunction>>;

type EvidenceFunctions = Readonly<Record<"correlate" | "archive", BrokerFunction>> & {
  readonly activity?: BrokerFunction;
  readonly standing?: BrokerFunction;
};

const evidenceFunctions = ({ correlate, archive, activity, standing }: EvidenceFunctions) => ({
  correlate: correlate.function,
  archive: archive.function,
  ...(activity ? { activity: activity.function } : {}),
  ...(standing ? { standing: standing.function } : {}),
});

const frontEnvironment = ({ broker }: StackSettings, parts: Parts) => ({
  REQUESTS_TABLE: parts.tables.requests.tableName,
  AUDIT_TABLE: parts.tables.audit.tableName,
  SETTINGS: JSON.stringify(broker),
  CONVERGE_QUEUE_URL: parts.queue.queue.queueUrl,
  NOTIFY_QUEUE_URL: parts.notifyQueue.queue.queueUrl,
});

/** What converge has beyond the other functions. */
const convergeEnvironment = (settings: StackSettings, { tables, queue, schedules }: Parts) => ({
  POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
  LEDGER_TABLE: tables.ledger.tableName,
  CONVERGE_QUEUE_ARN: queue.queue.queueArn,
  CONVERGE_VISIBILITY_SECONDS: String(settings.convergeVisibilitySeconds),
  SCHEDULE_GROUP: schedules.groupName,
  SCHEDULE_ROLE_ARN: schedules.scheduleRole.roleArn,
  FUSE_ROLE_ARN: schedules.fuseRole.roleArn,
  SCHEDULE_DEAD_LETTER_ARN: schedules.deadLetters.queueArn,
  BROKER_ACCOUNT: Aws.ACCOUNT_ID,
});

const notifyEnvironment = ({ tables, bus }: Parts) => ({
  POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
  REQUESTS_TABLE: tables.requests.tableName,
  AUDIT_TABLE: tables.audit.tableName,
  EVENT_BUS_NAME: bus.eventBusName,
  SLACK_BOT_TOKEN_PARAMETER: SLACK_PARAMETERS.botToken,
});
