/** The items in which the table keeps standing access. */
import type { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect, it } from "vitest";
import { PROD } from "../../../../../lab/fakes/builders.ts";
import { dynamoStandingStore } from "../../../../../shared/aws/dynamodb/standing/dynamo-standing-store.ts";
import { standing } from "../../../domain/standing/samples.ts";

it("The table may delete an entry a week after it was read, and no earlier", async () => {
  const items: unknown[] = [];
  const send = async ({ input }: PutCommand) => {
    items.push(input.Item);
    return {};
  };
  const client = { send } as unknown as DynamoDBDocumentClient;
  const entry = standing({});
  if (!entry) throw new Error("Nothing stands.");
  const readAt = "2026-11-24T10:00:00.001Z";
  await dynamoStandingStore(client, "requests").put(PROD.arn, "pass-1", { ...entry, readAt });
  expect(items).toMatchObject([{ ttl: Date.parse("2026-12-01T10:00:01.000Z") / 1_000 }]);
});
