/** Finders of a forgery: the product's own code, or a script of the documents, each with its own sources. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { verifyArchive } from "../../cli/audit/verify-archive.ts";
import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import { archivedRecordIn } from "../../shared/domain/evidence/archive/archived-record.ts";
import { readSeal } from "../../shared/domain/evidence/archive/read-seal.ts";
import type { SealedDay } from "../../shared/domain/evidence/archive/seal.ts";
import { auditReport } from "../../shared/domain/evidence/report/audit-report.ts";
import { evidenceTally } from "../../shared/domain/evidence/report/evidence-tally.ts";
import { populationBuilder } from "../../shared/domain/evidence/report/population.ts";
import { readListedEvent } from "../../shared/domain/evidence/trail/parse-trail-event.ts";
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import { type Days, LAST_RUN, SEAL_KEY } from "./archive-days.ts";
import { DAY, type RecordedDay } from "./recorded-day.ts";

const TODAY = LAST_RUN.slice(0, DAY.length);

const textOf = (lines: readonly string[] = []) => lines.map((line) => `${line}\n`).join("");

function sealsIn({ store }: Pick<Days, "store">): readonly SealedDay[] {
  const keys = [...store.objects.keys()].filter((key) => key.startsWith("seals/")).sort();
  return keys.flatMap((key) => readSeal(textOf(store.objects.get(key))) ?? []);
}

const fileOf = (name: string, lines: readonly string[]) => ({
  name,
  async *open() {
    yield Buffer.from(textOf(lines));
  },
});

/** The records that somebody has who synced the archive. */
export const archivedIn = ({ store }: Pick<Days, "store">): readonly ArchivedRecord[] =>
  [...store.objects]
    .filter(([key]) => key.startsWith("records/"))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, lines]) => lines.flatMap((line) => archivedRecordIn(line) ?? []));

async function faultsOf(days: Days, files: readonly ReturnType<typeof fileOf>[]) {
  const [first, ...rest] = sealsIn(days);
  if (!first) return ["There is no seal among the files."];
  const seals = [first, ...rest] as const;
  const { faults } = await verifyArchive(seals, files, SEAL_KEY, {
    mustReach: "2026-11-26",
    today: TODAY,
  });
  return faults.map(({ fault, detail, chain }) => `${chain ?? fault} ${detail}`);
}

/** `timelatch audit verify archive --key … --until …`. */
export function verified(days: Days): Promise<readonly string[]> {
  const parts = [...days.store.objects].filter(([key]) => key.startsWith("records/"));
  return faultsOf(
    days,
    parts.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, lines]) => fileOf(key, lines)),
  );
}

/** `timelatch audit verify export.ndjson archive/seals --key …`, of the table's events as the API lists them. */
export async function exportHeld(days: Days): Promise<readonly string[]> {
  const lines = days.table
    .filter(({ chain }) => chain.startsWith("AUDIT#"))
    .map((one) => JSON.stringify(one));
  const faults = await faultsOf(days, [fileOf("export.ndjson", lines)]);
  return faults.filter((fault) => /^(?:AUDIT#|unreadable )/.test(fault));
}

/** `timelatch audit report --cloudtrail`, of the records that the archive has. @returns all that it shows */
export function reported(days: Days): readonly string[] {
  const tally = evidenceTally();
  const population = populationBuilder();
  const records = archivedIn(days).toSorted((a, b) => a.record.seq - b.record.seq);
  for (const one of records) {
    if (one.chain.startsWith("AUDIT#")) population.add(one.record as unknown as AuditEvent);
    else tally.add(one);
  }
  const trail = days.day.trail.flatMap((record) => {
    const read = readListedEvent(JSON.stringify(record), new Set(["111122223333"]));
    return "event" in read ? [read.event] : [];
  });
  const period = { from: `${DAY}T00:00:00.000Z`, to: LAST_RUN, madeAt: LAST_RUN };
  const { completeness, summary, findings } = auditReport(
    period,
    population.requests(),
    tally,
    () => false,
    { trail },
  );
  const { unaccounted, accountedTwice, unseenCalls, contradicted } = completeness;
  return [
    ...[unaccounted, accountedTwice, unseenCalls, contradicted, summary.late].flat(),
    ...population.unread(),
    ...tally.unread(),
    ...findings.flatMap(({ code, acknowledgedBy }) =>
      code === "outside-change" || acknowledgedBy.length > 0 ? [] : [code],
    ),
  ];
}

/** Findings that the report lists as open. */
export function openIn(days: Days): number {
  const tally = evidenceTally();
  for (const one of archivedIn(days)) tally.add(one);
  return tally.findings.filter(({ acknowledgedBy }) => acknowledgedBy.length === 0).length;
}

const GUIDE = path.resolve(import.meta.dirname, "../../docs/guide-auditor.md");

/** The script of the guide that compares the archive with the API's access log. @returns its lines */
export function compared(records: readonly ArchivedRecord[], { access }: RecordedDay) {
  const [, script = ""] =
    /<!-- access log by hand -->\n```bash\n([\s\S]*?)```/.exec(readFileSync(GUIDE, "utf8")) ?? [];
  const cwd = mkdtempSync(path.join(tmpdir(), "timelatch-access-log-"));
  writeFileSync(
    path.join(cwd, "records.ndjson"),
    textOf(records.map((one) => JSON.stringify(one))),
  );
  writeFileSync(path.join(cwd, "access.ndjson"), textOf(access.map((one) => JSON.stringify(one))));
  try {
    const said = execFileSync("bash", ["-c", script], { cwd, encoding: "utf8" });
    return said.split("\n").filter((line) => line !== "");
  } finally {
    rmSync(cwd, { recursive: true });
  }
}
