/** Statements for outside, and for those who read what it stores. */
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { BrokerTable } from "../constructs/tables.ts";
import { consume } from "./function-statements.ts";
import { allow } from "./statements.ts";

/** The parts that outside shares with other functions. */
export interface OutsideParts {
  readonly facts: BrokerTable;
  readonly queue: IQueue;
  /** Whether access.yaml names a tracker of tickets. */
  readonly asksTickets: boolean;
}

/**
 * Its own table, its queue and its tokens, and a start of ticket-sweep. It has no right on requests, audit events or the ledger: whoever
 * takes it over can say who is on call and what a ticket is, and nothing else.
 *
 * @param tokens ARNs of the parameters with the tokens of the services that access.yaml names
 * @param ticketSweep the ARN of the function that it wakes; undefined where access.yaml names no tracker
 */
export const outsideStatements = (
  { facts, queue }: Pick<OutsideParts, "facts" | "queue">,
  tokens: readonly string[],
  ticketSweep: string | undefined,
) => [
  allow("ReadAndStoreFacts", ["dynamodb:BatchGetItem", "dynamodb:PutItem"], [facts.tableArn]),
  consume("ConsumeOutsideQueue", queue),
  allow("ReadOutsideTokens", ["ssm:GetParameter"], tokens),
  ...(ticketSweep === undefined
    ? []
    : [allow("WakeTicketSweep", ["lambda:InvokeFunction"], [ticketSweep])]),
];

/** Reads facts, to judge by them. Nobody but outside writes them. */
const readFacts = (parts: OutsideParts | undefined) =>
  parts ? [allow("ReadFacts", ["dynamodb:BatchGetItem"], [parts.facts.tableArn])] : [];

/** Reads facts, and has outside look again. */
export const askOutside = (parts: OutsideParts | undefined) =>
  parts
    ? [...readFacts(parts), allow("SendToOutside", ["sqs:SendMessage"], [parts.queue.queueArn])]
    : [];

/** Reads facts; where rules ask about tickets, has them looked at. */
export const askAboutTickets = (parts: OutsideParts | undefined) =>
  parts?.asksTickets ? askOutside(parts) : readFacts(parts);
