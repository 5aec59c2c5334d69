import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type CancellationReason, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { BrokerError } from "../../domain/values/errors.ts";
import type { Random } from "../../ports/random.ts";

type TransactItem = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

/** The error for a failed condition. The reason has the stored item if ALL_OLD was asked for. */
export type Refusal = (reason: CancellationReason, cause: unknown) => Error;

/** One item of a transaction, and the error if its condition fails. */
export interface Write {
  readonly item: TransactItem;
  readonly refused?: Refusal;
  /**
   * Written in its place where DynamoDB finds the item invalid: others may have spoiled what it updates.
   * `"left-out"` writes the others without it.
   */
  readonly instead?: TransactItem | "left-out";
}

/**
 * Reasons that pass once other transactions on the same items have finished.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
const PASSING = new Set([
  "TransactionConflict",
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
]);

/** DynamoDB takes no such item, such as one that an update would make too large. */
const INVALID = "ValidationError";

const TRIES = 6;
const FIRST_PAUSE_MS = 20;

/**
 * Writes all items or none. Requests of one binding share its head, so conflicts are retried here
 * for about a second. With the token, repeating a write that had succeeded counts as success.
 *
 * @param refusalOf the error of those whose condition failed, in the order of the writes: by default the first
 * @throws that error
 * @throws BrokerError `dependency-unavailable` if DynamoDB stays too busy
 */
export async function transactWrite(
  client: DynamoDBDocumentClient,
  writes: readonly Write[],
  random: Random,
  refusalOf: (refusals: readonly [Error, ...Error[]]) => Error = ([first]) => first,
): Promise<void> {
  const command = {
    TransactItems: writes.map(({ item }) => item),
    ClientRequestToken: randomUUID(),
  };
  for (let tries = 1; ; tries += 1) {
    try {
      await client.send(new TransactWriteCommand(command));
      return;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = error.CancellationReasons ?? [];
      const [first, ...more] = refusalsIn(writes, reasons, error);
      if (first) throw refusalOf([first, ...more]);
      const others = insteadOf(writes, reasons);
      if (others) return transactWrite(client, others, random, refusalOf);
      if (!reasons.some(({ Code }) => Code !== undefined && PASSING.has(Code))) throw error;
      if (tries === TRIES)
        throw new BrokerError(
          "dependency-unavailable",
          "The table is too busy right now. Nothing was written; try again.",
          {},
          { cause: error },
        );
      await pause(random.fraction() * FIRST_PAUSE_MS * 2 ** tries);
    }
  }
}

/** The writes with each invalid item replaced or left out; undefined where no such item is invalid. */
function insteadOf(
  writes: readonly Write[],
  reasons: readonly CancellationReason[],
): readonly Write[] | undefined {
  let isChanged = false;
  const others = writes.flatMap((write, at) => {
    const { instead } = write;
    if (instead === undefined || reasons[at]?.Code !== INVALID) return write;
    isChanged = true;
    return instead === "left-out" ? [] : { item: instead };
  });
  return isChanged ? others : undefined;
}

const refusalsIn = (
  writes: readonly Write[],
  reasons: readonly CancellationReason[],
  cause: unknown,
): readonly Error[] =>
  reasons.flatMap((reason, at) => {
    const refused = writes[at]?.refused;
    return reason.Code === "ConditionalCheckFailed" && refused ? [refused(reason, cause)] : [];
  });
