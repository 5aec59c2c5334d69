/** Items that functions without a right on events put into the audit index, among the events of an hour. */
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { dynamoAuditRecords } from "../../../../../shared/aws/dynamodb/audit/dynamo-audit-records.ts";
import { recordsBetween } from "../../../../../shared/aws/dynamodb/audit/records-between.ts";
import {
  chainedKey,
  evidencePk,
  recordIndex,
  recordsPk,
} from "../../../../../shared/aws/dynamodb/evidence/record-keys.ts";
import { auditIndex, auditKey, hourPk, SCHEMA } from "../../../../../shared/aws/dynamodb/keys.ts";
import { dynamoRequestStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import type { RequestTables } from "../../../../../shared/aws/dynamodb/requests/request-writes.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import type { AuditEvent } from "../../../../../shared/domain/requests/audit-event.ts";
import { CHAIN_START, linked } from "../../../../../shared/domain/values/hash-chain.ts";
import type { ListedPage } from "../../../../../shared/ports/listed-page.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

let local: LocalTables;
let tables: RequestTables;
beforeAll(async () => {
  local = await sharedTables();
});
beforeEach(async () => {
  tables = await local.requestTables();
});
afterAll(async () => {
  await local.stop();
});

const [FROM, TO] = ["2026-11-24T10:00:00.000Z", "2026-11-24T12:00:00.000Z"];
const NEXT = "2026-11-24T11:00:00.000Z";
const ID = "01935e00-0000-7000-8000-000000000001";
const time = (minute: number) => `2026-11-24T10:${minute}:00.000Z`;
const event = (seq: number, minute: number) =>
  linked({
    ...{
      schema: 1,
      requestId: ID,
      seq,
      type: "approve",
      actor: "bob",
      at: time(minute),
      details: {},
    },
    previousHash: CHAIN_START,
  }) as unknown as AuditEvent;
const [OWN, LATER] = [event(1, 20), event(3, 50)];
const FALSE = event(2, 30);

const put = (Item: object) =>
  local.client.send(new PutCommand({ TableName: tables.audit, Item: { ...Item } }));
const putEvent = (one: AuditEvent) =>
  put({ ...auditKey(ID, one.seq), ...auditIndex(one), schema: SCHEMA, event: one });

/** The events of the two hours, page by page, and how many items were left out. */
async function listed(limit: number) {
  const { auditBetween } = dynamoRequestStore(local.client, tables, systemRandom);
  return await allPages((page) => auditBetween(FROM, TO, { limit, ...page }));
}

async function allPages<One>(
  read: (page: { after?: string }) => Promise<ListedPage<One>>,
): Promise<{ items: readonly One[]; leftOut: number }> {
  const items: One[] = [];
  let [leftOut, pages, page] = [0, 0, await read({})];
  for (;;) {
    items.push(...page.items);
    leftOut += page.leftOut ?? 0;
    pages += 1;
    if (page.next === undefined) return { items, leftOut };
    if (pages > 20) throw new Error("The list has no end.");
    page = await read({ after: page.next });
  }
}

/** `activity` and `correlate` may put such keys, with any attributes. */
const PLANTED: Readonly<Record<string, object>> = {
  "EVID# with a false event": { pk: `EVID#${ID}`, sk: "000002", event: FALSE },
  "EVID# without an event": { pk: `EVID#${ID}`, sk: "x" },
  "ONCE# with a false event": { pk: `ONCE#${ID}`, sk: "000002", event: FALSE },
  "AUDIT# of another request": { pk: "AUDIT#other", sk: "000002", event: FALSE },
  "AUDIT# with an event of another hour": {
    ...auditKey(ID, 2),
    event: { ...FALSE, at: "2026-11-24T09:30:00.000Z" },
  },
};

describe("Items in the index of the hours of events", () => {
  it.each(Object.keys(PLANTED))("An item %s is left out of the list, and counted", async (what) => {
    await putEvent(OWN);
    await put({ ...auditIndex(FALSE), schema: SCHEMA, ...PLANTED[what] });
    await putEvent(LATER);
    for (const limit of [1, 10])
      expect(await listed(limit)).toEqual({ items: [OWN, LATER], leftOut: 1 });
  });

  it.each(["2026-11-24T10:10:00.000Z#x", "2026-11-24T10:zz", "~"])(
    "The sort key %s neither ends the list nor leads it back",
    async (auditSk) => {
      await putEvent(OWN);
      for (const sk of ["a", "b"])
        await put({ pk: `EVID#${ID}`, sk, auditPk: hourPk(NEXT), auditSk: `${auditSk}${sk}` });
      for (const sk of ["c", "d"])
        await put({ pk: `EVID#${ID}`, sk, auditPk: hourPk(FROM), auditSk: `${auditSk}${sk}` });
      await putEvent(LATER);
      expect((await listed(1)).items).toEqual([OWN, LATER]);
    },
  );
});

describe("Items in the index of the hours of records", () => {
  const chain = evidencePk(ID);
  const record = (seq: number, minute: number) =>
    linked({ seq, type: "activity", at: time(minute), previousHash: CHAIN_START });
  const own = { chain, record: record(1, 20) };

  it.each([
    ["of another kind", { pk: `ONCE#${ID}`, sk: "000002", record: record(2, 30) }],
    ["without a record", { pk: chain, sk: "x" }],
    ["of another instant", { ...chainedKey(chain, 2), record: record(2, 10) }],
  ])("An item %s is left out of the list, and counted", async (_, planted) => {
    await put({ ...chainedKey(chain, 1), ...recordIndex(chain, own.record), record: own.record });
    await put({ auditPk: recordsPk(FROM), auditSk: `${time(30)}#x`, ...planted });
    for (const limit of [1, 10])
      expect(
        await allPages((page) =>
          recordsBetween(local.client, tables.audit, FROM, TO, { limit, ...page }),
        ),
      ).toEqual({ items: [own], leftOut: 1 });
  });
});

describe("What the archive reads of an hour", () => {
  it("It has no item that is no record in its place, and names each", async () => {
    await putEvent(OWN);
    for (const sk of ["000002", "x"])
      await put({ pk: `ONCE#${ID}`, sk, ...auditIndex(FALSE), schema: SCHEMA, event: FALSE });
    const foreign: string[] = [];
    const seen: unknown[] = [];
    const isForeign = (key: string) => foreign.push(key);
    const records = dynamoAuditRecords(local.client, tables.audit);
    for await (const one of records.ofHour("2026-11-24T10", isForeign)) seen.push(one);
    expect(seen).toEqual([{ chain: `AUDIT#${ID}`, record: OWN }]);
    expect(foreign.toSorted()).toEqual([`ONCE#${ID} 000002`, `ONCE#${ID} x`]);
  });
});

describe("An event that was put over itself without the index's attributes", () => {
  it("The list of everybody's events lacks it, and its request's own history has it", async () => {
    await putEvent(OWN);
    await putEvent(FALSE);
    await put({ ...auditKey(ID, FALSE.seq), schema: SCHEMA, event: FALSE });
    const { history, historyPage } = dynamoRequestStore(local.client, tables, systemRandom);
    expect(await listed(10)).toEqual({ items: [OWN], leftOut: 0 });
    expect(await history(ID)).toEqual([OWN, FALSE]);
    expect(await historyPage(ID, { limit: 10 })).toEqual({ items: [OWN, FALSE] });
    const { find } = dynamoAuditRecords(local.client, tables.audit);
    expect(await find(`AUDIT#${ID}`, FALSE.seq)).toMatchObject({ record: FALSE });
  });
});
