import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
} from "@aws-sdk/lib-dynamodb";
import type { Ledger } from "../domain/ledger.ts";
import type { LedgerStore } from "../ports/ledger-store.ts";
import { ledgerKey, SCHEMA } from "./keys.ts";

/** Ledgers in a table of their own, which converge alone may write. */
export function dynamoLedgerStore(client: DynamoDBDocumentClient, table: string): LedgerStore {
  return {
    async load(binding) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: ledgerKey(binding), ConsistentRead: true }),
      );
      return Item?.["ledger"] as Ledger | undefined;
    },

    async save(ledger) {
      const item = { ...ledgerKey(ledger.binding), schema: SCHEMA, ledger };
      await client.send(new PutCommand({ TableName: table, Item: item }));
    },

    async remove(binding) {
      await client.send(new DeleteCommand({ TableName: table, Key: ledgerKey(binding) }));
    },
  };
}
