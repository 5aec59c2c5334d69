/** The only reader of process.env in functions. Fails at start and names the missing variable. */
import type { Settings } from "./domain/settings.ts";

const required = (env: NodeJS.ProcessEnv, name: string): string => {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set. The stack sets it; redeploy the function.`);
  return value;
};

/** The environment variable of each value that more than one function has. */
const VARIABLES = {
  requestsTable: "REQUESTS_TABLE",
  auditTable: "AUDIT_TABLE",
  convergeQueueUrl: "CONVERGE_QUEUE_URL",
  notifyQueueUrl: "NOTIFY_QUEUE_URL",
  eventBusName: "EVENT_BUS_NAME",
  slackBotTokenParameter: "SLACK_BOT_TOKEN_PARAMETER",
  factsTable: "FACTS_TABLE",
  /** The broker's own account. In others, functions act under a role of that account. */
  brokerAccount: "BROKER_ACCOUNT",
} as const;

type Shared = keyof typeof VARIABLES;

/** The values of these names; each must be set. */
const values = <Name extends Shared>(
  env: NodeJS.ProcessEnv,
  ...names: readonly Name[]
): Readonly<Record<Name, string>> =>
  Object.fromEntries(names.map((name) => [name, required(env, VARIABLES[name])])) as Record<
    Name,
    string
  >;

const settings = (env: NodeJS.ProcessEnv) => JSON.parse(required(env, "SETTINGS")) as Settings;

/** Slack's Web API; the sandbox has its own. */
const slackApiUrl = (env: NodeJS.ProcessEnv) => env["SLACK_API_URL"] ?? "https://slack.com/api";

/** Stands before the host of each service outside; the sandbox has its own. */
const outsideOrigin = (env: NodeJS.ProcessEnv) => env["OUTSIDE_ORIGIN"] ?? "https://";

/** The table and the queue of `outside`. Undefined where `access.yaml` asks no service outside: then nobody reads a fact. */
const factPlaces = (env: NodeJS.ProcessEnv) => ({
  factsTable: env["FACTS_TABLE"],
  outsideQueueUrl: env["OUTSIDE_QUEUE_URL"],
});

/** Set where all of AWS is one address, such as the sandbox's. */
const awsEndpoint = (env: NodeJS.ProcessEnv) => env["AWS_ENDPOINT_URL"];

/** The configuration of `api`, `sweep` and `ticket-sweep`, and what `slack` has of it. */
export function frontConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    ...values(env, "requestsTable", "auditTable", "convergeQueueUrl", "notifyQueueUrl"),
    ...factPlaces(env),
    settings: settings(env),
  };
}

/** The configuration of `converge`. */
export function convergeConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    ...values(env, "requestsTable", "auditTable", "convergeQueueUrl", "notifyQueueUrl"),
    ...factPlaces(env),
    ledgerTable: required(env, "LEDGER_TABLE"),
    /** How long a received message stays hidden from other runs. */
    convergeVisibilitySeconds: Number(required(env, "CONVERGE_VISIBILITY_SECONDS")),
    schedules: {
      // Fuses of clusters elsewhere are armed there, with a grantor role.
      ...values(env, "brokerAccount"),
      brokerRegion: required(env, "AWS_REGION"),
      group: required(env, "SCHEDULE_GROUP"),
      convergeQueueArn: required(env, "CONVERGE_QUEUE_ARN"),
      /** Lets Scheduler send to the queue. */
      scheduleRoleArn: required(env, "SCHEDULE_ROLE_ARN"),
      /** The queue for ends that Scheduler could not deliver. */
      deadLetterArn: required(env, "SCHEDULE_DEAD_LETTER_ARN"),
    },
    settings: settings(env),
  };
}

/** The configuration of `correlate`. */
export function correlateConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    ...values(env, "requestsTable", "auditTable", "notifyQueueUrl", "brokerAccount"),
    evidenceQueueUrl: required(env, "EVIDENCE_QUEUE_URL"),
    /** The role under which fuses fire. */
    fuseRoleArn: required(env, "FUSE_ROLE_ARN"),
    settings: settings(env),
  };
}

/** The configuration of `notify`. */
export function notifyConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    ...values(env, "requestsTable", "auditTable", "eventBusName", "slackBotTokenParameter"),
    slackApiUrl: slackApiUrl(env),
    awsEndpoint: awsEndpoint(env),
  };
}

/** The configuration of `activity`. */
export function activityConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    ...values(env, "requestsTable", "auditTable", "brokerAccount"),
    settings: settings(env),
  };
}

/** The configuration of `standing`. */
export function standingConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    ...values(env, "requestsTable", "auditTable", "convergeQueueUrl", "brokerAccount"),
    settings: settings(env),
  };
}

/** The configuration of `outside`. */
export function outsideConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    ...values(env, "factsTable"),
    /** Undefined where no rule asks about tickets. */
    ticketSweepFunction: env["TICKET_SWEEP_FUNCTION"],
    outsideOrigin: outsideOrigin(env),
    settings: settings(env),
  };
}

/** The configuration of `archive`. */
export function archiveConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    ...values(env, "requestsTable", "auditTable", "eventBusName"),
    archiveBucket: required(env, "ARCHIVE_BUCKET"),
    sealKeyId: required(env, "SEAL_KEY_ID"),
    awsEndpoint: awsEndpoint(env),
  };
}

/** The configuration of `witness`, which runs in an auditor's account. */
export function witnessConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    archiveBucket: required(env, "ARCHIVE_BUCKET"),
    archiveRegion: required(env, "ARCHIVE_REGION"),
    /** The public key of the broker's seals, as PEM. */
    sealPublicKey: required(env, "SEAL_PUBLIC_KEY"),
    witnessBucket: required(env, "WITNESS_BUCKET"),
    witnessKeyId: required(env, "WITNESS_KEY_ID"),
    witnessName: required(env, "WITNESS_NAME"),
    awsEndpoint: awsEndpoint(env),
  };
}

/** The configuration of `slack`. */
export function slackConfig(env: NodeJS.ProcessEnv = process.env) {
  return {
    ...frontConfig(env),
    ...values(env, "slackBotTokenParameter"),
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
export type OutsideConfig = ReturnType<typeof outsideConfig>;
export type ArchiveConfig = ReturnType<typeof archiveConfig>;
export type WitnessConfig = ReturnType<typeof witnessConfig>;
