/** Statements for outside, and for those who read what it stores. */
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { BrokerTable } from "../constructs/tables.ts";
import { consume } from "./function-statements.ts";
import { allow } from "./statements.ts";

/** The parts that outside shares with other functions. */
export interface OutsideParts {
  readonly facts: BrokerTable;
  readonly queue: IQueue;
  /** The queue by which outside wakes sweep. Absent where access.yaml names no tracker of tickets. */
  readonly wake?: IQueue;
}

/**
 * Its own table, its queue and its tokens. It has no right on requests, audit events or the ledger: whoever
 * takes it over can say who is on call and what a ticket is, and nothing else.
 *
 * @param tokens ARNs of the parameters with the tokens of the services that access.yaml names
 */
export const outsideStatements = (
  { facts, queue, wake }: OutsideParts,
  tokens: readonly string[],
) => [
  allow("ReadAndStoreFacts", ["dynamodb:BatchGetItem", "dynamodb:PutItem"], [facts.tableArn]),
  consume("ConsumeOutsideQueue", queue),
  allow("ReadOutsideTokens", ["ssm:GetParameter"], tokens),
  ...(wake ? [allow("WakeSweep", ["sqs:SendMessage"], [wake.queueArn])] : []),
];

/** Reads facts, to judge by them. Nobody but outside writes them. */
const readFacts = (parts: OutsideParts | undefined) =>
  parts ? [allow("ReadFacts", ["dynamodb:BatchGetItem"], [parts.facts.tableArn])] : [];

/** Reads facts, and has outside look again. */
export const askOutside = (parts: OutsideParts | undefined) =>
  parts
    ? [...readFacts(parts), allow("SendToOutside", ["sqs:SendMessage"], [parts.queue.queueArn])]
    : [];

/** Reads facts; where grants end with tickets, has them looked at. */
export const askAboutTickets = (parts: OutsideParts | undefined) =>
  parts?.wake ? askOutside(parts) : readFacts(parts);

/** The same; where requests wait for tickets, takes the messages about them. */
export const settleByFacts = (parts: OutsideParts | undefined) => [
  ...askAboutTickets(parts),
  ...(parts?.wake ? [consume("ConsumeFactWakeQueue", parts.wake)] : []),
];
