import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { INDEX } from "../../shared/aws/dynamodb/indexes.ts";
import type { NotifyQueue } from "../constructs/notify-queue.ts";
import type { Tables } from "../constructs/tables.ts";
import {
  allKeysLike,
  anyKeyLike,
  CHANGING_ACTIONS,
  consume,
  FINDING_NOTICES,
  indexArns,
  OPEN_FINDINGS,
  RECORDS,
} from "./function-statements.ts";
import { assumeReaders } from "./reader-reach.ts";
import { allow, deny } from "./statements.ts";

/**
 * Reads requests, calls and intents, takes calls off their index, adds evidence and findings, and makes
 * the notices of findings due. A record and what stands beside it are one transaction, over both
 * tables. Each condition names the keys of both, so it holds however IAM reads the keys of one. It has
 * no right on the ledger.
 *
 * @param readers ARNs of the roles under which it looks up events of other accounts
 */
export const correlateStatements = (
  { requests, audit }: Tables,
  queue: IQueue,
  { queue: notify }: NotifyQueue,
  readers: readonly string[],
) => [
  allow("ReadRequests", ["dynamodb:GetItem", "dynamodb:Query"], [requests.tableArn]),
  allow("QueryUnconfirmedCalls", ["dynamodb:Query"], indexArns(requests, ONLY_UNCONFIRMED)),
  allow("SettleCalls", ["dynamodb:UpdateItem"], [requests.tableArn], allKeysLike("CALL#*")),
  allow("AddEvidence", ["dynamodb:PutItem"], [audit.tableArn], allKeysLike(...OF_CORRELATE)),
  allow("OpenFindings", ["dynamodb:PutItem"], [requests.tableArn], beside(OPEN_FINDINGS)),
  allow("MakeNoticesDue", ["dynamodb:UpdateItem"], [requests.tableArn], beside(FINDING_NOTICES)),
  allow("WakeNotify", ["sqs:SendMessage"], [notify.queueArn]),
  allow("QueryEvidence", ["dynamodb:Query"], [audit.tableArn]),
  deny("DenyChangesToEvidence", CHANGING_ACTIONS, [audit.tableArn]),
  consume("ConsumeEvidenceQueue", queue),
  ...eventReads(),
  ...assumeReaders({ roles: readers }),
];

/** Looks up events of an account. The answers are those of all of it: LookupEvents supports no resources. */
export const eventReads = () => [allow("LookUpEvents", ["cloudtrail:LookupEvents"], ["*"])];

/** The findings of cdk-nag in these statements, and why each finding stays. */
export const EVENT_FINDINGS = {
  "IAM5[Resource::*]":
    "cloudtrail:LookupEvents does not support resource-level permissions. It only reads.",
};

const OF_CORRELATE = [...RECORDS, ...OPEN_FINDINGS, ...FINDING_NOTICES];

/** These keys, by themselves or beside others in one transaction of correlate. */
const beside = (keys: readonly string[]) => ({
  ...allKeysLike(...OF_CORRELATE),
  ...anyKeyLike(...keys),
});

const ONLY_UNCONFIRMED = { unconfirmed: INDEX.unconfirmed };
