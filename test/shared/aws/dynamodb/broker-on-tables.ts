/** A broker on fakes whose tables are DynamoDB's own, and somebody who can write one of them. */

import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { ALICE, PROD } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { INDEX } from "../../../../shared/aws/dynamodb/indexes.ts";
import {
  driftCheckPk,
  duePk,
  headKey,
  removalPk,
  SHARDS,
} from "../../../../shared/aws/dynamodb/keys.ts";
import { dynamoLedgerStore } from "../../../../shared/aws/dynamodb/ledger/dynamo-ledger-store.ts";
import { dynamoBindingStore } from "../../../../shared/aws/dynamodb/requests/dynamo-binding-store.ts";
import { dynamoRequestStore } from "../../../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import { systemRandom } from "../../../../shared/aws/machine/system-random.ts";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import type { LocalTables } from "./local-tables.ts";

/** Alice's entry on prod. */
export const BINDING = bindingKey(PROD.arn, ALICE);

const INDEXES = [
  { ...INDEX.removal, of: removalPk },
  { ...INDEX.due, of: duePk },
  { ...INDEX.driftCheck, of: driftCheckPk },
] as const;

/** A broker whose requests, bindings and ledgers are in DynamoDB Local. */
export async function brokerOnTables(local: LocalTables) {
  const { client } = local;
  const names = await local.requestTables();
  const ledger = await local.ledgerTable();
  const broker = memoryBroker({
    stores: (clock) => ({
      requests: dynamoRequestStore(client, names, systemRandom),
      bindings: dynamoBindingStore(client, names.requests, { clock, random: systemRandom }),
      ledgers: dynamoLedgerStore(client, ledger, { clock, random: systemRandom }),
    }),
  });
  const put = (item: Readonly<Record<string, unknown>>) =>
    client.send(new PutCommand({ TableName: names.requests, Item: item }));
  const head = async () => {
    const Key = headKey(BINDING);
    return (await client.send(new GetCommand({ TableName: names.requests, Key }))).Item;
  };
  /** Sets an attribute of the head, as somebody else would. */
  const spoil = (name: string, value: unknown) =>
    client.send(
      new UpdateCommand({
        TableName: names.requests,
        Key: headKey(BINDING),
        UpdateExpression: "SET #name = :value",
        ExpressionAttributeNames: { "#name": name },
        ExpressionAttributeValues: { ":value": value },
      }),
    );
  /** How many items are in the indexes of what is due. */
  async function indexed() {
    const queries = INDEXES.flatMap(({ name, pk, of }) =>
      Array.from({ length: SHARDS }, (_, shard) =>
        client.send(
          new QueryCommand({
            TableName: names.requests,
            IndexName: name,
            KeyConditionExpression: "#pk = :pk",
            ExpressionAttributeNames: { "#pk": pk },
            ExpressionAttributeValues: { ":pk": of(shard) },
          }),
        ),
      ),
    );
    return (await Promise.all(queries)).reduce((sum, { Count }) => sum + (Count ?? 0), 0);
  }
  return { broker, names, put, head, spoil, indexed };
}
