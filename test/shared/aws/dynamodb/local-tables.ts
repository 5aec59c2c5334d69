import { randomUUID } from "node:crypto";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createTable, engineClient } from "../../../../sandbox/aws/dynamodb/create-table.ts";
import { startLocalEngine } from "../../../../sandbox/aws/dynamodb/local-engine.ts";
import { freePort } from "../../../../sandbox/process/network-ports.ts";
import { AUDIT_INDEX, INDEX } from "../../../../shared/aws/dynamodb/indexes.ts";
import type { RequestTables } from "../../../../shared/aws/dynamodb/request-writes.ts";

/** DynamoDB Local in memory, for one test file. */
export interface LocalTables {
  readonly client: DynamoDBDocumentClient;
  /** Creates an empty requests table and returns its name. */
  requestsTable(): Promise<string>;
  /** Creates an empty requests table and an empty audit table, and returns their names. */
  requestTables(): Promise<RequestTables>;
  /** Creates an empty ledger table and returns its name. */
  ledgerTable(): Promise<string>;
  stop(): Promise<void>;
}

const KEY = { pk: "pk", sk: "sk" };
const text = (name: string) => ({ AttributeName: name, AttributeType: "S" as const });
const schema = ({ pk, sk }: { readonly pk: string; readonly sk: string }) => [
  { AttributeName: pk, KeyType: "HASH" as const },
  { AttributeName: sk, KeyType: "RANGE" as const },
];

/** The tables as the stack declares them in `infra/constructs/tables.ts`. */
export async function localTables(): Promise<LocalTables> {
  const engine = await startLocalEngine({ port: await freePort() });
  const plain = engineClient(engine.url, "us-west-2");
  const requestsTable = () => tableWith(plain, `requests-${randomUUID()}`, INDEX, "ttl");
  return {
    client: DynamoDBDocumentClient.from(plain, {
      marshallOptions: { removeUndefinedValues: true },
    }),
    requestsTable,
    async requestTables() {
      const audit = await tableWith(plain, `audit-${randomUUID()}`, AUDIT_INDEX);
      return { requests: await requestsTable(), audit };
    },
    ledgerTable: () => tableWith(plain, `ledger-${randomUUID()}`, {}, "ttl"),
    async stop() {
      plain.destroy();
      await engine.stop();
    },
  };
}

type Index = Readonly<Record<"name" | "pk" | "sk", string>>;

async function tableWith(
  client: Parameters<typeof createTable>[0],
  name: string,
  of: Readonly<Record<string, Index>>,
  ttl?: string,
): Promise<string> {
  const indexes = Object.values(of);
  const common = {
    AttributeDefinitions: [KEY, ...indexes].flatMap(({ pk, sk }) => [text(pk), text(sk)]),
    KeySchema: schema(KEY),
    Replicas: [{}],
    ...(ttl ? { TimeToLiveSpecification: { AttributeName: ttl, Enabled: true } } : {}),
  };
  const all = indexes.map((index) => ({
    IndexName: index.name,
    KeySchema: schema(index),
    Projection: { ProjectionType: "ALL" as const },
  }));
  await createTable(
    client,
    name,
    all.length > 0 ? { ...common, GlobalSecondaryIndexes: all } : common,
  );
  return name;
}
