/** Heads, and items in an index of what is due, as somebody with write access could leave them. */

import {
  GetCommand,
  NumberValue,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dynamoBindingStore } from "../../../../shared/aws/dynamodb/dynamo-binding-store.ts";
import { dynamoLedgerStore } from "../../../../shared/aws/dynamodb/dynamo-ledger-store.ts";
import { dynamoRequestStore } from "../../../../shared/aws/dynamodb/dynamo-request-store.ts";
import { INDEX } from "../../../../shared/aws/dynamodb/indexes.ts";
import {
  bindingPk,
  driftCheckIndex,
  driftCheckPk,
  dueIndex,
  duePk,
  headCounts,
  headKey,
  removalIndex,
  removalPk,
  SHARDS,
} from "../../../../shared/aws/dynamodb/keys.ts";
import { systemRandom } from "../../../../shared/aws/machine/system-random.ts";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { ALICE, PROD, T0 } from "../../../fakes/builders.ts";
import { memoryBroker } from "../../../fakes/memory-broker.ts";
import { type LocalTables, localTables } from "./local-tables.ts";

const BINDING = bindingKey(PROD.arn, ALICE);
const LONG_AGO = plusSeconds(T0, -86_400);
/** In each index of what is due, before all that is honest. */
const DUE_AT_ONCE = {
  ...removalIndex(BINDING, LONG_AGO),
  ...dueIndex(BINDING, LONG_AGO),
  ...driftCheckIndex(BINDING, LONG_AGO),
};
const INDEXES = [
  { ...INDEX.removal, of: removalPk },
  { ...INDEX.due, of: duePk },
  { ...INDEX.driftCheck, of: driftCheckPk },
] as const;

let local: LocalTables;
beforeAll(async () => {
  local = await localTables();
}, 60_000);
afterAll(async () => {
  await local.stop();
});

/** A broker whose requests, bindings and ledgers are in DynamoDB Local. */
async function onTables() {
  const { client } = local;
  const names = await local.requestTables();
  const ledger = await local.ledgerTable();
  const broker = memoryBroker({
    stores: (clock) => ({
      requests: dynamoRequestStore(client, names, systemRandom),
      bindings: dynamoBindingStore(client, names.requests, { clock, random: systemRandom }),
      ledgers: dynamoLedgerStore(client, ledger, { clock, random: systemRandom }),
    }),
  });
  const put = (item: Readonly<Record<string, unknown>>) =>
    client.send(new PutCommand({ TableName: names.requests, Item: item }));
  const head = async () => {
    const Key = headKey(BINDING);
    return (await client.send(new GetCommand({ TableName: names.requests, Key }))).Item;
  };
  /** Sets an attribute of the head, as somebody else would. */
  const spoil = (name: string, value: unknown) =>
    client.send(
      new UpdateCommand({
        ...{ TableName: names.requests, Key: headKey(BINDING) },
        UpdateExpression: "SET #name = :value",
        ExpressionAttributeNames: { "#name": name },
        ExpressionAttributeValues: { ":value": value },
      }),
    );
  /** How many items are in the indexes of what is due. */
  async function indexed() {
    const queries = INDEXES.flatMap(({ name, pk, of }) =>
      Array.from({ length: SHARDS }, (_, shard) =>
        client.send(
          new QueryCommand({
            ...{ TableName: names.requests, IndexName: name },
            KeyConditionExpression: "#pk = :pk",
            ExpressionAttributeNames: { "#pk": pk },
            ExpressionAttributeValues: { ":pk": of(shard) },
          }),
        ),
      ),
    );
    return (await Promise.all(queries)).reduce((sum, { Count }) => sum + (Count ?? 0), 0);
  }
  return { broker, put, head, spoil, indexed };
}

/** Values of a count that no step can be added to, or that no condition can name. */
const NO_COUNTS: readonly (readonly [string, unknown])[] = [
  ["a text", "x"],
  ["a fraction", 1.5],
  ["a number beyond what JavaScript counts", NumberValue.from("1e30")],
  ["a map", { a: 1 }],
  ["null", null],
];

describe("A head that others spoiled", () => {
  it.each(
    ["version", "reservedBytes", headCounts("alice").open, headCounts("alice").ending].flatMap(
      (name) => NO_COUNTS.map(([kind, value]) => ({ name, kind, value })),
    ),
  )("A grant ends in time, and on record, with $kind as its head's $name", async (forged) => {
    const { broker, spoil, head } = await onTables();
    const grant = await broker.activeGrant();
    await spoil(forged.name, forged.value);
    await broker.convergeAtEnd(grant);
    expect(broker.entries.peek(broker.addressOf())).toBeUndefined();
    broker.clock.advance(600);
    await broker.converge();
    expect((await broker.ports.requests.load(grant.id)).state).toBe("ended");
    expect(Number.isSafeInteger((await head())?.["version"])).toBe(true);
  });

  it.each([
    ["recent", (now: string) => now],
    ["far ahead", () => "9999"],
    ["of another kind", () => 7],
  ])(
    "A head with a revision far ahead, and a parking that is %s, is parked after the end",
    async (_, at) => {
      const { broker, spoil, indexed } = await onTables();
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
    ["with a text as a count", { version: 3, [headCounts("eve").open]: "x" }],
    ["with a ledger far ahead", { version: 3, ledgerRevision: 1e9, parkedAt: T0 }],
    ["with a ledger that holds something", { version: 3, ledgerRevision: 9, ledgerHolds: true }],
    ["with a parking far ahead", { version: 3, ledgerRevision: 1e9, parkedAt: "9999" }],
    ["with a fraction as a revision", { version: 3, ledgerRevision: 1.5, parkedAt: "9999" }],
    ["due with its removal", { version: 3, dueWithRemoval: true }],
  ])("A head %s leaves what is due after one run", async (_, forged) => {
    const { broker, put, indexed } = await onTables();
    await put({ ...headKey(BINDING), ...SOUND, ...DUE_AT_ONCE, ...forged });
    expect(await indexed()).toBe(3);
    await broker.converge();
    expect(await indexed()).toBe(0);
  });

  it.each([
    ["at no place of a head", { pk: "x#1", sk: "HEAD" }],
    ["beside a head", { pk: bindingPk(BINDING), sk: "HEAD2" }],
    ["beside a request", { pk: "REQ#1", sk: "STATES" }],
  ])("An item %s is taken off what is due by one sweep, and is not sent", async (_, key) => {
    const { broker, put, indexed } = await onTables();
    await put({ ...key, clusterArn: PROD.arn, ...DUE_AT_ONCE });
    expect(await broker.ports.bindings.due(T0, 200, [])).toEqual([]);
    expect(await indexed()).toBe(0);
  });
});
