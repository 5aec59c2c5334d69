/** A sealed archive of three days, small enough to be a test vector, and ways to tamper with it. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { fixedClock } from "../../../lab/fakes/fixed-clock.ts";
import { memoryArchiveStore } from "../../../lab/fakes/memory-archive-store.ts";
import { memoryAuditRecords } from "../../../lab/fakes/memory-audit-records.ts";
import { type MemorySigner, memorySigner } from "../../../lab/fakes/memory-signer.ts";
import type { ArchivedRecord } from "../../../shared/domain/evidence/archive/archived-record.ts";
import { hashOf } from "../../../shared/domain/values/canonical-json.ts";
import { archive } from "../../../shared/usecases/evidence/archive.ts";
import { keptReadings } from "../../shared/usecases/clusters/kept-readings.ts";
import { aChain } from "../../shared/usecases/evidence/archive-world.ts";
import { aLife, idOf } from "../sample-requests.ts";

const HOUR_SECONDS = 3_600;

/** The archive's files by name, as text, and the public key as PEM. */
export interface SmallArchive {
  readonly files: ReadonlyMap<string, string>;
  readonly publicPem: string;
}

/** Two requests of 24 November, evidence of a third on two days, and three readings of standing access. */
export const smallArchive = (): Promise<SmallArchive> => archiveBy(memorySigner(), "x");

/** Two archives of the same days by one key, with other evidence. */
export async function forkedArchives(): Promise<readonly [SmallArchive, SmallArchive]> {
  const signer = memorySigner();
  return [await archiveBy(signer, "x"), await archiveBy(signer, "y")];
}

async function archiveBy(signer: MemorySigner, evidenceOf: string): Promise<SmallArchive> {
  const store = memoryArchiveStore();
  const events = [1, 2].flatMap((id) => aLife(idOf(id)).events);
  const day = events[0]?.at.slice(0, 10) ?? "";
  const at = (days: number, time: string) =>
    `${new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)}T${time}.000Z`;
  const evidence = aChain(`EVID#${evidenceOf}`, [at(0, "20:00:00"), at(1, "09:00:00")], {
    requestId: evidenceOf,
  });
  const { standing, records: readings } = await keptReadings([
    { startedAt: at(0, "20:10:00"), roles: ["a", "b"] },
    { startedAt: at(0, "22:10:00"), roles: ["b", "a"] },
    { startedAt: at(1, "09:10:00"), roles: ["b"] },
  ]);
  const records = memoryAuditRecords([
    ...events.map((record) => ({ chain: `AUDIT#${record.requestId}`, record })),
    ...evidence,
    ...readings,
  ]);
  const clock = fixedClock(at(0, "23:10:00"));
  for (; clock.now() < at(2, "02:00:00"); clock.advance(HOUR_SECONDS))
    await archive({ store, signer, clock, records, standing }, () => false);
  const files = [...store.objects]
    .filter(([, lines]) => lines.length > 0)
    .map(([name, lines]) => [name, lines.map((line) => `${line}\n`).join("")] as const);
  const publicPem = signer.publicKey.export({ type: "spki", format: "pem" }).toString();
  return { files: new Map(files), publicPem };
}

/** The bytes of a file of the archive. */
export const bytesOf = (name: string, text: string): Buffer =>
  name.endsWith(".gz") ? gzipSync(text, { level: 9 }) : Buffer.from(text);

/** Numbers that look random, the same for the same seed. */
export function numbersFrom(seed: string): (below: number) => number {
  let count = 0;
  return (below) => {
    count += 1;
    const digest = createHash("sha256").update(`${seed} ${count}`).digest();
    return digest.readUInt32BE(0) % below;
  };
}

/** One way to tamper, so that something of what was sealed differs. */
export function tamperedWith(
  files: ReadonlyMap<string, string>,
  next: (below: number) => number,
): ReadonlyMap<string, string> {
  const names = [...files.keys()].filter((name) => /^(?:records|seals)\//.test(name));
  const name = names[next(names.length)] ?? "";
  const text = files.get(name) ?? "";
  const made = new Map(files);
  switch (next(5)) {
    case 0:
      made.delete(name);
      return name.startsWith("seals/") && name === names.at(-1) ? made.set(name, "{}\n") : made;
    case 1:
      return made.set(name, digitChanged(text, next));
    case 2:
      return made.set(name, lineLost(text, next));
    case 3:
      return made.set(name, `${text}${text.split("\n")[0] ?? ""}\n`);
    default:
      return made.set(name, rewrittenIn(text, next));
  }
}

function digitChanged(text: string, next: (below: number) => number): string {
  const places = [...text.matchAll(/[0-9a-f]/g)].map(({ index }) => index);
  const at = places[next(places.length)] ?? 0;
  const other = text[at] === "1" ? "2" : "1";
  return text.slice(0, at) + other + text.slice(at + 1);
}

function lineLost(text: string, next: (below: number) => number): string {
  const lines = text.split("\n").slice(0, -1);
  lines.splice(next(lines.length), 1);
  return lines.map((line) => `${line}\n`).join("") || "{}\n";
}

/** A record changed, with its own hash computed again. */
function rewrittenIn(text: string, next: (below: number) => number): string {
  const lines = text.split("\n").slice(0, -1);
  const at = next(lines.length);
  const one = JSON.parse(lines[at] ?? "{}") as Partial<ArchivedRecord>;
  if (one.record === undefined) return digitChanged(text, next);
  const { hash: _old, ...body } = { ...one.record, policyHash: "e".repeat(64) };
  lines[at] = JSON.stringify({ ...one, record: { ...body, hash: hashOf(body) } });
  return lines.map((line) => `${line}\n`).join("");
}
