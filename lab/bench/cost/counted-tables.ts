/** Empty tables on DynamoDB Local, and a client of them that counts. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { TableNames } from "../../../test/golden/table-broker.ts";
import type { LocalTables } from "../../../test/shared/aws/dynamodb/local-tables.ts";
import { countUnits } from "./counted-client.ts";
import type { Meter } from "./meter.ts";

export interface CountedTables {
  readonly client: DynamoDBDocumentClient;
  readonly names: TableNames;
}

export async function countedTables(tables: LocalTables, meter: Meter): Promise<CountedTables> {
  const [names, copies] = [await made(tables), await made(tables)];
  const client = anotherClient(tables.client);
  const pairs = (["requests", "audit", "ledger"] as const).map(
    (table) => [names[table], copies[table]] as const,
  );
  countUnits(client, meter, { client: tables.client, names: new Map(pairs) });
  return { client, names };
}

const made = async (tables: LocalTables): Promise<TableNames> => ({
  ...(await tables.requestTables()),
  ledger: await tables.ledgerTable(),
});

/** Reads and writes on it are not counted on the first client. */
function anotherClient({ config }: DynamoDBDocumentClient): DynamoDBDocumentClient {
  const { endpoint, region, credentials } = config;
  return DynamoDBDocumentClient.from(
    new DynamoDBClient({ ...(endpoint ? { endpoint } : {}), region, credentials }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
}
