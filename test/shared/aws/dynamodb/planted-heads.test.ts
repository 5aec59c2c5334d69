/** Heads, and items in an index of what is due, as somebody with write access could leave them. */

import { NumberValue } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALICE, PROD, T0 } from "../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { EDIT } from "../../../../lab/fakes/memory-broker.ts";
import {
  bindingPk,
  driftCheckIndex,
  dueIndex,
  headCounts,
  headGrant,
  headKey,
  removalIndex,
} from "../../../../shared/aws/dynamodb/keys.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { BINDING, brokerOnTables } from "./broker-on-tables.ts";
import { type LocalTables, sharedTables } from "./local-tables.ts";

const LONG_AGO = plusSeconds(T0, -86_400);
/** In each index of what is due, before all that is honest. */
const DUE_AT_ONCE = {
  ...removalIndex(BINDING, LONG_AGO),
  ...dueIndex(BINDING, LONG_AGO),
  ...driftCheckIndex(BINDING, LONG_AGO),
};

let local: LocalTables;
beforeAll(async () => {
  local = await sharedTables();
});
afterAll(async () => {
  await local.stop();
});

/** Values of a count that no step can be added to, or that no condition can name. */
const NO_COUNTS: readonly (readonly [string, unknown])[] = [
  ["a text", "x"],
  ["a fraction", 1.5],
  ["a number beyond what JavaScript counts", NumberValue.from("1e30")],
  ["the last number that JavaScript counts", Number.MAX_SAFE_INTEGER],
  ["a map", { a: 1 }],
  ["null", null],
];

/** Sets an attribute to the largest value that the head has room for: DynamoDB refuses any larger one. */
async function fill(
  spoil: (name: string, value: unknown) => Promise<unknown>,
  kind: keyof typeof FILLERS,
) {
  const { name, of } = FILLERS[kind];
  let [taken, refused] = [0, 409_600];
  while (refused - taken > 1) {
    const size = Math.floor((taken + refused) / 2);
    const isTaken = await spoil(name, of("x".repeat(size))).then(
      () => true,
      () => false,
    );
    [taken, refused] = isTaken ? [size, refused] : [taken, size];
  }
}
const FILLERS = {
  "a text": { name: "x", of: (text: string): unknown => text },
  "a list": { name: "x", of: (text: string): unknown => [[text]] },
  "a set": { name: "x", of: (text: string): unknown => new Set([text]) },
  bytes: { name: "x", of: (text: string): unknown => Buffer.from(text) },
  "a value of our own": { name: "dueFor", of: (text: string): unknown => text },
} as const;
const strangers = Object.fromEntries(
  Array.from({ length: 5_000 }, (_, n) => [headGrant(countedId(n + 1_000)), 1] as const),
);

describe("A head that others spoiled", () => {
  it.each(
    [
      "version",
      "reservedBytes",
      "attempts",
      headCounts("alice").open,
      headCounts("alice").ending,
    ].flatMap((name) => NO_COUNTS.map(([kind, value]) => ({ name, kind, value }))),
  )("A grant ends in time, and on record, with $kind as its head's $name", async (forged) => {
    const { broker, spoil, head } = await brokerOnTables(local);
    const grant = await broker.activeGrant();
    await spoil(forged.name, forged.value);
    await broker.convergeAtEnd(grant);
    expect(broker.entries.peek(broker.addressOf())).toBeUndefined();
    broker.clock.advance(600);
    await broker.converge();
    expect((await broker.ports.requests.load(grant.id)).state).toBe("ended");
    expect(Number.isSafeInteger((await head())?.["version"])).toBe(true);
  });

  it.each([1_000, 5_000])(
    "A grant without a fuse ends in time, and on record, with %d broken counts on its head",
    async (count) => {
      const { broker, put, head } = await brokerOnTables(local);
      broker.othersHad({ [EDIT]: ["ns/own"] });
      const grant = await broker.activeGrant();
      const names = Array.from({ length: count }, (_, n) => headCounts(n.toString(36)).open);
      const broken = Object.fromEntries([...names, headCounts("alice").open].map((n) => [n, "x"]));
      await put({ ...(await head()), ...broken });
      await broker.convergeAtEnd(grant);
      expect(broker.namespaces(EDIT)).toEqual(["own"]);
      broker.clock.advance(600);
      await broker.converge();
      expect((await broker.ports.requests.load(grant.id)).state).toBe("ended");
    },
  );

  it.each([
    ...(Object.keys(FILLERS) as (keyof typeof FILLERS)[]).map((kind) => ({
      what: kind,
      kind,
      others: {},
    })),
    { what: "grants that nobody has", kind: "a text", others: strangers } as const,
  ])(
    "A grant without a fuse ends in time, and on record, with its head full of $what",
    async ({ kind, others }) => {
      const { broker, put, head, spoil } = await brokerOnTables(local);
      broker.othersHad({ [EDIT]: ["ns/own"] });
      const grant = await broker.activeGrant();
      await put({ ...(await head()), ...others });
      await fill(spoil, kind);
      await broker.convergeAtEnd(grant);
      expect(broker.namespaces(EDIT)).toEqual(["own"]);
      broker.clock.advance(600);
      await broker.converge();
      expect((await broker.ports.requests.load(grant.id)).state).toBe("ended");
      expect((await broker.activeGrant()).state).toBe("active");
    },
  );

  it.each([
    ["recent", (now: string) => now],
    ["far ahead", () => "9999"],
    ["of another kind", () => 7],
  ])(
    "A head with a revision far ahead, and a parking that is %s, is parked after the end",
    async (_, at) => {
      const { broker, spoil, indexed } = await brokerOnTables(local);
      const grant = await broker.activeGrant();
      await spoil("ledgerRevision", 1e9);
      await spoil("parkedAt", at(broker.clock.now()));
      await spoil("ledgerHolds", false);
      await broker.convergeAtEnd(grant);
      broker.clock.advance(600);
      await broker.converge();
      await broker.converge();
      expect((await broker.ports.requests.load(grant.id)).state).toBe("ended");
      expect(await indexed()).toBe(0);
    },
  );
});

