import {
  type DynamoDBDocumentClient,
  PutCommand,
  TransactWriteCommand,
} from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { memoryFindingStore } from "../../../../../lab/fakes/memory-finding-store.ts";
import { dynamoEvidenceStore } from "../../../../../shared/aws/dynamodb/evidence/dynamo-evidence-store.ts";
import {
  chainedKey,
  findingPk,
  recordIndex,
} from "../../../../../shared/aws/dynamodb/evidence/record-keys.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import {
  findingVerifier,
  nextFinding,
} from "../../../../../shared/domain/evidence/evidence-chain.ts";
import {
  eventFindingId,
  type FindingDraft,
} from "../../../../../shared/domain/evidence/findings/finding-record.ts";
import { findingKey } from "../../../../../shared/domain/evidence/record-key.ts";
import type { FindingStore } from "../../../../../shared/ports/finding-store.ts";
import { aFinding, CHAIN, expectedChange, seen } from "../../../domain/evidence/finding-drafts.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

let local: LocalTables;
beforeAll(async () => {
  local = await sharedTables();
});
afterAll(async () => {
  await local.stop();
});

const EVENTS = ["one", "two", "three"];
const minute = fc
  .integer({ min: 0, max: 59 })
  .map((n) => `2026-11-24T10:${String(n).padStart(2, "0")}:00.000Z`);
const draft: fc.Arbitrary<FindingDraft> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...EVENTS), minute, fc.subarray(["r1", "r2"]))
    .map(([key, at, requestIds]) => aFinding(key, at, requestIds)),
  fc.constantFrom(...EVENTS).map(expectedChange),
  fc
    .tuple(
      fc.constantFrom(...EVENTS),
      fc.constantFrom("a", "b"),
      minute,
      fc.constantFrom("dave", "carol"),
    )
    .map(([key, note, at, actor]) => seen(key, note, at, actor)),
);
/** How a record is written: as now, with its answer lost and repeated, by two at once, or as earlier. */
const how = fc.constantFrom("now", "lost", "twice", "earlier");

/** A store that loses the answer of its first write. */
function losing(client: DynamoDBDocumentClient, names: Parameters<typeof dynamoEvidenceStore>[1]) {
  let isLost = false;
  const send = async (command: Parameters<DynamoDBDocumentClient["send"]>[0]) => {
    const answer = await client.send(command);
    if (isLost || !(command instanceof TransactWriteCommand)) return answer;
    isLost = true;
    throw new Error("The answer was lost.");
  };
  return dynamoEvidenceStore({ config: client.config, send } as never, names, systemRandom);
}

/** The view of people on a store. */
async function seenOf(store: FindingStore) {
  const ids = EVENTS.map(eventFindingId);
  const open = await store.openFindings({}, { limit: 100 });
  const keysOf = (records: readonly FindingDraft[]) => records.map(findingKey);
  return {
    chain: keysOf(await store.findingsIn(CHAIN)),
    open: keysOf(open.items),
    known: await Promise.all(ids.map(async (id) => (await store.finding(id))?.at)),
    said: await Promise.all(ids.map(async (id) => keysOf(await store.acknowledgements(id)))),
    about: await Promise.all(
      ["r1", "r2"].map(async (id) => keysOf(await store.findingsAbout(id, [CHAIN]))),
    ),
  };
}

it("For records that are new, repeated, lost or of an earlier release, the table shows the same as the model", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(draft, how), { maxLength: 12 }), async (history) => {
      const names = await local.requestTables();
      const store = dynamoEvidenceStore(local.client, names, systemRandom);
      const model = memoryFindingStore();
      /** As an earlier release did: it read the whole chain, and acknowledged nothing. */
      const storeEarlier = async (one: FindingDraft) => {
        const chain = await store.findingsIn(CHAIN);
        if (chain.some((each) => findingKey(each) === findingKey(one))) return;
        const record = nextFinding(chain.at(-1), one);
        const pk = findingPk(CHAIN);
        const Item = { ...chainedKey(pk, record.seq), ...recordIndex(pk, record), record };
        await local.client.send(new PutCommand({ TableName: names.audit, Item }));
      };
      for (const [one, way] of history) {
        const isOfPeople = one.type === "acknowledgement";
        if (isOfPeople && !(await store.finding(one.details.findingId))) continue;
        await model.appendFinding(one);
        if (way === "earlier" && !isOfPeople) await storeEarlier(one);
        else if (way === "lost")
          await losing(local.client, names)
            .appendFinding(one)
            .catch(() => undefined);
        else if (way === "twice")
          await Promise.all([store.appendFinding(one), store.appendFinding(one)]);
        if (way !== "earlier" || isOfPeople) await store.appendFinding(one);
      }
      // Earlier records are in every list once another record follows them.
      const last = aFinding("last", "2026-11-24T11:00:00.000Z");
      for (const each of [store, model]) await each.appendFinding(last);
      expect(await seenOf(store)).toEqual(await seenOf(model));
      const verifier = findingVerifier();
      for (const record of await store.findingsIn(CHAIN))
        expect(verifier.add(record)).toBeUndefined();
      expect(verifier.end()).toEqual([]);
    }),
    { numRuns: 10 },
  );
});
