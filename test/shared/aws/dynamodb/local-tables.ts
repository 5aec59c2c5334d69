import { randomUUID } from "node:crypto";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createTable, engineClient } from "../../../../lab/sandbox/aws/dynamodb/create-table.ts";
import { startLocalEngine } from "../../../../lab/sandbox/aws/dynamodb/local-engine.ts";
import { freePort } from "../../../../lab/sandbox/process/network-ports.ts";
import { AUDIT_INDEX, INDEX, type Index } from "../../../../shared/aws/dynamodb/indexes.ts";
import type { RequestTables } from "../../../../shared/aws/dynamodb/requests/request-writes.ts";
import { documentClient } from "../../../../shared/aws/dynamodb/table-client.ts";
import { emptyEngine } from "../../../worker-engine.ts";
import { tablePool } from "./table-pool.ts";

/** Tables of a DynamoDB Local in memory. */
export interface LocalTables {
  readonly client: DynamoDBDocumentClient;
  /** The name of an empty requests table. */
  requestsTable(): Promise<string>;
  /** The names of an empty requests table and an empty audit table. */
  requestTables(): Promise<RequestTables>;
  /** The name of an empty ledger table. */
  ledgerTable(): Promise<string>;
  /** After a test: the next one may get its tables, emptied. */
  takeBack(): void;
  stop(): Promise<void>;
}

const KEY = { pk: "pk", sk: "sk" };
const text = (name: string) => ({ AttributeName: name, AttributeType: "S" as const });
const schema = ({ pk, sk }: { readonly pk: string; readonly sk: string }) => [
  { AttributeName: pk, KeyType: "HASH" as const },
  { AttributeName: sk, KeyType: "RANGE" as const },
];

/**
 * The tables as the stack declares them in `infra/constructs/tables.ts`.
 *
 * @param url an engine that others use too; without one it starts its own
 */
export async function localTables(url?: string): Promise<LocalTables> {
  const own = url === undefined ? await startLocalEngine({ port: await freePort() }) : undefined;
  const plain = engineClient(url ?? own?.url ?? "", "us-west-2");
  const client = documentClient(plain);
  const pool = (kind: string, indexes: Readonly<Record<string, Index>>, ttl?: string) =>
    tablePool(client, () => tableWith(plain, `${kind}-${randomUUID()}`, indexes, ttl));
  const pools = {
    requests: pool("requests", INDEX, "ttl"),
    audit: pool("audit", AUDIT_INDEX),
    ledger: pool("ledger", {}, "ttl"),
  };
  return {
    client,
    requestsTable: pools.requests.take,
    async requestTables() {
      return { requests: await pools.requests.take(), audit: await pools.audit.take() };
    },
    ledgerTable: pools.ledger.take,
    takeBack() {
      for (const each of Object.values(pools)) each.takeBack();
    },
    async stop() {
      plain.destroy();
      await own?.stop();
    },
  };
}

let shared: Promise<LocalTables> | undefined;

/** The same for a test file. The files of a worker share the tables, and `stop` gives them back. */
export async function sharedTables(): Promise<LocalTables> {
  shared ??= emptyEngine().then(localTables);
  const tables = await shared;
  return { ...tables, stop: async () => tables.takeBack() };
}

/** As CloudFormation and DynamoDB write it. */
export function projectionOf({ holds }: Index) {
  if (holds === "everything") return { ProjectionType: "ALL" as const };
  if (holds.length === 0) return { ProjectionType: "KEYS_ONLY" as const };
  return { ProjectionType: "INCLUDE" as const, NonKeyAttributes: [...holds] };
}

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
    Projection: projectionOf(index),
  }));
  await createTable(
    client,
    name,
    all.length > 0 ? { ...common, GlobalSecondaryIndexes: all } : common,
  );
  return name;
}
