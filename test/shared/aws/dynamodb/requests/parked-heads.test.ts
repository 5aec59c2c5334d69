import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALICE, aFirstStep, anApproval, PROD, T0 } from "../../../../../lab/fakes/builders.ts";
import { fixedClock } from "../../../../../lab/fakes/fixed-clock.ts";
import { dynamoBindingStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-binding-store.ts";
import { dynamoRequestStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import type { NextTimes } from "../../../../../shared/ports/binding-store.ts";
import { conflicting } from "../conflicting-client.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

const BINDING = bindingKey(PROD.arn, ALICE);
const HOUR = 3_600;
const NEVER: NextTimes = {
  dueAt: null,
  dueFor: "addition",
  removeAt: null,
  driftCheckAt: null,
  attempts: 0,
  reservedBytes: 0,
};

let tables: LocalTables;
beforeAll(async () => {
  tables = await sharedTables();
});
afterAll(async () => {
  await tables.stop();
});

/** A table with one approved grant, and its bindings with a clock at any instant. */
async function oneGrant(client = tables.client) {
  const names = await tables.requestTables();
  const first = aFirstStep();
  await dynamoRequestStore(tables.client, names, systemRandom).create([
    first,
    anApproval(first.request),
  ]);
  return (now = T0) =>
    dynamoBindingStore(client, names.requests, { clock: { now: () => now }, random: systemRandom });
}

describe("A head parked during a transaction", () => {
  it("A head is parked once the transaction is over", async () => {
    const { client, sent } = conflicting(tables.client, 2);
    const bindings = await oneGrant(client);
    await bindings().park(BINDING, { version: 1, ledgerRevision: 1 }, NEVER);
    expect(sent()).toBe(3);
    expect(await bindings().view(BINDING)).toMatchObject({ version: 1, dueAt: null });
  });

  it("A head stays due without an error if transactions never release it", async () => {
    const { client, sent } = conflicting(tables.client, 50);
    const bindings = await oneGrant(client);
    await bindings().park(BINDING, { version: 1, ledgerRevision: 1 }, NEVER);
    expect(sent()).toBeLessThan(10);
  });

  it("Parking a head fails with any other error of DynamoDB", async () => {
    const bindings = dynamoBindingStore(tables.client, "no-such-table", {
      clock: fixedClock(T0),
      random: systemRandom,
    });
    const parked = bindings.park(BINDING, { version: 1, ledgerRevision: 1 }, NEVER);
    await expect(parked).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("A head whose ledger was deleted, with its revisions", () => {
  it("A head accepts an earlier revision half a day after it was parked, and not before", async () => {
    const bindings = await oneGrant();
    const parked = { ...NEVER, dueAt: T0 };
    await bindings().park(BINDING, { version: 1, ledgerRevision: 17 }, parked);
    const again = { version: 1, ledgerRevision: 0 };
    await bindings(plusSeconds(T0, 12 * HOUR)).park(BINDING, again, NEVER);
    expect((await bindings().view(BINDING)).dueAt).toBe(T0);
    await bindings(plusSeconds(T0, 12 * HOUR + 1)).park(BINDING, again, NEVER);
    expect((await bindings().view(BINDING)).dueAt).toBeNull();
  });

  it("A head that says it was parked more than half a day ahead accepts one too, as others wrote that", async () => {
    const bindings = await oneGrant();
    const parked = { ...NEVER, dueAt: T0 };
    const later = plusSeconds(T0, 24 * HOUR);
    await bindings(later).park(BINDING, { version: 1, ledgerRevision: 17 }, parked);
    const again = { version: 1, ledgerRevision: 0 };
    await bindings(plusSeconds(later, -12 * HOUR)).park(BINDING, again, NEVER);
    expect((await bindings().view(BINDING)).dueAt).toBe(T0);
    await bindings(plusSeconds(later, -12 * HOUR - 1)).park(BINDING, again, NEVER);
    expect((await bindings().view(BINDING)).dueAt).toBeNull();
  });
});
