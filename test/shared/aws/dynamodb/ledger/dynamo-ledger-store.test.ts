import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, type PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ALICE, PROD, T0 } from "../../../../../lab/fakes/builders.ts";
import { fixedClock } from "../../../../../lab/fakes/fixed-clock.ts";
import { ledgerKey } from "../../../../../shared/aws/dynamodb/keys.ts";
import { dynamoLedgerStore } from "../../../../../shared/aws/dynamodb/ledger/dynamo-ledger-store.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import { emptied, openLedger } from "../../../../../shared/domain/entries/ledger.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { LedgerConflict } from "../../../../../shared/ports/ledger-store.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

const BINDING = "b".repeat(64);
const LEDGER = {
  ...openLedger({ binding: BINDING, clusterArn: PROD.arn, principalArn: ALICE }),
  principalId: "AROA1",
};
const FULL = { ...LEDGER, fuses: [{ name: "f-1", target: "groups", at: T0, sure: true }] };

let tables: LocalTables;
beforeAll(async () => {
  tables = await sharedTables();
});
afterAll(async () => {
  await tables.stop();
});

let table: string;
beforeEach(async () => {
  table = await tables.ledgerTable();
});

const store = (client = tables.client) =>
  dynamoLedgerStore(client, table, { clock: fixedClock(T0), random: systemRandom });
const item = async () =>
  (await tables.client.send(new GetCommand({ TableName: table, Key: ledgerKey(BINDING) }))).Item;

/** A client that loses the answer of the first put, which took effect, and sends it again. */
function losingOneAnswer(between: () => Promise<unknown> = async () => undefined) {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "us-west-2" }));
  client.send = (async (command: PutCommand) => {
    await tables.client.send(command);
    await between();
    return await tables.client.send(command);
  }) as typeof client.send;
  return client;
}

describe("The ledger table", () => {
  it("An emptied ledger may be deleted a day later, in epoch seconds", async () => {
    const saved = await store().save(FULL);
    expect(await item()).not.toHaveProperty("ttl");
    const empty = await store().save(emptied(saved));
    expect((await item())?.["ttl"]).toBe(Date.parse(plusSeconds(T0, 86_400)) / 1_000);
    await store().save({ ...empty, fuses: FULL.fuses });
    expect(await item()).not.toHaveProperty("ttl");
  });

  it("An emptied ledger is kept where an entry with our tags is its owner's", async () => {
    const saved = await store().save({ ...FULL, adopted: "arn:entry" });
    const empty = await store().save(emptied(saved));
    expect(empty).toMatchObject({ adopted: "arn:entry", fuses: [] });
    expect(await item()).not.toHaveProperty("ttl");
  });

  it("A repeated put counts as success if the answer to the first was lost", async () => {
    const saved = await store(losingOneAnswer()).save(FULL);
    expect(saved.revision).toBe(1);
    expect((await store(losingOneAnswer()).save(saved)).revision).toBe(2);
  });

  it("A repeated put is refused if another run has saved since", async () => {
    const another = async () => {
      const saved = await store().load(BINDING);
      if (saved) await store().save({ ...saved, principalId: "AROA2" });
    };
    const saves = store(losingOneAnswer(another)).save(FULL);
    await expect(saves).rejects.toBeInstanceOf(LedgerConflict);
    expect(await store().load(BINDING)).toMatchObject({ revision: 2, principalId: "AROA2" });
  });

  it("A refused save says what to do next, and keeps DynamoDB's error as its cause", async () => {
    await store().save(FULL);
    const error = await store()
      .save(FULL)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: "LedgerConflict",
      message: expect.stringMatching(/Nothing was written; load it again\.$/),
      cause: expect.any(ConditionalCheckFailedException),
    });
  });
});