describe("A head that others planted", () => {
  const SOUND = { clusterArn: PROD.arn, principalArn: ALICE, attempts: 0 };
  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ["without a version", {}],
    ["with a version", { version: 3 }],
    ["with a negative version", { version: -3 }],
    ...NO_COUNTS.map(([kind, version]) => [`with ${kind} as its version`, { version }] as const),
    ...NO_COUNTS.map(
      ([kind, ledgerRevision]) =>
        [`with ${kind} as a revision`, { version: 3, ledgerRevision, parkedAt: T0 }] as const,
    ),
    ["with a text as a count", { version: 3, [headCounts("eve").open]: "x" }],
    ["with a ledger far ahead", { version: 3, ledgerRevision: 1e9, parkedAt: T0 }],
    ["with a ledger that holds something", { version: 3, ledgerRevision: 9, ledgerHolds: true }],
    ["with a parking far ahead", { version: 3, ledgerRevision: 1e9, parkedAt: "9999" }],
    ["with a fraction as a revision", { version: 3, ledgerRevision: 1.5, parkedAt: "9999" }],
    ["due with its removal", { version: 3, dueWithRemoval: true }],
  ])("A head %s leaves what is due after one run", async (_, forged) => {
    const { broker, put, indexed } = await brokerOnTables(local);
    await put({ ...headKey(BINDING), ...SOUND, ...DUE_AT_ONCE, ...forged });
    expect(await indexed()).toBe(3);
    await broker.converge();
    expect(await indexed()).toBe(0);
  });

  it.each([
    ["at no place of a head", { pk: "x#1", sk: "HEAD" }],
    ["under a name that no binding has", { pk: bindingPk("x"), sk: "HEAD" }],
    ["under an id that no request has", { pk: "REQ#x", sk: "STATE" }],
    ["beside a head", { pk: bindingPk(BINDING), sk: "HEAD2" }],
    ["beside a request", { pk: `REQ#${countedId(1)}`, sk: "STATES" }],
  ])("An item %s is taken off what is due by one sweep, and is not sent", async (_, key) => {
    const { broker, put, indexed } = await brokerOnTables(local);
    await put({ ...key, clusterArn: PROD.arn, ...DUE_AT_ONCE });
    expect(await broker.ports.bindings.due(T0, 200, [])).toEqual([]);
    expect(await indexed()).toBe(0);
  });

  it("A large value in the index of removals is not kept by a sweep", async () => {
    const { broker, put } = await brokerOnTables(local);
    const clusterArn = "x".repeat(300_000);
    await put({ ...headKey(BINDING), version: 1, clusterArn, ...removalIndex(BINDING, LONG_AGO) });
    const due = await broker.ports.bindings.due(T0, 10, []);
    expect(due).toEqual([{ kind: "removal", binding: BINDING, clusterArn: "" }]);
  });

  it.each(["NOTICE#finding-x", "CALL#x"])(
    "Hundreds of items %s in the index of removals hide no head from a sweep",
    async (pk) => {
      const { broker, put } = await brokerOnTables(local);
      await put({ ...headKey(BINDING), ...SOUND, version: 1, ...removalIndex(BINDING, LONG_AGO) });
      for (let n = 0; n < 300; n += 1)
        await put({ ...removalIndex(BINDING, "0"), pk: `${pk}${n}`, sk: "NOTICE" });
      expect(await broker.ports.bindings.due(T0, 10, [])).toMatchObject([{ binding: BINDING }]);
    },
  );
});
