/** Items that functions without a right on events put into the audit index, each at the very place of an event. */
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { auditIndex, auditKey, SCHEMA } from "../../../../../shared/aws/dynamodb/keys.ts";
import { dynamoRequestStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import type { AuditEvent } from "../../../../../shared/domain/requests/audit-event.ts";
import { CHAIN_START, linked } from "../../../../../shared/domain/values/hash-chain.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

let local: LocalTables;
beforeAll(async () => {
  local = await sharedTables();
});
afterAll(async () => {
  await local.stop();
});

const ID = "01935e00-0000-7000-8000-000000000001";
const event = (seq: number, at: string) =>
  linked({
    ...{ schema: 1, requestId: ID, seq, type: "approve", actor: "bob", at },
    previousHash: CHAIN_START,
  }) as unknown as AuditEvent;

it("Items of others at the place of an event do not hide it from the list of all events", async () => {
  const tables = await local.requestTables();
  const put = (Item: object) =>
    local.client.send(new PutCommand({ TableName: tables.audit, Item: { ...Item } }));
  const own = event(1, "2026-11-24T10:20:00.000Z");
  const later = event(2, "2026-11-24T10:50:00.000Z");
  for (const one of [own, later])
    await put({ ...auditKey(ID, one.seq), ...auditIndex(one), schema: SCHEMA, event: one });
  // As `activity` or `correlate` may: an index's sort key need not be unique.
  for (let at = 0; at < 40; at += 1)
    await put({ pk: `EVID#${at}`, sk: "x", ...auditIndex(own), schema: SCHEMA });
  const { auditBetween } = dynamoRequestStore(local.client, tables, systemRandom);
  const events: AuditEvent[] = [];
  let after: string | undefined;
  do {
    const page = { limit: 2, ...(after === undefined ? {} : { after }) };
    const { items, next } = await auditBetween(
      "2026-11-24T10:00:00.000Z",
      "2026-11-24T12:00:00.000Z",
      page,
    );
    events.push(...items);
    after = next;
  } while (after !== undefined);
  expect(events).toEqual([own, later]);
});
