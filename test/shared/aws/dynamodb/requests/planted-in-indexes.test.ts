/** Items that functions put into indexes of what others look for, at no place of the broker's. */
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { aFirstStep, T0 } from "../../../../../lab/fakes/builders.ts";
import { dueIn } from "../../../../../lab/fakes/due-notices.ts";
import { dynamoEvidenceStore } from "../../../../../shared/aws/dynamodb/evidence/dynamo-evidence-store.ts";
import { unconfirmedPk } from "../../../../../shared/aws/dynamodb/evidence/record-keys.ts";
import { auditIndex, noticePk, SHARDS } from "../../../../../shared/aws/dynamodb/keys.ts";
import { dynamoNoticeStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-notice-store.ts";
import { dynamoRequestStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import type { RequestTables } from "../../../../../shared/aws/dynamodb/requests/request-writes.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { aCall } from "../../../domain/evidence/samples.ts";
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

const LONG_AGO = "2000-01-01T00:00:00.000Z";
const put = (TableName: string, Item: object) =>
  local.client.send(new PutCommand({ TableName, Item: { ...Item } }));
/** Two items in each shard of an index, as `standing` and `notify` may put them. */
async function plant(attributes: (shard: number) => object) {
  for (let at = 0; at < 2 * SHARDS; at += 1)
    await put(tables.requests, { pk: `STANDING#${at}`, sk: "x", ...attributes(at % SHARDS) });
}

it("Items without a call keep no call from being looked for", async () => {
  const evidence = dynamoEvidenceStore(local.client, tables, systemRandom);
  await evidence.putCall(aCall());
  await plant((shard) => ({ unconfirmedPk: unconfirmedPk(shard), unconfirmedSk: LONG_AGO }));
  const found = await evidence.unconfirmed(plusSeconds(aCall().at, 1), 2);
  expect(found.map(({ call }) => call)).toEqual([aCall()]);
});

it("Calls that others made up, and that nobody can postpone, keep no call of ours from being looked for", async () => {
  const evidence = dynamoEvidenceStore(local.client, tables, systemRandom);
  await evidence.putCall(aCall());
  await plant((shard) => ({
    unconfirmedPk: unconfirmedPk(shard),
    unconfirmedSk: LONG_AGO,
    recordedCall: aCall({ eksRequestId: "made-up", at: LONG_AGO }),
  }));
  const seen: string[] = [];
  for (let run = 0; run < 10; run += 1)
    for (const { call } of await evidence.unconfirmed(plusSeconds(aCall().at, 1), 2)) {
      seen.push(call.eksRequestId);
      await evidence.settleCall(call.eksRequestId);
    }
  expect(seen).toContain(aCall().eksRequestId);
});

it("Items that are no notices keep no notice from being due", async () => {
  const first = aFirstStep();
  await dynamoRequestStore(local.client, tables, systemRandom).create([first]);
  await plant((shard) => ({ noticePk: noticePk(shard), noticeSk: LONG_AGO }));
  const notices = dynamoNoticeStore(local.client, tables.requests, systemRandom);
  expect(await dueIn(notices, T0, 2)).toContain(first.request.id);
});

it("An item without an event keeps no request from being found by the beginning of its id", async () => {
  const store = dynamoRequestStore(local.client, tables, systemRandom);
  const id = "01935dfd-7a00-7000-8000-000000000001";
  const createdAt = "2026-11-24T10:00:00.000Z";
  const made = Date.parse(createdAt).toString(16).padStart(12, "0");
  const own = `${made.slice(0, 8)}-${made.slice(8)}${id.slice(13)}`;
  const first = aFirstStep({ id: own, createdAt });
  await store.create([first]);
  // As `activity` and `correlate` may.
  await put(tables.audit, { pk: "EVID#x", sk: "x", ...auditIndex(first.event) });
  const { items } = await store.beginningWith(own.slice(0, 8), { limit: 10 });
  expect(items.map((request) => request.id)).toEqual([own]);
});
