/** A binding's partition as somebody with write access to the requests table could leave it. */
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ALICE,
  aFirstStep,
  anApproval,
  aStep,
  PROD,
  STAGING,
  T0,
} from "../../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../../lab/fakes/counted-ids.ts";
import { fixedClock } from "../../../../../lab/fakes/fixed-clock.ts";
import { chainedKey, STOPS_PK } from "../../../../../shared/aws/dynamodb/evidence/record-keys.ts";
import {
  dueIndex,
  grantKey,
  headGrant,
  headKey,
  noticeKey,
} from "../../../../../shared/aws/dynamodb/keys.ts";
import { dynamoBindingStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-binding-store.ts";
import { dynamoRequestStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import { dynamoStopStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-stop-store.ts";
import { lentIndex } from "../../../../../shared/aws/dynamodb/requests/lent-keys.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import { ITEM_BYTES } from "../../../../../shared/domain/entries/bounds.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { aStop } from "../../../../contracts/stop-store.contract.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

const BINDING = bindingKey(PROD.arn, ALICE);

let tables: LocalTables;
beforeAll(async () => {
  tables = await sharedTables();
});
afterAll(async () => {
  await tables.stop();
});

async function oneGrant() {
  const names = await tables.requestTables();
  const first = aFirstStep();
  const { request } = anApproval(first.request);
  const store = dynamoRequestStore(tables.client, names, systemRandom);
  await store.create([first, anApproval(first.request)]);
  const clock = fixedClock(T0);
  const bindings = dynamoBindingStore(tables.client, names.requests, {
    clock,
    random: systemRandom,
  });
  return { table: names.requests, store, request, bindings };
}

const EVER = { from: "2026-01-01", to: "2027-01-01" };

describe("The grants of a cluster", () => {
  it("Entries whose records are missing, unreadable or of another place are left out and counted", async () => {
    const { table, store, request } = await oneGrant();
    const place = (id: string) => lentIndex({ ...request, id });
    const put = (id: string, record: unknown, index = place(id), sk = "STATE") =>
      tables.client.send(
        new PutCommand({
          TableName: table,
          Item: { pk: `REQ#${id}`, sk, ...index, request: record },
        }),
      );
    const [none, odd, other, elsewhere, pending] = [2, 3, 4, 5, 6].map(countedId);
    await put(String(none), undefined);
    await put(String(odd), { ...request, id: odd, access: { policy: { toString: "x" } } });
    await put(String(other), request);
    await put(String(elsewhere), { ...request, id: elsewhere, approvedAt: plusSeconds(T0, 60) });
    await put(String(pending), { ...request, id: pending, state: "pending" });
    await put("no id", request, place("no id"));
    await put(request.id, request, place(`${request.id}#`), "COPY");
    await put("x", request, { ...place("x"), lentSk: "~" });
    const page = await store.lentOn(PROD.arn, EVER, { limit: 100 });
    expect(page).toEqual({ items: [request], leftOut: 7 });
    const all: string[] = [];
    let [after, leftOut] = ["", 0];
    for (let pages = 0; pages < 20; pages += 1) {
      const one = await store.lentOn(PROD.arn, EVER, { limit: 1, ...(after ? { after } : {}) });
      all.push(...one.items.map(({ id }) => id));
      leftOut += one.leftOut;
      if (one.next === undefined) break;
      after = one.next;
    }
    expect([all, leftOut]).toEqual([[request.id], 7]);
    expect(await store.lentSince(PROD.arn)).toBe(request.approvedAt);
    const id = countedId(7);
    const there = lentIndex({ ...request, id, cluster: STAGING });
    await put(id, { ...request, id }, there);
    expect(await store.lentOn(STAGING.arn, EVER, { limit: 9 })).toEqual({ items: [], leftOut: 1 });
  });
});

describe("Large records among the grants of a cluster", () => {
  it("A page of them fits into one answer, and the list goes on", async () => {
    const { table, store, request } = await oneGrant();
    const ids = [2, 3, 4, 5, 6].map(countedId);
    for (const id of ids) {
      const large = { ...request, id, reason: "x".repeat(390_000) };
      const Item = { pk: `REQ#${id}`, sk: "STATE", ...lentIndex(large), request: large };
      await tables.client.send(new PutCommand({ TableName: table, Item }));
    }
    const all: string[] = [];
    for (let [after, pages] = ["", 0]; pages < 5 && all.length < 6; pages += 1) {
      const query = { limit: 100, ...(after === "" ? {} : { after }) };
      const { items, next } = await store.lentOn(PROD.arn, EVER, query);
      expect(JSON.stringify(items).length).toBeLessThan(1_000_000);
      all.push(...items.map(({ id }) => id));
      expect(next === undefined).toBe(all.length === 6);
      after = next ?? "";
    }
    expect(all).toEqual([request.id, ...ids]);
  });
});

describe("A binding's partition", () => {
  it("A head that names thousands of grants is read once, and no more are left out than are read", async () => {
    const { table, request } = await oneGrant();
    const names = Array.from({ length: 5_000 }, (_, n) => headGrant(n.toString(36)));
    const head = { ...headKey(BINDING), ...Object.fromEntries(names.map((name) => [name, 9])) };
    await tables.client.send(new PutCommand({ TableName: table, Item: head }));
    const sent: unknown[] = [];
    const counting: typeof tables.client = Object.create(tables.client);
    counting.send = ((command: GetCommand) => {
      sent.push(command);
      return tables.client.send(command);
    }) as typeof counting.send;
    const clock = fixedClock(T0);
    const bindings = dynamoBindingStore(counting, table, { clock, random: systemRandom });
    const view = await bindings.view(BINDING);
    expect(view.grants).toEqual([request]);
    expect(view.leftOut).toHaveLength(1_000);
    expect(sent).toHaveLength(1);
  });

  it("A number that JavaScript cannot hold stops no read", async () => {
    const { table, request, bindings } = await oneGrant();
    const { pk, sk } = grantKey(BINDING, countedId(2));
    const Item = { pk: { S: pk }, sk: { S: sk }, request: { N: `1${"0".repeat(37)}` } };
    await tables.client.send(new PutItemCommand({ TableName: table, Item }));
    expect(await bindings.view(BINDING)).toMatchObject({
      grants: [request],
      leftOut: [{ id: countedId(2), why: "unreadable" }],
    });
  });

  it.each([
    ["a map with a toString", { toString: "x" }],
    ["a list of such maps", [{ toString: "x" }]],
    ["a set", new Set(["x"])],
    ["bytes", new Uint8Array([1])],
    ["null", null],
  ])(
    "A head that has %s where a count or kind should be stops no read, and no sweep",
    async (_, forged) => {
      const { table, request, bindings } = await oneGrant();
      const names = ["clusterArn", "version", "ledgerRevision", "dueFor", `grant#${countedId(2)}`];
      const head = Object.fromEntries(names.map((name) => [name, forged]));
      const Item = { ...headKey(BINDING), ...head, ...dueIndex(BINDING, T0) };
      await tables.client.send(new PutCommand({ TableName: table, Item }));
      expect(await bindings.view(BINDING)).toMatchObject({
        version: 0,
        ledgerRevision: 0,
        dueFor: "addition",
        grants: [request],
        leftOut: [{ id: countedId(2), why: "outdated" }],
      });
      expect(await bindings.due(T0, 10, [])).toMatchObject([
        { kind: "addition", binding: BINDING },
      ]);
    },
  );

  it("A head that names a grant which is not there is not read again for long", async () => {
    const { table } = await oneGrant();
    const Item = { ...headKey(BINDING), [headGrant(countedId(2))]: 3 };
    await tables.client.send(new PutCommand({ TableName: table, Item }));
    let asked = 0;
    const now = () => {
      asked += 1;
      return plusSeconds(T0, asked);
    };
    const slow = dynamoBindingStore(tables.client, table, { clock: { now }, random: systemRandom });
    expect((await slow.view(BINDING)).leftOut).toEqual([{ id: countedId(2), why: "outdated" }]);
    expect(asked).toBe(3);
  });

  it("A notice that notify filled to its limit keeps nobody from ending a grant", async () => {
    const { table, store, request } = await oneGrant();
    const key = noticeKey(request.id);
    const size = Object.entries(key).flat().join("").length;
    const Item = { ...key, x: "x".repeat(ITEM_BYTES - size - 1) };
    await tables.client.send(new PutCommand({ TableName: table, Item }));
    const step = aStep(request, { type: "cancel", actor: "alice" });
    await store.save(step);
    expect(await store.load(request.id)).toMatchObject({ version: 3 });
    const { Item: notice } = await tables.client.send(
      new GetCommand({ TableName: table, Key: key }),
    );
    expect(notice).toMatchObject({ wanted: 3 });
    expect(notice).not.toHaveProperty("x");
  });

  it("Records of suspensions that are larger than any of ours are not read to their end", async () => {
    const names = await tables.requestTables();
    for (let n = 1; n <= 8; n += 1) {
      const Item = { ...chainedKey(STOPS_PK, n), record: { seq: n, reason: "x".repeat(390_000) } };
      await tables.client.send(new PutCommand({ TableName: names.audit, Item }));
    }
    const stops = dynamoStopStore(tables.client, names, systemRandom);
    await expect(stops.since(0)).rejects.toThrow("larger than any");
  });

  it.each<[string, readonly Readonly<Record<string, unknown>>[]]>([
    ["nothing", [{}]],
    ["a text", [{ record: "junk" }]],
    ["a record of another number", [{ record: { seq: 9 } }]],
    ["many items", Array.from({ length: 30 }, () => ({ record: {} }))],
    ["a place that is no number", [{ record: {} }, { sk: "junk" }]],
  ])("A suspension is stored behind %s, and says who was suspended before", async (_, junk) => {
    const names = await tables.requestTables();
    const stops = dynamoStopStore(tables.client, names, systemRandom);
    await stops.append(() => aStop({ person: "bob" }));
    for (const [at, planted] of junk.entries()) {
      const Item = { ...chainedKey(STOPS_PK, at + 2), ...planted };
      await tables.client.send(new PutCommand({ TableName: names.audit, Item }));
    }
    const places = junk.filter(({ sk }) => sk === undefined).length;
    const stored = await stops.append(() => aStop());
    expect(stored.seq).toBe(places + 2);
    expect(Object.keys(stored.details.after.people)).toEqual(["bob", "alice"]);
    expect(await stops.since(1)).toContainEqual(stored);
    expect(await stops.latest()).toMatchObject({ seq: places + 2 });
  });

  it("One item at the last place that there is keeps out no suspension", async () => {
    const names = await tables.requestTables();
    const stops = dynamoStopStore(tables.client, names, systemRandom);
    const Item = { ...chainedKey(STOPS_PK, 999_999), record: {} };
    await tables.client.send(new PutCommand({ TableName: names.audit, Item }));
    for (const person of ["bob", "alice"]) await stops.append(() => aStop({ person }));
    expect(await stops.latest()).toMatchObject({ seq: 2, people: { alice: {}, bob: {} } });
  });

  it("Where too many items of others are behind the last record, nobody acts on an older one", async () => {
    const names = await tables.requestTables();
    const stops = dynamoStopStore(tables.client, names, systemRandom);
    await stops.append(() => aStop());
    for (let n = 2; n <= 52; n += 1) {
      const Item = chainedKey(STOPS_PK, n);
      await tables.client.send(new PutCommand({ TableName: names.audit, Item }));
    }
    await expect(stops.latest()).rejects.toThrow("None of the last 50 items");
  });

  it("Large records are read to their limit, with the head and the named grants by key", async () => {
    const { table, request, bindings } = await oneGrant();
    for (let n = 0; n < 8; n += 1) {
      const Item = { ...grantKey(BINDING, `0-${n}`), request: "x".repeat(390_000) };
      await tables.client.send(new PutCommand({ TableName: table, Item }));
    }
    const view = await bindings.view(BINDING);
    expect(view).toMatchObject({ version: 1, isWhole: false });
    expect(view.leftOut.length).toBeLessThan(8);
    expect(await bindings.named(BINDING, [request.id])).toEqual({ grants: [request], leftOut: [] });
  });

  it("A flood of records is read to its limit, with the head and the named grants by key", async () => {
    const { table, request, bindings } = await oneGrant();
    const puts = Array.from({ length: 1_025 }, (_, n) => ({
      PutRequest: { Item: { ...grantKey(BINDING, `0-${n}`), request: {} } },
    }));
    for (let at = 0; at < puts.length; at += 25)
      await tables.client.send(
        new BatchWriteCommand({ RequestItems: { [table]: puts.slice(at, at + 25) } }),
      );
    const view = await bindings.view(BINDING);
    expect(view).toMatchObject({ version: 1, isWhole: false });
    expect(view.leftOut.length).toBeLessThanOrEqual(1_002);
    expect(await bindings.named(BINDING, [request.id])).toEqual({ grants: [request], leftOut: [] });
  });
});
