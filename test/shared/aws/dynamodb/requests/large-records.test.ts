/** A grant's record that others filled, so that no step of it fits into an item. */
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { countedId } from "../../../../../lab/fakes/counted-ids.ts";
import { EDIT, edit, type MemoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { grantKey } from "../../../../../shared/aws/dynamodb/keys.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { BINDING, brokerOnTables } from "../broker-on-tables.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

let local: LocalTables;
beforeAll(async () => {
  local = await sharedTables();
});
afterAll(async () => {
  await local.stop();
});

/** DynamoDB's limit for an item, in bytes. */
const MOST = 409_600;

/** A broker with an active grant, and what puts a record so large that it only just fits. */
async function activeOnTables() {
  const { broker, names } = await brokerOnTables(local);
  broker.othersHad({ [EDIT]: ["ns/own"] });
  const grant = await broker.activeGrant();
  const fits = (record: AccessRequest, letters: number) => {
    const request = { ...record, reason: "r".repeat(letters) };
    const Item = { ...grantKey(BINDING, record.id), schema: 1, request };
    return local.client.send(new PutCommand({ TableName: names.requests, Item })).then(
      () => true,
      () => false,
    );
  };
  const fill = async (record: AccessRequest) => {
    let letters = MOST - JSON.stringify(record).length + 700;
    while (!(await fits(record, letters))) letters -= 50;
  };
  return { broker, grant, fill };
}

/** Runs each minute. */
async function runs(broker: MemoryBroker, count: number) {
  for (let left = count; left > 0; left -= 1) {
    broker.clock.advance(60);
    await broker.converge().catch(() => undefined);
  }
}

it("A grant whose record others filled holds up no other grant of its entry once it is over", async () => {
  const { broker, grant, fill } = await activeOnTables();
  await fill(grant);
  await broker.convergeAtEnd(grant).catch(() => undefined);
  expect(broker.namespaces(EDIT)).toEqual(["own"]);
  const next = await broker.grant({ access: edit("payments-web") });
  await runs(broker, 8);
  expect(await broker.states(next)).toEqual(["active"]);
});

it("A full record that somebody planted holds up no grant of its entry", async () => {
  const { broker, grant, fill } = await activeOnTables();
  await fill({ ...grant, id: countedId(901), state: "approved", effectiveAt: null });
  const next = await broker.grant({ access: edit("payments-web") });
  await runs(broker, 8);
  expect(await broker.states(next)).toEqual(["active"]);
});
