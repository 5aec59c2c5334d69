import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { dynamoDbService } from "../../../../../lab/sandbox/aws/dynamodb/service.ts";
import { faultTable } from "../../../../../lab/sandbox/aws/faults.ts";
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

const writer = role("writer", { policy: document(statement("dynamodb:*")) });
const faults = faultTable();

let port: RunningPort;
let client: DynamoDBClient;
beforeAll(async () => {
  port = await listen({
    // A refused call never reaches the engine, so none runs.
    services: [dynamoDbService("http://127.0.0.1:1", { account: ACCOUNT, region: REGION })],
    iam: iamStore(writer),
    faults: faults.take,
  });
  client = new DynamoDBClient(clientConfig(port.url, writer));
});
afterEach(() => {
  expect(JSON.parse(String(faults.serve("GET", Buffer.alloc(0)).body))).toEqual({ faults: [] });
});
afterAll(async () => {
  client.destroy();
  await port.close();
});

const TableName = "requests";
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: "STATE" } });
const conflictOnce = () =>
  faults.serve("POST", Buffer.from('{"kind":"conflict","service":"dynamodb","count":1}'));

test.each([
  ["UpdateItem", () => client.send(new UpdateItemCommand({ TableName, Key: key("a") }))],
  ["PutItem", () => client.send(new PutItemCommand({ TableName, Item: key("a") }))],
  ["DeleteItem", () => client.send(new DeleteItemCommand({ TableName, Key: key("a") }))],
])("%s meets TransactionConflictException where a fault says so", async (_name, write) => {
  conflictOnce();
  await expect(write()).rejects.toMatchObject({
    name: "TransactionConflictException",
    message: "Transaction is ongoing for the item",
    $metadata: { httpStatusCode: 400 },
  });
});

test("TransactWriteItems is cancelled with a conflict as the first item's reason", async () => {
  conflictOnce();
  const write = new TransactWriteItemsCommand({
    TransactItems: [
      { Put: { TableName, Item: key("a") } },
      { Delete: { TableName, Key: key("b") } },
    ],
  });
  await expect(client.send(write)).rejects.toMatchObject({
    name: "TransactionCanceledException",
    message: expect.stringContaining("[TransactionConflict, None]"),
    CancellationReasons: [
      { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" },
      { Code: "None" },
    ],
  });
});
