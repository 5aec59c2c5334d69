import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  BatchWriteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { AwsClient } from "aws4fetch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CallRecord } from "../../../../../lab/sandbox/aws/dispatch.ts";
import {
  createTable,
  engineClient,
  type GlobalTableProperties,
} from "../../../../../lab/sandbox/aws/dynamodb/create-table.ts";
import {
  type LocalEngine,
  startLocalEngine,
} from "../../../../../lab/sandbox/aws/dynamodb/local-engine.ts";
import { dynamoDbService } from "../../../../../lab/sandbox/aws/dynamodb/service.ts";
import { faultTable } from "../../../../../lab/sandbox/aws/faults.ts";
import { freePort } from "../../../../../lab/sandbox/process/network-ports.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  REGION,
  type RunningPort,
  role,
  statement,
} from "../iam-world.ts";

const TABLE: GlobalTableProperties = {
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" },
    { AttributeName: "sk", AttributeType: "S" },
    { AttributeName: "owner", AttributeType: "S" },
  ],
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "mine",
      KeySchema: [{ AttributeName: "owner", KeyType: "HASH" }],
      Projection: { ProjectionType: "ALL" },
    },
  ],
  StreamSpecification: { StreamViewType: "NEW_IMAGE" },
  TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
  Replicas: [{ DeletionProtectionEnabled: true }],
};
const ARN = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/requests`;
const all = role("all", { policy: document(statement("dynamodb:*", [ARN, `${ARN}/index/*`])) });
const api = role("api", {
  policy: document(
    statement(
      [
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:Query",
      ],
      [ARN, `${ARN}/index/mine`],
    ),
    {
      ...statement(["dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"], "*"),
      Effect: "Deny",
      Condition: { "ForAnyValue:StringLike": { "dynamodb:LeadingKeys": ["AUDIT#*"] } },
    },
  ),
});
const own = role("own", {
  policy: document(
    statement(["dynamodb:Query", "dynamodb:GetItem"], [ARN, `${ARN}/index/mine`], {
      Condition: {
        "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["REQ#1", "alice"] },
        Null: { "dynamodb:LeadingKeys": "false" },
      },
    }),
  ),
});
const reader = role("reader", {
  policy: document(
    statement(
      ["dynamodb:DescribeStream", "dynamodb:GetShardIterator", "dynamodb:GetRecords"],
      `${ARN}/stream/*`,
    ),
  ),
});
const iam = iamStore(all, api, own, reader);

let directory: string;
let engine: LocalEngine;
let port: RunningPort;
let streamLabel: string | undefined;
const calls: CallRecord[] = [];
const faults = faultTable();

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "dynamodb-local-"));
  engine = await startLocalEngine({ port: await freePort(), directory });
  ({ streamLabel } = await createTable(engineClient(engine.url, REGION), "requests", TABLE));
  port = await listen({
    services: [dynamoDbService(engine.url, { account: ACCOUNT, region: REGION })],
    iam,
    onCall: (call) => calls.push(call),
    faults: faults.take,
  });
});
afterAll(async () => {
  await port?.close();
  await engine?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const as = (of = all) => new DynamoDBClient(clientConfig(port.url, of));
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: "STATE" } });
const denied = (action: string, why: string) => ({
  name: "AccessDeniedException",
  message: expect.stringMatching(
    new RegExp(`is not authorized to perform: ${action} on resource: ${ARN}.* ${why}`),
  ),
  $metadata: expect.objectContaining({ httpStatusCode: 400 }),
});

describe("an allowed call", () => {
  test("An allowed call reaches the engine, and its answer comes back", async () => {
    const item = { ...key("REQ#1"), owner: { S: "alice" }, note: { S: "ärger — ☂" } };
    await as(api).send(new PutItemCommand({ TableName: "requests", Item: item }));
    const { Item, $metadata } = await as(api).send(
      new GetItemCommand({ TableName: "requests", Key: key("REQ#1"), ConsistentRead: true }),
    );
    expect(Item).toEqual(item);
    expect(calls.at(-1)).toMatchObject({
      service: "dynamodb",
      operation: "GetItem",
      status: 200,
      requestId: $metadata.requestId,
    });
  });

  test("A call that the engine refuses is refused in the engine's own words", async () => {
    await expect(
      as().send(
        new PutItemCommand({
          TableName: "requests",
          Item: key("REQ#1"),
          ConditionExpression: "attribute_not_exists(pk)",
        }),
      ),
    ).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
  });

  test("DescribeTable names tables and streams as AWS would", async () => {
    const { Table } = await as().send(new DescribeTableCommand({ TableName: "requests" }));
    expect(Table?.TableArn).toBe(ARN);
    expect(Table?.LatestStreamArn).toBe(`${ARN}/stream/${streamLabel}`);
    expect(Table?.DeletionProtectionEnabled).toBe(true);
  });
});

describe("a call that no policy allows", () => {
  test("A call for another table, or for an operation that no policy lists, is refused", async () => {
    await expect(as(api).send(new ScanCommand({ TableName: "requests" }))).rejects.toMatchObject(
      denied("dynamodb:Scan", "because no identity-based policy allows the dynamodb:Scan action"),
    );
    await expect(
      as(all).send(new GetItemCommand({ TableName: "ledger", Key: key("REQ#1") })),
    ).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  test("A transaction is judged by the leading keys of each of its items", async () => {
    const put = { Put: { TableName: "requests", Item: key("AUDIT#1") } };
    const remove = { Delete: { TableName: "requests", Key: key("AUDIT#0") } };
    const check = {
      ConditionCheck: {
        TableName: "requests",
        Key: key("REQ#1"),
        ConditionExpression: "attribute_exists(pk)",
      },
    };
    const send = (...TransactItems: object[]) =>
      as(api).send(new TransactWriteItemsCommand({ TransactItems }));
    await expect(send(put)).resolves.toBeDefined();
    await expect(send(put, remove)).rejects.toMatchObject(
      denied("dynamodb:DeleteItem", "with an explicit deny in an identity-based policy"),
    );
    await expect(send(put, check)).rejects.toMatchObject(
      denied("dynamodb:ConditionCheckItem", "because no"),
    );
  });

  test("A batch is judged by each of its keys", async () => {
    const write = (...keys: string[]) =>
      as(api).send(
        new BatchWriteItemCommand({
          RequestItems: {
            requests: keys.map((pk) => ({ DeleteRequest: { Key: key(pk) } })),
          },
        }),
      );
    await expect(write("REQ#8", "REQ#9")).resolves.toBeDefined();
    await expect(write("REQ#8", "AUDIT#1")).rejects.toMatchObject(
      denied("dynamodb:BatchWriteItem", "with an explicit deny"),
    );
  });

  test("A query is judged by the partition that it asks for, in a table and in an index", async () => {
    const ask = (pk: string) =>
      as(own).send(
        new QueryCommand({
          TableName: "requests",
          KeyConditionExpression: "#p = :p AND begins_with(sk, :s)",
          ExpressionAttributeNames: { "#p": "pk" },
          ExpressionAttributeValues: { ":p": { S: pk }, ":s": { S: "STATE" } },
        }),
      );
    const mine = (owner: string) =>
      as(own).send(
        new QueryCommand({
          TableName: "requests",
          IndexName: "mine",
          KeyConditionExpression: "#o=:o",
          ExpressionAttributeNames: { "#o": "owner" },
          ExpressionAttributeValues: { ":o": { S: owner } },
        }),
      );
    expect((await ask("REQ#1")).Count).toBe(1);
    await expect(ask("REQ#2")).rejects.toMatchObject(denied("dynamodb:Query", "because no"));
    expect((await mine("alice")).Count).toBe(1);
    await expect(mine("bob")).rejects.toMatchObject(denied("dynamodb:Query", "because no"));
  });

  test("An operation that is not emulated is refused by name", async () => {
    await expect(
      as().send(new ExecuteStatementCommand({ Statement: "SELECT * FROM requests" })),
    ).rejects.toMatchObject({
      name: "UnknownOperationException",
      message: "dynamodb:ExecuteStatement is not emulated by the sandbox.",
    });
  });
});

describe("a stream", () => {
  const call = async (operation: string, input: object, of = reader) => {
    const { credentials } = clientConfig(port.url, of);
    const response = await new AwsClient({
      ...credentials,
      service: "dynamodb",
      region: REGION,
      retries: 0,
    }).fetch(port.url, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `DynamoDBStreams_20120810.${operation}`,
      },
      body: JSON.stringify(input),
    });
    return JSON.parse(await response.text());
  };

  test("A stream is read under the account's own ARN, by a role that may read streams", async () => {
    await as().send(new PutItemCommand({ TableName: "requests", Item: key("REQ#1") }));
    const StreamArn = `${ARN}/stream/${streamLabel}`;
    const { StreamDescription } = await call("DescribeStream", { StreamArn });
    expect(StreamDescription.StreamArn).toBe(StreamArn);
    const { ShardIterator } = await call("GetShardIterator", {
      StreamArn,
      ShardId: StreamDescription.Shards[0].ShardId,
      ShardIteratorType: "TRIM_HORIZON",
    });
    const found: unknown[] = [];
    for (let at = ShardIterator, tries = 0; found.length === 0 && tries < 200; tries += 1) {
      const { Records, NextShardIterator } = await call("GetRecords", { ShardIterator: at });
      found.push(...Records);
      at = NextShardIterator;
      await pause(25);
    }
    expect(found).toContainEqual(
      expect.objectContaining({
        awsRegion: REGION,
        dynamodb: expect.objectContaining({ NewImage: expect.objectContaining(key("REQ#1")) }),
      }),
    );
    expect((await call("GetRecords", { ShardIterator }, api)).__type).toBe(
      "com.amazon.coral.service#AccessDeniedException",
    );
  });
});

test("A throttling fault answers DynamoDB's own error", async () => {
  faults.serve("POST", Buffer.from('{"kind":"throttle","service":"dynamodb","count":1}'));
  const get = new GetItemCommand({ TableName: "requests", Key: key("REQ#1") });
  await expect(as().send(get)).rejects.toMatchObject({
    name: "ProvisionedThroughputExceededException",
  });
  await expect(as().send(get)).resolves.toBeDefined();
});

describe("a table on disk", () => {
  test("A table on disk is kept with its stream, and refused where its keys have changed", async () => {
    const client = engineClient(engine.url, REGION);
    expect(await createTable(client, "requests", TABLE)).toEqual({ streamLabel, isNew: false });
    const { GlobalSecondaryIndexes: _gone, ...without } = TABLE;
    await expect(createTable(client, "requests", without)).rejects.toThrow("--fresh");
    await expect(
      createTable(client, "other", { ...TABLE, LocalSecondaryIndexes: [] } as never),
    ).rejects.toThrow("LocalSecondaryIndexes is not emulated");
    const replica = { ContributorInsightsSpecification: { Enabled: true } };
    await expect(
      createTable(client, "other", { ...TABLE, Replicas: [replica as never] }),
    ).rejects.toThrow("ContributorInsightsSpecification is not emulated");
    const recovery = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };
    await expect(createTable(client, "other", { ...TABLE, Replicas: [recovery] })).rejects.toThrow(
      "does not emulate point-in-time recovery of a table with a stream",
    );
  });
});
