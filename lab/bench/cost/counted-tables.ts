/** Empty tables, and a client of them that counts what they use. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { TableNames } from "../../../test/golden/table-broker.ts";
import type { LocalTables } from "../../../test/shared/aws/dynamodb/local-tables.ts";
import { countUnits } from "./counted-client.ts";
import type { Meter } from "./meter.ts";

/** Empty tables on DynamoDB Local, and a client of them that counts. */
interface CountedTables {
  readonly client: DynamoDBDocumentClient;
  readonly names: CostTables;
}

/** The names of the tables, and of that with facts. */
export interface CostTables extends TableNames {
  readonly facts: string;
}

export async function countedTables(tables: LocalTables, meter: Meter): Promise<CountedTables> {
  const [names, copies] = [await made(tables), await made(tables)];
  const client = anotherClient(tables.client);
  const pairs = (["requests", "audit", "ledger", "facts"] as const).map(
    (table) => [names[table], copies[table]] as const,
  );
  countUnits(client, meter, { client: tables.client, names: new Map(pairs) });
  return { client, names };
}

const made = async (tables: LocalTables): Promise<CostTables> => ({
  ...(await tables.requestTables()),
  ledger: await tables.ledgerTable(),
  // Its keys are those of the ledger.
  facts: await tables.ledgerTable(),
});

/** Reads and writes on it are not counted on the first client. */
function anotherClient({ config }: DynamoDBDocumentClient): DynamoDBDocumentClient {
  const { endpoint, region, credentials } = config;
  return DynamoDBDocumentClient.from(
    new DynamoDBClient({ ...(endpoint ? { endpoint } : {}), region, credentials }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
}
