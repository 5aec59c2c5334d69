/** A grant's record with a number that DynamoDB holds and the SDK does not write: no step of it can be stored. */
import { NumberValue, PutCommand } from "@aws-sdk/lib-dynamodb";
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

async function activeOnTables() {
  const { broker, names } = await brokerOnTables(local);
  broker.othersHad({ [EDIT]: ["ns/own"] });
  const grant = await broker.activeGrant();
  const spoil = (record: AccessRequest) => {
    const request = { ...record, odd: NumberValue.from("100000000000000000000") };
    const Item = { ...grantKey(BINDING, record.id), schema: 1, request };
    return local.client.send(new PutCommand({ TableName: names.requests, Item }));
  };
  return { broker, grant, spoil };
}

const errors: string[] = [];
/** Runs each minute. */
async function runs(broker: MemoryBroker, count: number) {
  for (let left = count; left > 0; left -= 1) {
    broker.clock.advance(60);
    await broker.converge().catch((error: unknown) => errors.push(String(error)));
  }
}

it("A number that cannot be written holds up no other grant of its entry once its own is over", async () => {
  const { broker, grant, spoil } = await activeOnTables();
  await spoil(grant);
  await broker.convergeAtEnd(grant).catch((error: unknown) => errors.push(String(error)));
  expect(broker.namespaces(EDIT)).toEqual(["own"]);
  const next = await broker.grant({ access: edit("payments-web") });
  await runs(broker, 8);
  expect({ states: await broker.states(next), errors: errors.slice(0, 2) }).toEqual({
    states: ["active"],
    errors: [],
  });
});

it("A planted record with such a number holds up no grant of its entry", async () => {
  errors.length = 0;
  const { broker, grant, spoil } = await activeOnTables();
  await spoil({ ...grant, id: countedId(901), state: "approved", effectiveAt: null });
  const next = await broker.grant({ access: edit("payments-web") });
  await runs(broker, 8);
  expect({ states: await broker.states(next), errors: errors.slice(0, 2) }).toEqual({
    states: ["active"],
    errors: [],
  });
});
