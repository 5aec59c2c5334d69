import { randomUUID } from "node:crypto";
import { once } from "node:events";
import net from "node:net";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createTable, engineClient } from "../../../../sandbox/aws/dynamodb/create-table.ts";
import { startLocalEngine } from "../../../../sandbox/aws/dynamodb/local-engine.ts";
import { INDEX } from "../../../../shared/aws/dynamodb/indexes.ts";

/** DynamoDB Local in memory, for one test file. */
export interface LocalTables {
  readonly client: DynamoDBDocumentClient;
  /** Creates an empty requests table and returns its name. */
  requestsTable(): Promise<string>;
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
  const indexes = Object.values(INDEX);
  return {
    client: DynamoDBDocumentClient.from(plain, {
      marshallOptions: { removeUndefinedValues: true },
    }),
    async requestsTable() {
      const name = `requests-${randomUUID()}`;
      await createTable(plain, name, {
        AttributeDefinitions: [KEY, ...indexes].flatMap(({ pk, sk }) => [text(pk), text(sk)]),
        KeySchema: schema(KEY),
        GlobalSecondaryIndexes: indexes.map((index) => ({
          IndexName: index.name,
          KeySchema: schema(index),
          Projection: { ProjectionType: "ALL" },
        })),
        TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
        Replicas: [{}],
      });
      return name;
    },
    async ledgerTable() {
      const name = `ledger-${randomUUID()}`;
      await createTable(plain, name, {
        AttributeDefinitions: [text(KEY.pk), text(KEY.sk)],
        KeySchema: schema(KEY),
        TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
        Replicas: [{}],
      });
      return name;
    },
    async stop() {
      plain.destroy();
      await engine.stop();
    },
  };
}

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0);
  await once(probe, "listening");
  const { port } = probe.address() as net.AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
