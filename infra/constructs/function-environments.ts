/** The environment of functions: the names of the parts that they use. */
import { Aws } from "aws-cdk-lib";
import type { EventBus } from "aws-cdk-lib/aws-events";
import type { OutsideParts } from "../permissions/outside-statements.ts";
import type { StackSettings } from "../synth/settings.ts";
import type { ConvergeQueue } from "./converge-queue.ts";
import type { NotifyQueue } from "./notify-queue.ts";
import type { Schedules } from "./schedules.ts";
import type { Tables } from "./tables.ts";

/** The parts of the stack that several functions share. */
export interface Parts {
  readonly tables: Tables;
  readonly queue: ConvergeQueue;
  readonly notifyQueue: NotifyQueue;
  readonly bus: EventBus;
  readonly schedules: Schedules;
  /** Absent where access.yaml asks no service outside. */
  readonly outside?: OutsideParts;
}

/** The environment of every function that reads or writes requests. */
export const frontEnvironment = ({ broker }: StackSettings, parts: Parts) => ({
  REQUESTS_TABLE: parts.tables.requests.tableName,
  AUDIT_TABLE: parts.tables.audit.tableName,
  SETTINGS: JSON.stringify(broker),
  CONVERGE_QUEUE_URL: parts.queue.queue.queueUrl,
  NOTIFY_QUEUE_URL: parts.notifyQueue.queue.queueUrl,
  ...(parts.outside
    ? {
        FACTS_TABLE: parts.outside.facts.tableName,
        OUTSIDE_QUEUE_URL: parts.outside.queue.queueUrl,
      }
    : {}),
});

/** The environment that converge has beyond the other functions. */
export const convergeEnvironment = (
  settings: StackSettings,
  { tables, queue, schedules }: Parts,
) => ({
  LEDGER_TABLE: tables.ledger.tableName,
  CONVERGE_QUEUE_ARN: queue.queue.queueArn,
  CONVERGE_VISIBILITY_SECONDS: String(settings.convergeVisibilitySeconds),
  SCHEDULE_GROUP: schedules.groupName,
  SCHEDULE_ROLE_ARN: schedules.scheduleRole.roleArn,
  SCHEDULE_DEAD_LETTER_ARN: schedules.deadLetters.queueArn,
  BROKER_ACCOUNT: Aws.ACCOUNT_ID,
});

/** @param botToken the name of the parameter with Slack's token */
export const notifyEnvironment = ({ tables, bus }: Parts, botToken: string) => ({
  REQUESTS_TABLE: tables.requests.tableName,
  AUDIT_TABLE: tables.audit.tableName,
  EVENT_BUS_NAME: bus.eventBusName,
  SLACK_BOT_TOKEN_PARAMETER: botToken,
});
