/** A request's own record that others spoiled, so that the API fails before it knows that an end may be made. */
import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countedId } from "../../../../../lab/fakes/counted-ids.ts";
import { EDIT } from "../../../../../lab/fakes/memory-broker.ts";
import { stateKey } from "../../../../../shared/aws/dynamodb/keys.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { brokerOnTables } from "../broker-on-tables.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

let local: LocalTables;
beforeAll(async () => {
  local = await sharedTables();
}, 60_000);
afterAll(async () => {
  await local.stop();
});

/** An active grant on an entry of others, and what puts its own record. */
async function activeOnTables() {
  const { broker, names } = await brokerOnTables(local);
  broker.othersHad({ [EDIT]: ["ns/own"] });
  const grant = await broker.activeGrant();
  const put = (request: unknown) => {
    const Item = { ...stateKey(grant.id), schema: 1, version: grant.version, request };
    return local.client.send(new PutCommand({ TableName: names.requests, Item }));
  };
  const remove = () =>
    local.client.send(new DeleteCommand({ TableName: names.requests, Key: stateKey(grant.id) }));
  return { broker, grant, put, remove };
}

type Spoil = (planting: Awaited<ReturnType<typeof activeOnTables>>) => Promise<unknown>;

const OTHER = countedId(901);
const without = ({ ...grant }: AccessRequest, change: object) => ({ ...grant, ...change });

describe("A request's own record that others spoiled while the grant's record stays", () => {
  it.each<[string, Spoil]>([
    ["names another id", ({ grant, put }) => put(without(grant, { id: OTHER }))],
    ["has a text as approvals", ({ grant, put }) => put(without(grant, { approvals: "x" }))],
    ["has no requirements", ({ grant, put }) => put(without(grant, { requirements: null }))],
    [
      "has an instant too long for a key",
      ({ broker, grant, put }) => {
        const soon = new Date(Date.parse(broker.clock.now()) + 5_000).toUTCString();
        return put(without(grant, { updatedAt: `${soon} (${"x".repeat(3_000)})` }));
      },
    ],
    ["is a text", ({ put }) => put("boo")],
    ["is deleted", ({ remove }) => remove()],
  ])("The access goes once an admin revokes it: it %s", async (_, spoil) => {
    const planting = await activeOnTables();
    const { broker, grant } = planting;
    await spoil(planting);
    await broker.end(grant, "revoke", "carol").catch(() => undefined);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
  });

  it("The access goes once its person cancels it: it is pending, and extends a request that nobody has", async () => {
    const { broker, grant, put } = await activeOnTables();
    await put(without(grant, { state: "pending", extends: OTHER }));
    await broker.end(grant, "cancel").catch(() => undefined);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
  });
});
