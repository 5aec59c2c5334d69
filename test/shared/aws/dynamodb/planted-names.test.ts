/** Records with attributes whose names mean something to JavaScript, as somebody with write access could leave them. */
import { type AttributeValue, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EDIT } from "../../../../lab/fakes/memory-broker.ts";
import { grantKey } from "../../../../shared/aws/dynamodb/keys.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { BINDING, brokerOnTables } from "./broker-on-tables.ts";
import { type LocalTables, sharedTables } from "./local-tables.ts";

let local: LocalTables;
beforeAll(async () => {
  local = await sharedTables();
});
afterAll(async () => {
  await local.stop();
});

type Attributes = Record<string, AttributeValue>;

/** Attributes by name. In a literal, `__proto__:` would be no attribute. */
const named = (name: string, value: AttributeValue): Attributes => ({ [name]: value });

/** Fields that a map has only by its prototype. */
function hidden(map: Attributes, ...names: readonly string[]): Attributes {
  const isHidden = ([name]: readonly [string, unknown]) => names.includes(name);
  const entries = Object.entries(map);
  const shown = Object.fromEntries(entries.filter((each) => !isHidden(each)));
  return { ...shown, ...named("__proto__", { M: Object.fromEntries(entries.filter(isHidden)) }) };
}

/** An active grant beside its owner's access, where no fuse ends it, with a record that somebody changed. */
async function withRecord(change: (record: Attributes) => Attributes) {
  const { broker, names } = await brokerOnTables(local);
  broker.othersHad({ [EDIT]: ["ns/own"] });
  const grant = await broker.activeGrant();
  const { pk, sk } = grantKey(BINDING, grant.id);
  const at = { TableName: names.requests, Key: { pk: { S: pk }, sk: { S: sk } } };
  const { Item } = await local.client.send(new GetItemCommand(at));
  const request = { M: change(Item?.["request"]?.M ?? {}) };
  await local.client.send(
    new PutItemCommand({ TableName: names.requests, Item: { ...Item, request } }),
  );
  return { broker, grant };
}

const FIELDS: readonly (keyof AccessRequest)[] = ["access", "cluster", "state", "revokeAt", "id"];

describe("A record whose attributes mean something to JavaScript", () => {
  it.each(FIELDS)(
    "One that has its %s only by __proto__ is left out: its access goes",
    async (name) => {
      const { broker, grant } = await withRecord((record) => hidden(record, name));
      expect(await broker.converge()).toMatchObject({ recordsLeftOut: 1 });
      await broker.convergeAtEnd(grant);
      expect(broker.namespaces(EDIT)).toEqual(["own"]);
    },
  );

  it.each<readonly [string, Attributes]>([
    ["a set as its __proto__", named("__proto__", { SS: ["x"] })],
    ["bytes as its __proto__", named("__proto__", { B: new Uint8Array([1]) })],
    ["a list as its __proto__", named("__proto__", { L: [{ S: "x" }] })],
    ["null as its __proto__", named("__proto__", { NULL: true })],
    ["a text as its constructor", named("constructor", { S: "x" })],
    ["a constructor of sets", named("constructor", { M: { name: { S: "Set" } } })],
  ])("A grant ends in time, and on record, with %s", async (_, planted) => {
    const { broker, grant } = await withRecord((record) => ({ ...record, ...planted }));
    await broker.convergeAtEnd(grant);
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
    broker.clock.advance(600);
    await broker.converge();
    expect((await broker.ports.requests.load(grant.id)).state).toBe("ended");
  });
});
