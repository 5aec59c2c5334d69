import type { ForwardedService } from "../forwarded-service.ts";
import { jsonBody } from "../json-body.ts";
import { wireOf } from "../protocols.ts";
import type { Protocol } from "../service.ts";
import type { SignedRequest } from "../signed-request.ts";
import { memoryStore, type Store } from "../store.ts";
import type { Answer } from "../wire.ts";
import { engineClient } from "./create-table.ts";
import { engineCalls } from "./engine-call.ts";
import { asAccounts, type Pass, passTo } from "./engine-port.ts";
import { beingCreated, notFound } from "./errors.ts";
import { partitionKeysFrom } from "./key-schemas.ts";
import { OPERATIONS, permissionsOf, tablesOf } from "./permissions.ts";
import { type DynamoDbState, emptyDynamoDbState } from "./state.ts";
import { shownTable } from "./table-description.ts";
import { type Place, tableNameOf } from "./table-names.ts";
import { TABLE_OPERATIONS } from "./table-operations.ts";
import { type EngineTable, isCreating, stateOf, type TableWorld } from "./table-world.ts";
import { transactionConflict } from "./transaction-conflict.ts";
import { writeLog } from "./write-log.ts";

const PROTOCOL: Protocol = {
  kind: "json",
  version: "1.0",
  targetPrefixes: ["DynamoDB_20120810.", "DynamoDBStreams_20120810."],
  queryError: false,
  errorNamespace: "com.amazonaws.dynamodb.v20120810#",
};

export interface DynamoDbOptions {
  /** The state of tables that the engine does not keep; lost with the service if absent. */
  readonly tables?: Store<DynamoDbState>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Amazon DynamoDB and DynamoDB Streams: DynamoDB Local behind the port's signatures and policies, and what it does not
 * know of tables.
 */
export function dynamoDbService(
  engineUrl: string,
  place: Place,
  { tables = memoryStore(emptyDynamoDbState()), now = Date.now }: DynamoDbOptions = {},
): ForwardedService {
  const partitionKeysOf = partitionKeysFrom(engineClient(engineUrl, place.region));
  const engine = engineCalls(engineUrl);
  const log = writeLog(engine, tables, now);
  const world: TableWorld = { engine, place, tables, log, now };
  const pass = passTo(engineUrl, place);
  return {
    name: "dynamodb",
    protocol: PROTOCOL,
    throttled: [
      "ProvisionedThroughputExceededException",
      400,
      "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.",
    ],
    conflict: transactionConflict,
    operations: OPERATIONS,
    permissions: async (operation, input) => {
      const checks = await permissionsOf(operation, input, place, partitionKeysOf);
      return checks.map((check) => ({ ...check, resource: asAccounts(place, check.resource) }));
    },
    forward: async ({ operation, input }, request, requestId) => {
      const own = TABLE_OPERATIONS.get(operation);
      if (!own) return passed(world, pass, { operation, input, request, requestId });
      const answer = wireOf(PROTOCOL).answer(operation, await own(world, input), requestId);
      return { ...answer, body: asAccounts(place, String(answer.body)) };
    },
  };
}

interface PassedCall {
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly request: SignedRequest;
  readonly requestId: string;
}

/** Has the engine carry out a call, where the table is there for others than the engine. */
async function passed(
  world: TableWorld,
  pass: Pass,
  { operation, input, request, requestId }: PassedCall,
): Promise<Answer> {
  const names = tablesOf(operation, input).map((named) => tableNameOf(world.place, named));
  demandThere(world, operation, input, names);
  await world.log.beforeWrite(operation, names);
  const answer = await pass(operation, byName(world, input, request), requestId);
  if (answer.status !== 200) return answer;
  if (operation === "DescribeTable") return withTable(world, names[0] ?? "", answer);
  return operation === "ListStreams" ? withoutLogs(world, answer) : answer;
}

/** Operations that answer for a table while it is being restored. */
const WHILE_CREATING = new Set(["DescribeTable", "DescribeTimeToLive"]);

/** @throws AwsError for a table that is being restored, and for the stream by which the sandbox knows the past */
function demandThere(
  world: TableWorld,
  operation: string,
  input: Record<string, unknown>,
  names: readonly string[],
): void {
  const creating = names.find((name) => isCreating(world, name));
  if (creating !== undefined && operation === "UpdateTimeToLive") throw beingCreated(creating);
  if (creating !== undefined && !WHILE_CREATING.has(operation)) throw notFound();
  const [, streamed] = /:table\/([\w.-]+)\/stream\//.exec(streamOf(input)) ?? [];
  if (streamed !== undefined && isLog(world, streamed)) throw notFound();
}

const streamOf = ({ StreamArn: arn, ShardIterator: iterator }: Record<string, unknown>): string =>
  String(arn ?? iterator ?? "");

const isLog = (world: TableWorld, table: string): boolean =>
  stateOf(world, table).recovery !== undefined;

/** The engine takes only a table's name. */
function byName(
  { place }: TableWorld,
  input: Record<string, unknown>,
  request: SignedRequest,
): SignedRequest {
  const { TableName: named } = input;
  if (named === undefined || !String(named).startsWith("arn:")) return request;
  const TableName = tableNameOf(place, named);
  return { ...request, body: Buffer.from(JSON.stringify({ ...input, TableName })) };
}

function withTable(world: TableWorld, name: string, answer: Answer): Answer {
  const { Table } = jsonBody(Buffer.from(answer.body));
  return {
    ...answer,
    body: JSON.stringify({ Table: shownTable(world, name, Table as EngineTable) }),
  };
}

function withoutLogs(world: TableWorld, answer: Answer): Answer {
  const { Streams, ...others } = jsonBody(Buffer.from(answer.body));
  const all = (Array.isArray(Streams) ? Streams : []) as readonly { readonly TableName: string }[];
  const shown = all.filter(({ TableName: table }) => !isLog(world, table));
  return { ...answer, body: JSON.stringify({ ...others, Streams: shown }) };
}
