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

/** What a failed condition means; the reason carries the stored item where ALL_OLD was asked for. */
export type Refusal = (reason: CancellationReason, cause: unknown) => Error;

/** One item of a transaction, and what it means when its condition fails. */
export interface Write {
  readonly item: TransactItem;
  readonly refused?: Refusal;
}

/**
 * Reasons that pass by themselves, as other transactions on the same items finish.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
const PASSING = new Set([
  "TransactionConflict",
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
]);

const TRIES = 6;
const FIRST_PAUSE_MS = 20;

/**
 * Writes all items or none. Two requests of one binding meet in its head, so a conflict is waited
 * out here, for a second or so. The token makes a repetition of what did succeed a success.
 *
 * @throws what the first `refused` says whose condition failed
 * @throws BrokerError `dependency-unavailable` where DynamoDB is too busy for longer
 */
export async function transactWrite(
  client: DynamoDBDocumentClient,
  writes: readonly Write[],
  random: Random,
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
      throwRefusal(writes, reasons, error);
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

function throwRefusal(
  writes: readonly Write[],
  reasons: readonly CancellationReason[],
  cause: unknown,
): void {
  for (const [at, reason] of reasons.entries()) {
    const refused = writes[at]?.refused;
    if (reason.Code === "ConditionalCheckFailed" && refused) throw refused(reason, cause);
  }
}
