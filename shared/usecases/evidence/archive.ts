/**
 * Archives complete hours and seals complete days. All progress is in the archive itself, so a run
 * that ended anywhere is continued by the next one.
 */
import {
  FIRST_DAY_KEY,
  type PartName,
  partOf,
  RECORDS,
  SEALS,
  sealedDayOf,
  sealKey,
} from "../../domain/evidence/archive/archive-keys.ts";
import { dayAfter, dayOf, type SealedDay } from "../../domain/evidence/archive/seal.ts";
import type { Contradiction } from "../../domain/evidence/findings/contradiction.ts";
import { latest, plusSeconds } from "../../domain/values/instant.ts";
import type { ArchivePorts } from "../../ports/function-ports.ts";
import { archiveHour } from "./archive-hour.ts";
import { sealDay } from "./seal-day.ts";

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;
/** How long after its end an hour is complete: longer than a run, and than an index lags. */
const SETTLE_SECONDS = 300;
/** How many hours are read again for records that came late. */
const HOURS_AGAIN = 2;

type RecordPorts = Omit<ArchivePorts, "bus" | "policy">;

export interface ArchiveReport {
  /** Hours that were read, for the first time or again. */
  readonly hours: number;
  /** Records that were added to the archive. */
  readonly records: number;
  /** Days that were sealed. */
  readonly sealed: readonly string[];
  readonly contradictions: readonly Contradiction[];
  /** Whether time ran out before all complete hours were read. */
  readonly more: boolean;
}

/**
 * @param isTimeUp asked before each hour and each day
 * @throws what a port throws; what was archived stays, and the next run continues
 */
export async function archive(ports: RecordPorts, isTimeUp: () => boolean): Promise<ArchiveReport> {
  const now = ports.clock.now();
  const unsealed = await firstUnsealedDay(ports);
  const parts = await partsFrom(ports.store, dayBefore(unsealed));
  const report = { hours: 0, records: 0, contradictions: [] as Contradiction[] };
  const until = hourOf(plusSeconds(now, -SETTLE_SECONDS));
  let hour = firstHour(unsealed, parts);
  for (; hour < until && !isTimeUp(); hour = hourAfter(hour)) {
    const day = latest([dayOf(hour), unsealed]) ?? unsealed;
    const ofHour = parts.filter((part) => part.hour === hour);
    const { added, contradictions } = await archiveHour(ports, hour, day, ofHour);
    report.hours += 1;
    report.records += added;
    report.contradictions.push(...contradictions);
  }
  const { sealed, contradictions } = await sealDays(ports, unsealed, hour, isTimeUp);
  report.contradictions.push(...contradictions);
  return { ...report, sealed, more: hour < until };
}

/** Seals every day that has been complete for an hour. @param until the first hour that is not archived */
async function sealDays(
  ports: RecordPorts,
  from: string,
  until: string,
  isTimeUp: () => boolean,
): Promise<Pick<ArchiveReport, "sealed" | "contradictions">> {
  const sealed: string[] = [];
  const contradictions: Contradiction[] = [];
  const isDue = (day: string) => until > `${next(day)}T00`;
  if (!isDue(from) || isTimeUp()) return { sealed, contradictions };
  let before = await sealOfDay(ports.store, dayBefore(from));
  const parts = await partsFrom(ports.store, from);
  for (let day = from; isDue(day) && !isTimeUp(); day = next(day)) {
    const ofDay = parts.filter((part) => part.sealDay === day);
    const found = await sealDay(ports, day, ofDay, before);
    before = found.sealed;
    sealed.push(day);
    contradictions.push(...found.contradictions);
  }
  return { sealed, contradictions };
}

/** The day after the last seal; before there is one, the day on which the table was made. */
async function firstUnsealedDay({ store, records }: RecordPorts): Promise<string> {
  const last = (await store.list(SEALS)).map(sealedDayOf).findLast((day) => day !== undefined);
  if (last !== undefined) return next(last);
  for await (const day of (await store.read(FIRST_DAY_KEY)) ?? []) return day;
  // Its records may be far older than this run, where the archive was deployed later.
  const first = dayOf(await records.since());
  await store.put(FIRST_DAY_KEY, [first]);
  return first;
}

const partsFrom = async (store: ArchivePorts["store"], day: string): Promise<readonly PartName[]> =>
  (await store.list(RECORDS, `${RECORDS}${day}`)).flatMap((key) => partOf(key) ?? []);

/** Where to begin: two hours before the first that the archive does not have. */
function firstHour(unsealed: string, parts: readonly PartName[]): string {
  const last = latest(parts.map(({ hour }) => hour));
  if (last === undefined) return `${unsealed}T00`;
  const again = hourOf(plusSeconds(startOf(last), -(HOURS_AGAIN - 1) * HOUR_SECONDS));
  // Of a sealed day that has no part, nothing is known, so nothing is looked for.
  return parts.some(({ hour }) => hour <= again) ? again : `${unsealed}T00`;
}

async function sealOfDay(
  store: ArchivePorts["store"],
  day: string,
): Promise<SealedDay | undefined> {
  for await (const line of (await store.read(sealKey(day))) ?? [])
    return JSON.parse(line) as SealedDay;
  return undefined;
}

const hourOf = (instant: string) => instant.slice(0, "2026-11-24T10".length);
const startOf = (hour: string) => `${hour}:00:00.000Z`;
const hourAfter = (hour: string) => hourOf(plusSeconds(startOf(hour), HOUR_SECONDS));
const dayBefore = (day: string) => dayOf(plusSeconds(`${day}T00:00:00.000Z`, -DAY_SECONDS));

function next(day: string): string {
  const after = dayAfter(day);
  if (after === undefined) throw new Error(`${day} is no day. Nothing was archived.`);
  return after;
}
