/** Items in the table of facts as large as items may be: whoever takes `outside` over may put them, and nobody deletes them. */
import type { BatchGetCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { expect, it } from "vitest";
import { dynamoFactStore } from "../../../../../shared/aws/dynamodb/facts/dynamo-fact-store.ts";

const AT = "2026-12-01T02:00:00.000Z";
/** A call answers 16 MB at most, and each item has up to 400 KB. */
const ITEMS_A_CALL = 41;
const KEYS = Array.from({ length: 42 }, (_, at) => `jira/example.atlassian.net/PAY-${at + 1}`);

it("All readings are read, also where one answer of DynamoDB does not hold them", async () => {
  const client = {
    send: async ({ input }: BatchGetCommand) => {
      const keys = input.RequestItems?.["facts"]?.Keys ?? [];
      const left = keys.slice(ITEMS_A_CALL);
      const items = keys.slice(0, ITEMS_A_CALL).map((key) => {
        const ticket = String(key["pk"]).slice("TICKET#".length);
        return { ...key, reading: { ticket, lookedAt: AT } };
      });
      const more = left.length > 0 ? { facts: { Keys: left } } : {};
      return { Responses: { facts: items }, UnprocessedKeys: more };
    },
  };
  const store = dynamoFactStore(client as unknown as DynamoDBDocumentClient, "facts");
  expect((await store.tickets(KEYS)).size).toBe(KEYS.length);
});

it("It gives up where DynamoDB answers nothing of what it is asked", async () => {
  const client = {
    send: async ({ input }: BatchGetCommand) => ({ UnprocessedKeys: input.RequestItems }),
  };
  const store = dynamoFactStore(client as unknown as DynamoDBDocumentClient, "facts");
  await expect(store.tickets(KEYS)).rejects.toMatchObject({ code: "dependency-unavailable" });
});
