/**
 * Statements for each function. Written by hand, since CDK's grants give whole families of actions.
 * A function that faces the internet must have no right that touches a cluster.
 */
import type { EventBus } from "aws-cdk-lib/aws-events";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { AUDIT_INDEX, INDEX } from "../../shared/aws/dynamodb/indexes.ts";
import type { ConvergeQueue } from "../constructs/converge-queue.ts";
import type { NotifyQueue } from "../constructs/notify-queue.ts";
import type { Schedules } from "../constructs/schedules.ts";
import type { BrokerTable, Tables } from "../constructs/tables.ts";
import { allow, deny } from "./statements.ts";

const READS = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"];

/** IAM authorises TransactWriteItems and TransactGetItems as these and GetItem, item by item. */
const CHANGES = [
  "dynamodb:PutItem",
  "dynamodb:UpdateItem",
  "dynamodb:DeleteItem",
  "dynamodb:ConditionCheckItem",
];

/** Every way to change an existing item, except PutItem, which adds the audit events. */
export const CHANGING_ACTIONS = [
  "dynamodb:UpdateItem",
  "dynamodb:DeleteItem",
  "dynamodb:BatchWriteItem",
  "dynamodb:PartiQLInsert",
  "dynamodb:PartiQLUpdate",
  "dynamodb:PartiQLDelete",
];

export const indexArns = (
  table: BrokerTable,
  indexes: Readonly<Record<string, { readonly name: string }>>,
) => Object.values(indexes).map(({ name }) => `${table.tableArn}/index/${name}`);

/**
 * Read and write requests, and add audit events. The deny holds against any allow that somebody adds
 * later. IAM does not see condition expressions, so it cannot stop a PutItem over an event. That
 * breaks the request's hash chain, unless every later event is written again.
 *
 * The audit table is a table of its own, because AWS does not document `dynamodb:LeadingKeys` in a
 * transaction. The condition key may hold the keys of one item or of all.
 */
const requestStatements = ({ requests, audit }: Tables): readonly PolicyStatement[] => [
  allow("ReadAndWriteRequests", [...READS, ...CHANGES], [requests.tableArn]),
  allow("QueryRequestIndexes", ["dynamodb:Query"], indexArns(requests, INDEX)),
  allow("AddAuditEvents", ["dynamodb:PutItem"], [audit.tableArn]),
  allow("QueryAuditEvents", ["dynamodb:Query"], [audit.tableArn, ...indexArns(audit, AUDIT_INDEX)]),
  deny("DenyChangesToAuditEvents", CHANGING_ACTIONS, [audit.tableArn]),
];

/** Both queues: what stores a step wakes converge for its access, and notify for its messages. */
const sendTo = ({ converge, notify }: Queues) =>
  allow("SendToQueues", ["sqs:SendMessage"], [converge.queue.queueArn, notify.queue.queueArn]);

export const consume = (id: string, { queueArn }: IQueue) =>
  allow(
    id,
    [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:GetQueueAttributes",
    ],
    [queueArn],
  );

/**
 * Denies a function that faces people to write calls, intents, evidence, findings, delegations,
 * stops and standing access. With these it could explain a change of its own, close a finding, let
 * somebody approve or ask again, or hide an entry. The condition matches any key of a transaction,
 * so it holds however IAM reads the keys of one.
 */
const denyForgedEvidence = ({ requests, audit }: Tables): readonly PolicyStatement[] => [
  deny(
    "DenyForgedCalls",
    WRITING_ACTIONS,
    [requests.tableArn],
    anyKeyLike(...CALLS, ...STANDING, ...OPEN_FINDINGS, ...FINDING_NOTICES, ...STOP_NOTICES),
  ),
  denyRecords(audit, [...RECORDS, ...ACKNOWLEDGEMENTS, ...DELEGATIONS, ...STOPS, ...STANDING]),
];

/**
 * api adds acknowledgements to the chains of findings, and closes what is acknowledged. It writes
 * no item that makes something recorded once. So no record of its own can keep correlate from
 * recording a finding. It updates the notices of an acknowledged finding in the same transaction,
 * so among updates only those of open findings are denied.
 */
const denyMoreThanAcknowledging = ({ requests, audit }: Tables): readonly PolicyStatement[] => [
  deny("DenyForgedCalls", WRITING_ACTIONS, [requests.tableArn], anyKeyLike(...CALLS, ...STANDING)),
  deny(
    "DenyOpeningFindings",
    ["dynamodb:PutItem"],
    [requests.tableArn],
    anyKeyLike(...OPEN_FINDINGS),
  ),
  deny(
    "DenyMovingFindings",
    ["dynamodb:UpdateItem"],
    [requests.tableArn],
    allKeysLike(...OPEN_FINDINGS),
  ),
  denyRecords(audit, [...RECORDS.filter((keys) => keys !== FINDINGS), ...STANDING]),
];

