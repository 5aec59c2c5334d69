/** Converge's copy of who is stopped, where many people of the file are, for reasons as long as a record may have. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { T0 } from "../../../../../lab/fakes/builders.ts";
import { dynamoStopCopyStore } from "../../../../../shared/aws/dynamodb/ledger/dynamo-stop-copy-store.ts";
import { LONGEST_REASON } from "../../../../../shared/domain/policy/reason.ts";
import { NO_STOPS, type StopCopy } from "../../../../../shared/domain/stops/stops.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

let tables: LocalTables;
beforeAll(async () => {
  tables = await sharedTables();
});
afterAll(async () => {
  await tables.stop();
});

it.each([
  ["300 people, for the longest reasons", 300, 5],
  ["1,000 people with the longest names", 1_000, 64],
])("It is kept with %s", async (_, count, letters) => {
  const store = dynamoStopCopyStore(tables.client, await tables.ledgerTable());
  const stop = { by: "heidi".padEnd(letters, "i"), at: T0, reason: "語".repeat(LONGEST_REASON) };
  const nameOf = (at: number) => `p${at}`.padEnd(letters, "x");
  const people = Object.fromEntries(
    Array.from({ length: count }, (_each, at) => [nameOf(at), stop]),
  );
  const copy: StopCopy = { people, drain: null, seq: count, hash: "f".repeat(64) };
  expect(await store.keep(copy, NO_STOPS)).toBe(true);
  const kept = await store.load();
  expect(kept).toMatchObject({ seq: count, people: { [nameOf(count - 1)]: { at: T0 } } });
  expect(await store.keep({ ...copy, seq: count + 1 }, kept)).toBe(true);
});
