/** A request's own record that others spoiled, so that no step of its grant can be stored. */
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { EDIT, edit } from "../../../../../lab/fakes/memory-broker.ts";
import { stateKey } from "../../../../../shared/aws/dynamodb/keys.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { brokerOnTables } from "../broker-on-tables.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

let local: LocalTables;
beforeAll(async () => {
  local = await sharedTables();
});
afterAll(async () => {
  await local.stop();
});

it.each<[string, (grant: AccessRequest) => object]>([
  ["lacks its cluster", ({ id, version }) => ({ request: { id, version, state: "active" } })],
  ["is a text", () => ({ request: "boo" })],
  ["is filed under another version", (request) => ({ request, version: 99 })],
])("It holds up no other grant of its entry once it is over: its record %s", async (_, spoiled) => {
  const { broker, names } = await brokerOnTables(local);
  broker.othersHad({ [EDIT]: ["ns/own"] });
  const grant = await broker.activeGrant();
  const { id, version } = grant;
  const Item = { ...stateKey(id), schema: 1, version, ...spoiled(grant) };
  await local.client.send(new PutCommand({ TableName: names.requests, Item }));
  // A run that made calls fails once it is done, since it cannot record them.
  await broker.convergeAtEnd(grant).catch(() => undefined);
  expect(broker.namespaces(EDIT)).toEqual(["own"]);
  await broker.settle(120);
  const next = await broker.grant({ access: edit("payments-web") });
  await broker.converge();
  await broker.settle(600);
  expect(await broker.states(next)).toEqual(["active"]);
});
