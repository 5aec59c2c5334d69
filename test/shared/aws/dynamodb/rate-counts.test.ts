import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { dynamoRequestStore } from "../../../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import { systemRandom } from "../../../../shared/aws/machine/system-random.ts";
import type { RateWindow } from "../../../../shared/ports/request-store.ts";
import { conflicting } from "./conflicting-client.ts";
import { type LocalTables, sharedTables } from "./local-tables.ts";

const WINDOW: RateWindow = { person: "alice", operation: "create", from: T0, until: T0 };

let tables: LocalTables;
beforeAll(async () => {
  tables = await sharedTables();
});
afterAll(async () => {
  await tables.stop();
});

describe("A call counted during a transaction", () => {
  it("A call is counted exactly once, after the transaction is over", async () => {
    const names = await tables.requestTables();
    const { client, sent } = conflicting(tables.client, 2);
    const requests = dynamoRequestStore(client, names, systemRandom);
    expect(await requests.countIn(WINDOW, 2)).toBe(true);
    expect(sent()).toBe(3);
    expect(await requests.countIn(WINDOW, 2)).toBe(true);
    expect(await requests.countIn(WINDOW, 2)).toBe(false);
  });

  it("Counting a call fails if transactions never release the count", async () => {
    const { client } = conflicting(tables.client, 50);
    const requests = dynamoRequestStore(client, await tables.requestTables(), systemRandom);
    await expect(requests.countIn(WINDOW, 2)).rejects.toMatchObject({
      name: "TransactionConflictException",
    });
  });
});
