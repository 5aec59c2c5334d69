/** Tables behind the port, on DynamoDB Local in memory, with a clock that stands until the test moves it. */
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { AwsClient } from "aws4fetch";
import {
  createTable,
  engineClient,
  type GlobalTableProperties,
} from "../../../../../lab/sandbox/aws/dynamodb/create-table.ts";
import { declareTable } from "../../../../../lab/sandbox/aws/dynamodb/declare-table.ts";
import { dynamoDbService } from "../../../../../lab/sandbox/aws/dynamodb/service.ts";
import { emptyDynamoDbState } from "../../../../../lab/sandbox/aws/dynamodb/state.ts";
import { memoryStore } from "../../../../../lab/sandbox/aws/store.ts";
import { emptyEngine } from "../../../../worker-engine.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  REGION,
  role,
  statement,
} from "../iam-world.ts";

const text = (AttributeName: string) => ({ AttributeName, AttributeType: "S" as const });
const keys = (pk: string, sk: string) => [
  { AttributeName: pk, KeyType: "HASH" as const },
  { AttributeName: sk, KeyType: "RANGE" as const },
];

/** As the template declares one: with an index, a time to live, recovery, protection and a tag. */
const TABLE: GlobalTableProperties = {
  AttributeDefinitions: ["pk", "sk", "duePk", "dueSk"].map(text),
  KeySchema: keys("pk", "sk"),
  GlobalSecondaryIndexes: [
    {
      IndexName: "due",
      KeySchema: keys("duePk", "dueSk"),
      Projection: { ProjectionType: "KEYS_ONLY" },
    },
  ],
  TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
  Replicas: [
    {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      Tags: [{ Key: "team", Value: "platform" }],
    },
  ],
};

const ALL = role("all", { policy: document(statement("dynamodb:*")) });
const RESTORER = role("restorer", {
  policy: document(statement("dynamodb:RestoreTableToPointInTime")),
});

export type TableWorld = Awaited<ReturnType<typeof tableWorld>>;

export async function tableWorld() {
  const engine = await emptyEngine();
  const direct = engineClient(engine, REGION);
  const tables = memoryStore(emptyDynamoDbState());
  let time = Date.parse("2026-11-24T10:00:00Z");
  let made = 0;
  const place = { account: ACCOUNT, region: REGION };
  const open = () =>
    listen({
      services: [dynamoDbService(engine, place, { tables, now: () => time })],
      iam: iamStore(ALL, RESTORER),
    });
  let port = await open();
  const world = {
    all: new DynamoDBClient(clientConfig(port.url, ALL)),
    restorer: new DynamoDBClient(clientConfig(port.url, RESTORER)),
    arn: (name: string) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`,
    /** Seconds since 1970. */
    second: () => time / 1000,
    /** Lets these seconds pass. */
    pass(seconds: number) {
      time += seconds * 1000;
    },
    /** Makes a new table. @returns its name */
    async declare(): Promise<string> {
      made += 1;
      const name = `table-${made}`;
      await declareTable(direct, tables, name, TABLE, time);
      return name;
    },
    /** The ARN of the stream that the engine has of a table, in the account's names. */
    async hiddenStream(TableName: string): Promise<string> {
      const { Table } = await direct.send(new DescribeTableCommand({ TableName }));
      return `${world.arn(TableName)}/stream/${Table?.LatestStreamLabel}`;
    },
    /** Calls DynamoDB Streams. @returns the answer's JSON */
    async streams(operation: string, input: object): Promise<unknown> {
      const { credentials } = clientConfig(port.url, ALL);
      const client = new AwsClient({
        ...credentials,
        service: "dynamodb",
        region: REGION,
        retries: 0,
      });
      const response = await client.fetch(port.url, {
        method: "POST",
        headers: {
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": `DynamoDBStreams_20120810.${operation}`,
        },
        body: JSON.stringify(input),
      });
      return response.json();
    },
    /** A table as an earlier release of the sandbox made it, which this one finds in its folder. @returns its name */
    async find(): Promise<string> {
      made += 1;
      const name = `table-${made}`;
      await createTable(direct, name, { ...TABLE, Replicas: [{}] });
      await declareTable(direct, tables, name, TABLE, time);
      return name;
    },
    /** A service that knows only what was kept. */
    async startAgain(): Promise<void> {
      await port.close();
      port = await open();
      world.all = new DynamoDBClient(clientConfig(port.url, ALL));
      world.restorer = new DynamoDBClient(clientConfig(port.url, RESTORER));
    },
    async stop(): Promise<void> {
      await port.close();
      direct.destroy();
    },
  };
  return world;
}
