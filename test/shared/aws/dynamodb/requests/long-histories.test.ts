/** Histories behind whose events others put items without end. */
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { expect, it } from "vitest";
import { aFirstStep } from "../../../../../lab/fakes/builders.ts";
import { dynamoRequestStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";

it("A history is read to its tenth page, and begins with its own events", async () => {
  const { event } = aFirstStep();
  let pages = 0;
  const client = {
    send: async () => {
      pages += 1;
      const Items = pages === 1 ? [{ event }] : [{ event: "x".repeat(10) }];
      return { Items, LastEvaluatedKey: { pk: "a", sk: String(pages) } };
    },
  } as unknown as DynamoDBDocumentClient;
  const tables = { requests: "requests", audit: "audit" };
  const { history } = dynamoRequestStore(client, tables, systemRandom);
  expect(await history(event.requestId)).toEqual([event]);
  expect(pages).toBe(10);
});
