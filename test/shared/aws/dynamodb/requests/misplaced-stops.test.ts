/** Records of suspensions at other places than their number says: whoever takes `api` over may put them. */
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { aPolicy, settings, T0 } from "../../../../../lab/fakes/builders.ts";
import { fixedClock } from "../../../../../lab/fakes/fixed-clock.ts";
import { memoryStopCopyStore } from "../../../../../lab/fakes/memory-stop-stores.ts";
import { withAdmins } from "../../../../../lab/fakes/two-admins.ts";
import { chainedKey, STOPS_PK } from "../../../../../shared/aws/dynamodb/evidence/record-keys.ts";
import { dynamoStopStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-stop-store.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import {
  NO_STOPS,
  type Stops,
  stopRecord,
  stopsAfter,
} from "../../../../../shared/domain/stops/stops.ts";
import { loadCopy, readStops } from "../../../../../shared/usecases/converge/read-stops.ts";
import { aStop } from "../../../../contracts/stop-store.contract.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

let tables: LocalTables;
beforeAll(async () => {
  tables = await sharedTables();
});
afterAll(async () => {
  await tables.stop();
});

async function world() {
  const names = await tables.requestTables();
  const policy = withAdmins(aPolicy());
  const stops = dynamoStopStore(tables.client, names, systemRandom);
  const ports = { stops, stopCopy: memoryStopCopyStore(), policy, clock: fixedClock(T0) };
  const run = () =>
    readStops({ ...ports, settings: settings() }, { log: () => undefined }, loadCopy(ports));
  const put = (place: number, record: object) =>
    tables.client.send(
      new PutCommand({ TableName: names.audit, Item: { ...chainedKey(STOPS_PK, place), record } }),
    );
  const putAs = (sk: string, record: object) =>
    tables.client.send(
      new PutCommand({
        TableName: names.audit,
        Item: { ...chainedKey(STOPS_PK, 1), sk, record },
      }),
    );
  const after = (before: Stops) =>
    stopRecord(before, aStop({ person: "dave", policyHash: policy.hash }));
  const suspend = () => stops.append(() => aStop({ person: "alice", policyHash: policy.hash }));
  return { run, put, putAs, after, suspend };
}

it("A suspension before a record at a later place than its own ends grants all the same", async () => {
  const { run, put, after, suspend } = await world();
  await put(100, after(NO_STOPS));
  await run();
  await suspend();
  expect((await run()).ending?.people).toHaveProperty("alice");
});

it("A suspension at a place that converge has counted past is seen", async () => {
  const { run, put, after, suspend } = await world();
  const first = after(NO_STOPS);
  const second = after(stopsAfter(first));
  await put(2, first);
  await put(3, second);
  await run();
  await put(3, after(stopsAfter(second)));
  await run();
  await put(2, {});
  await put(3, {});
  await suspend();
  const { ending, stopped } = await run();
  expect(ending?.people).toHaveProperty("alice");
  expect(stopped?.people ?? { alice: {} }).toHaveProperty("alice");
});

it("A suspension is seen, whatever has a place between two numbers", async () => {
  const { run, putAs, after, suspend } = await world();
  await putAs("000000x", after(NO_STOPS));
  await run();
  await suspend();
  const { ending, stopped } = await run();
  expect(ending?.people).toHaveProperty("alice");
  expect(stopped?.people ?? { alice: {} }).toHaveProperty("alice");
});
