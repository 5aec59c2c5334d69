/** The only reader of process.env in functions. Fails at start and names the missing variable. */
import type { Settings } from "./domain/settings.ts";

const required = (env: NodeJS.ProcessEnv, name: string): string => {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set. The stack sets it; redeploy the function.`);
  return value;
};

const settings = (env: NodeJS.ProcessEnv) => JSON.parse(required(env, "SETTINGS")) as Settings;

/** The configuration of `api` and `sweep`, and what `slack` has of it. */
export function frontConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    requestsTable: required(env, "REQUESTS_TABLE"),
    auditTable: required(env, "AUDIT_TABLE"),
    convergeQueueUrl: required(env, "CONVERGE_QUEUE_URL"),
    notifyQueueUrl: required(env, "NOTIFY_QUEUE_URL"),
    settings: settings(env),
  };
}

/** The configuration of `converge`. */
export function convergeConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    requestsTable: required(env, "REQUESTS_TABLE"),
    auditTable: required(env, "AUDIT_TABLE"),
    ledgerTable: required(env, "LEDGER_TABLE"),
    convergeQueueUrl: required(env, "CONVERGE_QUEUE_URL"),
    notifyQueueUrl: required(env, "NOTIFY_QUEUE_URL"),
    /** How long a received message stays hidden from other runs. */
    convergeVisibilitySeconds: Number(required(env, "CONVERGE_VISIBILITY_SECONDS")),
    schedules: {
      group: required(env, "SCHEDULE_GROUP"),
      convergeQueueArn: required(env, "CONVERGE_QUEUE_ARN"),
      /** Lets Scheduler send to the queue. */
      scheduleRoleArn: required(env, "SCHEDULE_ROLE_ARN"),
      /** The queue for ends that Scheduler could not deliver. */
      deadLetterArn: required(env, "SCHEDULE_DEAD_LETTER_ARN"),
      /** The broker's own place. Fuses of clusters elsewhere are armed there, with a grantor role. */
      brokerAccount: required(env, "BROKER_ACCOUNT"),
      brokerRegion: required(env, "AWS_REGION"),
    },
    settings: settings(env),
  };
}

/** The configuration of `correlate`. */
export function correlateConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    requestsTable: required(env, "REQUESTS_TABLE"),
    auditTable: required(env, "AUDIT_TABLE"),
    evidenceQueueUrl: required(env, "EVIDENCE_QUEUE_URL"),
    notifyQueueUrl: required(env, "NOTIFY_QUEUE_URL"),
    /** The role under which fuses fire. */
    fuseRoleArn: required(env, "FUSE_ROLE_ARN"),
    /** The account whose event history the function reads under its own role. */
    brokerAccount: required(env, "BROKER_ACCOUNT"),
    settings: settings(env),
  };
}

/** Slack's Web API; the sandbox has its own. */
const slackApiUrl = (env: NodeJS.ProcessEnv) => env["SLACK_API_URL"] ?? "https://slack.com/api";

/** The configuration of `notify`. */
export function notifyConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    requestsTable: required(env, "REQUESTS_TABLE"),
    auditTable: required(env, "AUDIT_TABLE"),
    eventBusName: required(env, "EVENT_BUS_NAME"),
    slackBotTokenParameter: required(env, "SLACK_BOT_TOKEN_PARAMETER"),
    slackApiUrl: slackApiUrl(env),
    /** Set where all of AWS is one address, such as the sandbox's. */
    awsEndpoint: env["AWS_ENDPOINT_URL"],
  };
}

/** The configuration of `activity`. */
export function activityConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    requestsTable: required(env, "REQUESTS_TABLE"),
    auditTable: required(env, "AUDIT_TABLE"),
    /** The account whose logs it reads under its own role. */
    brokerAccount: required(env, "BROKER_ACCOUNT"),
    settings: settings(env),
  };
}

/** The configuration of `standing`. */
export function standingConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    requestsTable: required(env, "REQUESTS_TABLE"),
    convergeQueueUrl: required(env, "CONVERGE_QUEUE_URL"),
    /** The account whose clusters it reads under its own role. */
    brokerAccount: required(env, "BROKER_ACCOUNT"),
    settings: settings(env),
  };
}

/** The configuration of `archive`. */
export function archiveConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    auditTable: required(env, "AUDIT_TABLE"),
    archiveBucket: required(env, "ARCHIVE_BUCKET"),
    sealKeyId: required(env, "SEAL_KEY_ID"),
    eventBusName: required(env, "EVENT_BUS_NAME"),
    /** Set where all of AWS is one address, such as the sandbox's. */
    awsEndpoint: env["AWS_ENDPOINT_URL"],
  };
}

/** The configuration of `slack`. */
export function slackConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    ...frontConfig(env),
    slackBotTokenParameter: required(env, "SLACK_BOT_TOKEN_PARAMETER"),
    slackSigningSecretParameter: required(env, "SLACK_SIGNING_SECRET_PARAMETER"),
    slackApiUrl: slackApiUrl(env),
  };
}

export type SlackConfig = ReturnType<typeof slackConfig>;
export type FrontConfig = ReturnType<typeof frontConfig>;
export type ConvergeConfig = ReturnType<typeof convergeConfig>;
export type CorrelateConfig = ReturnType<typeof correlateConfig>;
export type NotifyConfig = ReturnType<typeof notifyConfig>;
export type ActivityConfig = ReturnType<typeof activityConfig>;
export type StandingConfig = ReturnType<typeof standingConfig>;
export type ArchiveConfig = ReturnType<typeof archiveConfig>;
