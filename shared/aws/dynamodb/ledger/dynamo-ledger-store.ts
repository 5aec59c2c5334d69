import { randomUUID } from "node:crypto";
import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
} from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { type Ledger, mayForget } from "../../../domain/entries/ledger.ts";
import type { Clock } from "../../../ports/clock.ts";
import { LedgerConflict, type LedgerStore, LedgerTooLarge } from "../../../ports/ledger-store.ts";
import type { Random } from "../../../ports/random.ts";
import { ledgerKey, ledgerTtl, SCHEMA } from "../keys.ts";
import { writeItem } from "../write-item.ts";
import { ledgerOf, storedLedger } from "./ledger-item.ts";

/**
 * Ledgers in their own table, which only converge may write.
 * @param clock for when an emptied ledger may be deleted, a day later
 * @param random jitter for retries
 */
export function dynamoLedgerStore(
  client: DynamoDBDocumentClient,
  table: string,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): LedgerStore {
  return {
    async load(binding) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: ledgerKey(binding), ConsistentRead: true }),
      );
      return Item && ledgerOf(Item["ledger"]);
    },

    async save(ledger) {
      const saved = { ...ledger, revision: ledger.revision + 1 };
      // The client repeats a put if the answer was lost. This id identifies our own write.
      const savedBy = randomUUID();
      const command = new PutCommand({
        TableName: table,
        Item: {
          ...ledgerKey(ledger.binding),
          schema: SCHEMA,
          revision: saved.revision,
          savedBy,
          ledger: storedLedger(saved),
          ...(mayForget(saved) ? { ttl: ledgerTtl(clock.now()) } : {}),
        },
        ...conditionOn(ledger),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      try {
        await writeItem(random, () => client.send(command));
      } catch (error) {
        if (isTooLarge(error))
          throw new LedgerTooLarge(
            `DynamoDB takes no ledger as large as the one after revision ${ledger.revision}. Nothing was written; end something on this entry.`,
            { cause: error },
          );
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        if (error.Item?.["savedBy"]?.S !== savedBy)
          throw new LedgerConflict(
            `Another run saved the ledger after revision ${ledger.revision}. Nothing was written; load it again.`,
            { cause: error },
          );
      }
      return saved;
    },
  };
}

/** DynamoDB has one error for all that is wrong with a put. Its text says that it is the size. */
const isTooLarge = (error: unknown): boolean =>
  error instanceof DynamoDBServiceException &&
  error.name === "ValidationException" &&
  /item size/i.test(error.message);

const conditionOn = ({ revision }: Ledger) =>
  revision === 0
    ? { ConditionExpression: "attribute_not_exists(pk)" }
    : {
        ConditionExpression: "revision = :revision",
        ExpressionAttributeValues: { ":revision": revision },
      };
