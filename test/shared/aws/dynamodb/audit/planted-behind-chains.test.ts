/** Items that a writer of the audit table, such as api, puts behind the end of a chain. */
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { collected } from "../../../../../lab/fakes/collected.ts";
import { dynamoAuditRecords } from "../../../../../shared/aws/dynamodb/audit/dynamo-audit-records.ts";
import { dynamoEvidenceStore } from "../../../../../shared/aws/dynamodb/evidence/dynamo-evidence-store.ts";
import { findingPk, recordIndex } from "../../../../../shared/aws/dynamodb/evidence/record-keys.ts";
import type { RequestTables } from "../../../../../shared/aws/dynamodb/requests/request-writes.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import { nextFinding } from "../../../../../shared/domain/evidence/evidence-chain.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { emptyEngine } from "../../../../worker-engine.ts";
import { aFinding, CHAIN } from "../../../domain/evidence/finding-drafts.ts";
import { type LocalTables, localTables } from "../local-tables.ts";

let local: LocalTables;
let tables: RequestTables;
beforeAll(async () => {
  local = await localTables(await emptyEngine());
});
beforeEach(async () => {
  tables = await local.requestTables();
});
afterAll(async () => {
  await local.stop();
});

const store = () => dynamoEvidenceStore(local.client, tables, systemRandom);
const FIRST = nextFinding(undefined, aFinding("first"));
/** As the table has a true record, at another place. */
const copyAt = (seq: number) => nextFinding({ ...FIRST, seq: seq - 1 }, aFinding(`forged-${seq}`));

async function plant(sk: string, more: object) {
  const Item = { pk: findingPk(CHAIN), sk, ...more };
  await local.client.send(new PutCommand({ TableName: tables.audit, Item }));
}

const PLANTED: Readonly<Record<string, () => Promise<unknown>>> = {
  "an item without a record": () => plant("zzz", {}),
  "a record that is a text": () => plant("000002", { record: "x", hasItems: true }),
  "a record of another place": () => plant("zzz", { record: FIRST, hasItems: true }),
  "a record without a number": () => plant("zzz", { record: { ...FIRST, seq: "x" } }),
  "a record without details": () => plant("000002", { record: { seq: 2, hash: "x" } }),
  "the last place that sorts": () => plant("999999", { record: copyAt(999_999), hasItems: true }),
  "places without end": async () => {
    for (let seq = 2; seq <= 30; seq += 1) await plant(String(seq).padStart(6, "0"), {});
  },
  "a number beyond all numbers": () =>
    plant("9000000000", { record: { ...FIRST, seq: 9_000_000_000 } }),
};

describe("Items behind a chain of findings", () => {
  it.each(Object.keys(PLANTED))(
    "%s: later findings are recorded and read all the same",
    async (what) => {
      expect(await store().appendFinding(aFinding("first"))).toBe(true);
      await PLANTED[what]?.();
      for (const name of ["second", "third"]) {
        expect(await store().appendFinding(aFinding(name))).toBe(true);
        expect(await store().appendFinding(aFinding(name))).toBe(false);
        const { findingId } = aFinding(name).details;
        expect(await store().finding(findingId)).toMatchObject({ details: { findingId } });
      }
      const ids = (await store().findingsIn(CHAIN)).map(({ details }) =>
        "findingId" in details ? details.findingId : "",
      );
      for (const name of ["first", "second", "third"])
        expect(ids).toContain(aFinding(name).details.findingId);
      expect((await store().latestFindings(CHAIN, 50)).length).toBeGreaterThan(1);
    },
  );

  it("What is listed by its hour and is no record is left out of the archive and of the list", async () => {
    await store().appendFinding(aFinding("first"));
    const [own] = await store().findingsIn(CHAIN);
    if (!own) throw new Error("A record was expected.");
    await plant("junk", recordIndex(findingPk(CHAIN), { ...own, seq: 2 }));
    await plant("junk-2", { ...recordIndex(findingPk(CHAIN), { ...own, seq: 3 }), record: [1] });
    const records = dynamoAuditRecords(local.client, tables.audit);
    const found = await collected(records.ofHour(own.at.slice(0, "2026-11-24T10".length)));
    expect(found.map(({ record }) => record.hash)).toEqual([own.hash]);
    const { items } = await store().recordsBetween(own.at, plusSeconds(own.at, 1), { limit: 10 });
    expect(items.map(({ record }) => record.hash)).toEqual([own.hash]);
  });
});