/** Records that explain an event. */
const CALLS = ["CALL#*", "CALLS#*", "INTENT#*"];
/** Standing access: what was read, in the requests table, and readings on record, in the audit table. */
export const STANDING = ["STANDING#*"];
/** Pointers to the findings that nobody has acknowledged. */
export const OPEN_FINDINGS = ["OPEN#*"];
/** Notices about findings, as `subject.ts` names them. */
export const FINDING_NOTICES = ["NOTICE#finding-*"];
/** Notices about suspensions and drains. */
const STOP_NOTICES = ["NOTICE#stop-*"];
/** Chains of findings, and of their acknowledgements. */
const FINDINGS = "FIND#*";
/**
 * Items that correlate puts into the audit table: records, and keys that make each of them unique.
 */
export const RECORDS = ["EVID#*", FINDINGS, "ONCE#*", "FINDING#*", "ABOUT#*"];
const ACKNOWLEDGEMENTS = ["ACK#*"];
/** The records of delegations, which converge believes: only api adds them. */
const DELEGATIONS = ["DELEG#*"];
/** The records of stops: only api adds them. Converge follows them by a copy of its own. */
const STOPS = ["STOP#*"];

const denyRecords = (audit: BrokerTable, keys: readonly string[]) =>
  deny("DenyForgedRecords", ["dynamodb:PutItem"], [audit.tableArn], anyKeyLike(...keys));

const WRITING_ACTIONS = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"];

export const anyKeyLike = (...keys: readonly string[]) => ({
  "ForAnyValue:StringLike": { "dynamodb:LeadingKeys": [...keys] },
});

export const allKeysLike = (...keys: readonly string[]) => ({
  "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [...keys] },
  Null: { "dynamodb:LeadingKeys": "false" },
});

export interface Queues {
  readonly converge: ConvergeQueue;
  readonly notify: NotifyQueue;
}

export const apiStatements = (tables: Tables, queues: Queues) => [
  ...requestStatements(tables),
  ...denyMoreThanAcknowledging(tables),
  sendTo(queues),
];

/**
 * Requests as `api`, without acknowledgements, and its two secrets. AWS's own key for Parameter Store
 * needs no permission of its own.
 */
export const slackStatements = (tables: Tables, queues: Queues, secretArns: readonly string[]) => [
  ...requestStatements(tables),
  ...denyForgedEvidence(tables),
  sendTo(queues),
  allow("ReadSlackSecrets", ["ssm:GetParameter"], secretArns),
];

export const sweepStatements = (tables: Tables, queues: Queues) => [
  ...requestStatements(tables),
  ...denyForgedEvidence(tables),
  sendTo(queues),
  // Drift checks wait until the queue is empty.
  allow("ReadConvergeQueueLength", ["sqs:GetQueueAttributes"], [queues.converge.queue.queueArn]),
];

/**
 * Reads requests and findings, and changes nothing but what is known of messages. The token is
 * under the account's own key for SSM, which asks for no permission on KMS.
 * @param botToken the ARN of the parameter with Slack's token
 */
export const notifyStatements = (
  tables: Tables,
  { notify }: Queues,
  bus: EventBus,
  botToken: string,
) => [
  allow("ReadRequests", READS, [tables.requests.tableArn]),
  allow("QueryAuditTable", ["dynamodb:Query"], [tables.audit.tableArn]),
  allow(
    "UpdateNoticeRecords",
    ["dynamodb:UpdateItem"],
    [tables.requests.tableArn],
    allKeysLike("NOTICE#*", "PACE#*"),
  ),
  consume("ConsumeNotifyQueue", notify.queue),
  allow("PublishEvents", ["events:PutEvents"], [bus.eventBusArn]),
  allow("ReadSlackToken", ["ssm:GetParameter"], [botToken]),
];

/** @param grantorRoles ARNs of the grantor roles, in every account with clusters */
export const convergeStatements = (
  tables: Tables,
  queues: Queues,
  schedules: Schedules,
  grantorRoles: readonly string[],
) => [
  ...requestStatements(tables),
  deny(
    "DenyFindingNotices",
    WRITING_ACTIONS,
    [tables.requests.tableArn],
    anyKeyLike(...FINDING_NOTICES, ...STOP_NOTICES, ...STANDING),
  ),
  denyRecords(tables.audit, [
    ...RECORDS,
    ...ACKNOWLEDGEMENTS,
    ...DELEGATIONS,
    ...STOPS,
    ...STANDING,
  ]),
  // No update and no delete: a ledger is put whole under its revision, and emptied at its end.
  allow("ReadAndPutLedgers", ["dynamodb:GetItem", "dynamodb:PutItem"], [tables.ledger.tableArn]),
  consume("ConsumeConvergeQueue", queues.converge.queue),
  sendTo(queues),
  allow(
    "ManageSchedules",
    [
      "scheduler:CreateSchedule",
      "scheduler:GetSchedule",
      "scheduler:UpdateSchedule",
      "scheduler:DeleteSchedule",
    ],
    [schedules.scheduleArns],
  ),
  allow(
    "PassScheduleRoles",
    ["iam:PassRole"],
    [schedules.scheduleRole.roleArn, schedules.fuseRoleArn],
    { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
  ),
  allow("AssumeGrantorRoles", ["sts:AssumeRole", "sts:SetSourceIdentity"], grantorRoles),
];

/** The findings of cdk-nag in converge's statements, and why each finding stays. */
export const convergeFindings = (deployment: string) => ({
  [`IAM5[Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/${deployment}/*]`]:
    "A schedule is named after its grant, which deployment does not know. All schedules are in the broker's own group.",
});
