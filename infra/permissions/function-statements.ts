/**
 * What each function may do, written by hand: CDK's grants give whole families of actions, and
 * here the difference between what faces the internet and what touches a cluster is the point.
 */
import type { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { ConvergeQueue } from "../constructs/converge-queue.ts";
import type { Schedules } from "../constructs/schedules.ts";
import { REQUESTS_INDEXES, type Tables } from "../constructs/tables.ts";
import { allow, deny } from "./statements.ts";

/** TransactWriteItems and TransactGetItems are authorised as these, item by item. */
const ITEM_ACTIONS = [
  "dynamodb:GetItem",
  "dynamodb:PutItem",
  "dynamodb:UpdateItem",
  "dynamodb:DeleteItem",
  "dynamodb:ConditionCheckItem",
];

/** Every way to change an item that is there already, PutItem apart: evidence is written by it. */
const CHANGING_ACTIONS = [
  "dynamodb:UpdateItem",
  "dynamodb:DeleteItem",
  "dynamodb:BatchWriteItem",
  "dynamodb:PartiQLInsert",
  "dynamodb:PartiQLUpdate",
  "dynamodb:PartiQLDelete",
];

/**
 * Read and write requests; of audit events, add only. The deny outlives any allow that somebody
 * adds later. IAM sees no condition expressions, so that a PutItem over an event is not stopped
 * here: it breaks the event's hash chain, unless all that follows is written anew with it.
 */
const useRequests = (table: TableV2): readonly PolicyStatement[] => [
  allow("UseRequests", [...ITEM_ACTIONS, "dynamodb:Query"], [table.tableArn]),
  allow(
    "QueryIndexes",
    ["dynamodb:Query"],
    REQUESTS_INDEXES.map((index) => `${table.tableArn}/index/${index}`),
  ),
  deny("KeepAuditEvents", CHANGING_ACTIONS, [table.tableArn], {
    "ForAnyValue:StringLike": { "dynamodb:LeadingKeys": ["AUDIT#*"] },
  }),
];

const send = (queue: IQueue) => allow("AskConverge", ["sqs:SendMessage"], [queue.queueArn]);

export const apiStatements = (tables: Tables, converge: ConvergeQueue) => [
  ...useRequests(tables.requests),
  send(converge.queue),
];

export const sweepStatements = (tables: Tables, converge: ConvergeQueue) => [
  ...useRequests(tables.requests),
  send(converge.queue),
  allow("SeeBacklog", ["sqs:GetQueueAttributes"], [converge.queue.queueArn]),
];

/** @param grantorRoles the ARNs of the roles that it may assume, in every account with clusters */
export const convergeStatements = (
  tables: Tables,
  converge: ConvergeQueue,
  schedules: Schedules,
  grantorRoles: readonly string[],
) => [
  ...useRequests(tables.requests),
  // Neither deletes nor updates: a ledger is put whole under its revision, and emptied at its end.
  allow("UseLedger", ["dynamodb:GetItem", "dynamodb:PutItem"], [tables.ledger.tableArn]),
  allow(
    "Consume",
    [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:GetQueueAttributes",
    ],
    [converge.queue.queueArn],
  ),
  send(converge.queue),
  allow(
    "ArmEnds",
    [
      "scheduler:CreateSchedule",
      "scheduler:GetSchedule",
      "scheduler:UpdateSchedule",
      "scheduler:DeleteSchedule",
    ],
    [schedules.scheduleArns],
  ),
  allow(
    "LendScheduleRoles",
    ["iam:PassRole"],
    [schedules.scheduleRole.roleArn, schedules.fuseRole.roleArn],
    { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
  ),
  allow("ReachClusters", ["sts:AssumeRole", "sts:SetSourceIdentity"], grantorRoles),
];

/** What cdk-nag finds in them, and why it stays. */
export const CONVERGE_FINDINGS = {
  "IAM5[Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/timelatch/*]":
    "A schedule is named for its grant, which is not known at deployment; all are in the broker's own group.",
};
