import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, type TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { countedId } from "../../../../../lab/fakes/counted-ids.ts";
import { dynamoEvidenceStore } from "../../../../../shared/aws/dynamodb/evidence/dynamo-evidence-store.ts";
import { callKey } from "../../../../../shared/aws/dynamodb/evidence/record-keys.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import { aCall } from "../../../domain/evidence/samples.ts";

/** A client that takes this number of transactions, and then answers no more. */
function takingOnly(most: number) {
  const keys: unknown[] = [];
  let taken = 0;
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "us-west-2" }));
  client.send = (async ({ input: { TransactItems = [] } }: TransactWriteCommand) => {
    taken += 1;
    if (taken > most) throw new Error("no answer");
    keys.push(...TransactItems.map(({ Put }) => Put?.Item?.["pk"]));
    return {};
  }) as typeof client.send;
  return { client, keys };
}

describe("A call that served more requests than one transaction takes", () => {
  const requestIds = Array.from({ length: 120 }, (_, n) => countedId(n + 1));
  const call = aCall({ requestIds });
  const store = (client: DynamoDBDocumentClient) =>
    dynamoEvidenceStore(client, { requests: "requests", audit: "audit" }, systemRandom);

  it("It counts as stored only once every request that it served has it", async () => {
    const { client, keys } = takingOnly(1);
    await expect(store(client).putCall(call)).rejects.toThrow("no answer");
    expect(keys.length).toBeGreaterThan(0);
    expect(keys).not.toContain(callKey(call.eksRequestId).pk);
  });

  it("It comes with the last of them", async () => {
    const { client, keys } = takingOnly(2);
    await store(client).putCall(call);
    expect(keys).toHaveLength(requestIds.length + 1);
    expect(keys.at(-1)).toBe(callKey(call.eksRequestId).pk);
  });

  it("No transaction is without a write where the writes fill the last one", async () => {
    const { client, keys } = takingOnly(1);
    await store(client).putCall({ ...call, requestIds: requestIds.slice(0, 99) });
    expect(keys).toHaveLength(100);
  });
});
