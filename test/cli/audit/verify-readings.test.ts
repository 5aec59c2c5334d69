/** Readings of standing access in an archive, as an auditor verifies them, and attacks on them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PROD } from "../../../lab/fakes/builders.ts";
import { fixedClock } from "../../../lab/fakes/fixed-clock.ts";
import { memoryArchiveStore } from "../../../lab/fakes/memory-archive-store.ts";
import { memoryAuditRecords } from "../../../lab/fakes/memory-audit-records.ts";
import { memorySigner } from "../../../lab/fakes/memory-signer.ts";
import type { ArchivedRecord } from "../../../shared/domain/evidence/archive/archived-record.ts";
import { nextReading, type ReadingRecord } from "../../../shared/domain/standing/reading-record.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import type { StandingStore } from "../../../shared/ports/standing-store.ts";
import { archive } from "../../../shared/usecases/evidence/archive.ts";
import { keptReadings } from "../../shared/usecases/clusters/kept-readings.ts";
import { runHere } from "../run-timelatch.ts";
import { bytesOf } from "./small-archive.ts";

const DAY = "2026-11-24";
const at = (hours: number) => plusSeconds(`${DAY}T00:10:00.000Z`, hours * 3_600);
const CHAIN = `STANDING#${PROD.arn}`;
const FOUND = [
  { startedAt: at(2), roles: ["a", "b"] },
  { startedAt: at(8), roles: ["b", "a"] },
  { startedAt: at(14), roles: ["b"] },
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-readings-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Table = {
  readonly standing: Pick<StandingStore, "all">;
  readonly records: readonly ArchivedRecord[];
};

/** Archives each hour until an instant. */
async function archived({ standing, records: all }: Table, until = at(26)) {
  const [store, signer] = [memoryArchiveStore(), memorySigner()];
  const records = memoryAuditRecords([...all], `${DAY}T00:00:00.000Z`);
  const clock = fixedClock(at(1));
  const reports = [];
  for (; clock.now() < until; clock.advance(3_600))
    reports.push(await archive({ store, signer, clock, records, standing }, () => false));
  const contents = () =>
    [...store.objects.keys()].filter((key) => key.startsWith("standing/")).sort();
  return { store, signer, reports, contents };
}
type Archived = Awaited<ReturnType<typeof archived>>;

/** @param drop keys that are not in the copy that the auditor got */
async function verified({ store, signer }: Archived, drop: readonly string[] = []) {
  for (const [name, lines] of store.objects) {
    if (drop.includes(name)) continue;
    const file = path.join(folder, "archive", name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytesOf(name, lines.map((line) => `${line}\n`).join("")));
  }
  const pem = path.join(folder, "public.pem");
  writeFileSync(pem, signer.publicKey.export({ type: "spki", format: "pem" }));
  return runHere(["audit", "verify", path.join(folder, "archive"), "--key", pem]);
}

const detailsOf = ({ record }: ArchivedRecord) => (record as unknown as ReadingRecord).details;

