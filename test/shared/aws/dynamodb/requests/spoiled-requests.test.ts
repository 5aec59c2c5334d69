/** Requests whose own record others spoiled, or what it names as its chain, so that no step can end them. */
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
});
afterAll(async () => {
  await local.stop();
});

/** An active grant on an entry of others, and what puts a request's own record. */
async function activeOnTables() {
  const { broker, names } = await brokerOnTables(local);
  broker.othersHad({ [EDIT]: ["ns/own"] });
  const grant = await broker.activeGrant();
  const put = (id: string, request: unknown, version = grant.version) => {
    const Item = { ...stateKey(id), schema: 1, version, request };
    return local.client.send(new PutCommand({ TableName: names.requests, Item }));
  };
  /** Says that the grant is in a chain with others. */
  const link = (links: object) => put(grant.id, { ...grant, ...links });
  const remove = () =>
    local.client.send(new DeleteCommand({ TableName: names.requests, Key: stateKey(grant.id) }));
  return { broker, grant, put, link, remove };
}

type Spoil = (planting: Awaited<ReturnType<typeof activeOnTables>>) => Promise<unknown>;

const [ONE, OTHER] = [countedId(901), countedId(902)];

/** A long chain in which each request is of another entry. */
async function longChain({ grant, put, link }: Parameters<Spoil>[0]) {
  const planted = (at: number, links: object) => {
    const principalArn = `${grant.principalArn}-${at}`;
    const { effectiveAt: _, ...rest } = grant;
    const fields = { state: "approved", effectiveAt: null, principalArn } as const;
    return put(countedId(at), { ...rest, ...fields, id: countedId(at), ...links });
  };
  for (let at = 1; at <= 10; at += 1) {
    await planted(910 + at, { extends: countedId(911 + at) });
    await planted(930 + at, { extendedBy: countedId(931 + at) });
  }
  await link({ extends: countedId(911), extendedBy: countedId(931) });
}

/** Carol is an admin. */
async function expectGone(planting: Awaited<ReturnType<typeof activeOnTables>>, spoil: Spoil) {
  const { broker, grant } = planting;
  await spoil(planting);
  await broker.end(grant, "revoke", "carol").catch(() => undefined);
  await broker.converge();
  expect(broker.namespaces(EDIT)).toEqual(["own"]);
}

describe("A chain that others spoiled in the records of requests", () => {
  it.each<[string, Spoil]>([
    ["names itself", ({ grant, link }) => link({ extends: grant.id, extendedBy: grant.id })],
    [
      "names two that name each other",
      async ({ grant, put, link }) => {
        await put(ONE, { ...grant, id: ONE, extends: OTHER });
        await put(OTHER, { ...grant, id: OTHER, extends: ONE });
        await link({ extends: ONE });
      },
    ],
    [
      "names one of whose record little is left",
      async ({ put, link }) => {
        await put(ONE, { id: ONE, state: "active" } satisfies Partial<AccessRequest>);
        await link({ extends: ONE });
      },
    ],
    ["names one by a text that is no key", ({ link }) => link({ extends: "x".repeat(3_000) })],
    ["names one by no text", ({ link }) => link({ extends: { x: 1 } })],
    ["names more than a transaction takes", longChain],
    [
      "is in a record whose last instant no key takes",
      ({ grant, put }) =>
        put(grant.id, { ...grant, updatedAt: `${grant.updatedAt} (${"x".repeat(3_000)})` }),
    ],
  ])("Its access goes once somebody wants to end it: it %s", async (_, spoil) => {
    await expectGone(await activeOnTables(), spoil);
  });
});

describe("A request's own record that others spoiled", () => {
  it.each<[string, Spoil]>([
    ["names another id", ({ grant, put }) => put(grant.id, { ...grant, id: ONE })],
    ["has a text as approvals", ({ grant, put }) => put(grant.id, { ...grant, approvals: "x" })],
    ["has no requirements", ({ grant, put }) => put(grant.id, { ...grant, requirements: null })],
    ["is a text", ({ grant, put }) => put(grant.id, "boo")],
    ["is deleted", ({ remove }) => remove()],
  ])("Its access goes once an admin revokes it: it %s", async (_, spoil) => {
    await expectGone(await activeOnTables(), spoil);
  });

  it.each<[string, Spoil]>([
    [
      "extends a request that nobody has",
      ({ grant, put }) => put(grant.id, { ...grant, state: "pending", extends: ONE }),
    ],
    [
      "extends such a request, at another version than its own",
      ({ grant, put }) => put(grant.id, { ...grant, state: "pending", extends: ONE }, 99),
    ],
    [
      "has lapsed, at another version than its own",
      ({ grant, put }) =>
        put(grant.id, { ...grant, state: "pending", lapsesAt: grant.createdAt }, 99),
    ],
  ])("Its access goes once its person cancels it: it is pending, and %s", async (_, spoil) => {
    const planting = await activeOnTables();
    const { broker, grant } = planting;
    await spoil(planting);
    await broker.end(grant, "cancel").catch(() => undefined);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
  });
});