describe("Readings of standing access in the archive", () => {
  it("Each content is kept once, the records are sealed, and all of it holds", async () => {
    const made = await archived(await keptReadings(FOUND));
    expect(made.contents()).toHaveLength(2);
    expect(made.reports.flatMap(({ lost, refused }) => [...lost, ...refused])).toEqual([]);
    const { code, out } = await verified(made);
    expect(code).toBe(0);
    expect(out.replace(/\s+/g, " ")).toContain(
      "2 lists of standing access are as readings found them.",
    );
  });

  it("A content that was exchanged is a fault, by the name of its file", async () => {
    const made = await archived(await keptReadings(FOUND));
    const [first = "", second = ""] = made.contents();
    made.store.objects.set(first, made.store.objects.get(second) ?? []);
    const { code, err } = await verified(made);
    expect(code).toBe(8);
    expect(err.replace(/\s+/g, "")).toContain(`${first}:edited:`);
  });

  it("A content that is not in the copy is a fault, by the reading that found it", async () => {
    const made = await archived(await keptReadings(FOUND));
    const [first = ""] = made.contents();
    const { code, err } = await verified(made, [first]);
    expect(code).toBe(8);
    expect(err.replace(/\s+/g, "")).toContain(`ismissing:${first}`);
  });

  it("A reading that is left out is a gap in its chain, and one that is dated back is named", async () => {
    const { standing, records } = await keptReadings(FOUND);
    const [first, , third] = records;
    const without = await archived({
      standing,
      records: [first, third].flatMap((one) => one ?? []),
    });
    expect((await verified(without)).err.replace(/\s+/g, " ")).toContain(
      "Reading 2 is missing; 3 follows",
    );
    const [details, back] = [0, 1].map((of) => detailsOf(records[of] as ArchivedRecord));
    if (!details || !back) throw new Error("There are no readings.");
    const chain: ReadingRecord[] = [];
    for (const one of [back, details]) chain.push(nextReading(chain.at(-1), PROD.arn, one));
    const forged = chain.map((record) => ({ chain: CHAIN, record }));
    const dated = await archived({ standing, records: forged });
    expect((await verified(dated)).err.replace(/\s+/g, " ")).toContain(
      "Reading 2 is dated before the one before it",
    );
  });

  it("What the table no longer has is said in the seal and in the alarm, and is no fault", async () => {
    const { records } = await keptReadings(FOUND);
    const { standing } = await keptReadings([]);
    const made = await archived({ standing, records });
    expect(made.reports.at(-1)?.lost).toEqual([1, 2, 3].map((seq) => `${CHAIN} ${seq}`));
    const { code, out } = await verified(made);
    expect(code).toBe(0);
    expect(out.replace(/\s+/g, " ")).toContain(
      "Never here, as seals say: 2 lists of standing access",
    );
  });

  it("Another list in the table than the record has is not archived", async () => {
    const { records } = await keptReadings(FOUND);
    const { standing } = await keptReadings(FOUND.map((one) => ({ ...one, roles: ["mallory"] })));
    const made = await archived({ standing, records });
    expect(made.contents()).toEqual([]);
    expect(made.reports.at(-1)?.lost).toHaveLength(3);
  });

  it("A reading that is older than the table keeps its entries is without content, and no alarm", async () => {
    const { records } = await keptReadings(FOUND);
    const { standing } = await keptReadings([]);
    const [store, signer] = [memoryArchiveStore(), memorySigner()];
    const table = memoryAuditRecords([...records], `${DAY}T00:00:00.000Z`);
    const clock = fixedClock(at(24 * 9));
    const report = await archive({ store, signer, clock, records: table, standing }, () => false);
    expect(report.lost).toEqual([]);
    expect(report.sealed).toContain(DAY);
    const seal = JSON.parse(store.objects.get(`seals/${DAY}.json`)?.[0] ?? "").seal;
    expect(seal.withoutContent).toHaveLength(2);
  });

  it("An object that somebody put in the place of a content is refused by its key, and never read as one", async () => {
    const { standing, records } = await keptReadings(FOUND);
    const key = `standing/${detailsOf(records[0] as ArchivedRecord).content}.ndjson.gz`;
    const [store, signer] = [memoryArchiveStore(), memorySigner()];
    await store.put(key, ['{"principalArn":"nobody"}']);
    const table = memoryAuditRecords([...records], `${DAY}T00:00:00.000Z`);
    const clock = fixedClock(at(26));
    const report = await archive({ store, signer, clock, records: table, standing }, () => false);
    expect(report.refused).toEqual([key]);
    expect(store.objects.get(key)).toHaveLength(1);
    const made = { store, signer, reports: [report], contents: () => [] };
    const { code, err } = await verified(made);
    expect(code).toBe(8);
    expect(err.replace(/\s+/g, "")).toContain(`${key}:edited:`);
  });

  it("The lists of the last hours may still come, and are said to", async () => {
    const { standing, records } = await keptReadings([
      ...FOUND,
      { startedAt: at(25), roles: ["c"] },
    ]);
    const made = await archived({ standing, records }, at(27));
    const last = `standing/${detailsOf(records[3] as ArchivedRecord).content}.ndjson.gz`;
    expect(made.contents()).toContain(last);
    const { code, out } = await verified(made, [last]);
    expect(code).toBe(0);
    expect(out.replace(/\s+/g, " ")).toContain("Not here yet: 1 list of standing access");
  });
});
