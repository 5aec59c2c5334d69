/**
 * Archives complete hours and seals complete days. All progress is in the archive itself, so a run
 * that ended anywhere is continued by the next one.
 */
import { type PartName, partKey, sealKey } from "../../domain/evidence/archive/archive-keys.ts";
import { dayOf } from "../../domain/evidence/archive/seal.ts";
import type { Contradiction } from "../../domain/evidence/findings/contradiction.ts";
import { latest, plusSeconds } from "../../domain/values/instant.ts";
import type { ArchivePorts } from "../../ports/function-ports.ts";
import { archiveHour, type HourReport } from "./archive-hour.ts";
import {
  dayAfterThat,
  dayBefore,
  hourOf,
  hourPlus,
  partsFrom,
  readArchive,
} from "./read-archive.ts";
import { sealBefore } from "./seal-before.ts";
import { sealDay } from "./seal-day.ts";

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
  /** Keys of objects that archive did not write: of the future, of no records, or a last seal that does not hold. */
  readonly refused: readonly string[];
  /** Keys of items that are listed among the records of the hours read, and are no records in their places. */
  readonly foreign: readonly string[];
  /** Readings of standing access whose content the table does not have any more, though it should. */
  readonly lost: readonly string[];
  /** Whether time ran out before all complete hours were read. */
  readonly more: boolean;
}

/**
 * @param isTimeUp asked before each hour and each day
 * @throws what a port throws; what was archived stays, and the next run continues
 */
export async function archive(ports: RecordPorts, isTimeUp: () => boolean): Promise<ArchiveReport> {
  const now = ports.clock.now();
  const { unsealed, parts, refused } = await readArchive(ports);
  const report = { hours: 0, records: 0, contradictions: [] as Contradiction[] };
  const foreign: string[] = [];
  const unreadable: string[] = [];
  const lost: string[] = [];
  const until = hourOf(plusSeconds(now, -SETTLE_SECONDS));
  let hour = firstHour(unsealed, parts);
  for (; hour < until && !isTimeUp(); hour = hourPlus(hour, 1)) {
    const day = latest([dayOf(hour), unsealed]) ?? unsealed;
    const ofHour = parts.filter((part) => part.hour === hour);
    const found = await archiveHour(ports, hour, day, ofHour);
    report.hours += 1;
    report.records += found.added;
    report.contradictions.push(...found.contradictions);
    foreign.push(...found.foreign);
    unreadable.push(...found.unreadable, ...found.contents.refused);
    lost.push(...found.contents.lost);
  }
  const found = await sealDays(ports, unsealed, hour, isTimeUp);
  return {
    hours: report.hours,
    records: report.records + found.records,
    contradictions: onceEach([...report.contradictions, ...found.contradictions]),
    refused: [...new Set([...refused, ...unreadable, ...found.refused])],
    foreign: [...new Set([...foreign, ...found.foreign])],
    lost: [...new Set([...lost, ...found.lost])],
    sealed: found.sealed,
    more: hour < until,
  };
}

type SealReport = Omit<ArchiveReport, "hours" | "more">;

/** Seals every day that has been complete for an hour. @param until the first hour that is not archived */
async function sealDays(
  ports: RecordPorts,
  from: string,
  until: string,
  isTimeUp: () => boolean,
): Promise<SealReport> {
  const sealed: string[] = [];
  const contradictions: Contradiction[] = [];
  const foreign: string[] = [];
  const refused: string[] = [];
  const lost: string[] = [];
  const report = { records: 0, sealed, contradictions, refused, foreign, lost };
  const isDue = (day: string) => until > `${dayAfterThat(day)}T00`;
  if (!isDue(from) || isTimeUp()) return report;
  let before = await sealBefore(ports, dayBefore(from));
  if (before === "refused") return { ...report, refused: [sealKey(dayBefore(from))] };
  for (let day = from; isDue(day) && !isTimeUp(); day = dayAfterThat(day)) {
    const reread = await rereadDay(ports, day, isTimeUp);
    if (reread === undefined) break;
    const readable = new Set(reread.readable);
    const ofDay = (await partsFrom(ports, day)).parts.filter((part) => part.sealDay === day);
    const parts = ofDay.filter((part) => readable.has(partKey(part)));
    // With what was put there since, which nobody compared with the table.
    const unread = ofDay.map(partKey).filter((key) => !readable.has(key));
    const { contents, disputed } = reread;
    refused.push(...reread.unreadable, ...unread, ...contents.refused);
    lost.push(...contents.lost);
    const { without: withoutContent } = contents;
    const found = await sealDay(ports, day, { parts, before, disputed, withoutContent });
    before = found.sealed;
    sealed.push(day);
    report.records += reread.added;
    foreign.push(...reread.foreign);
    contradictions.push(...reread.contradictions, ...found.contradictions);
  }
  return report;
}

/** The hour to begin with: two before the first that the archive does not have. */
function firstHour(unsealed: string, parts: readonly PartName[]): string {
  const last = latest(parts.map(({ hour }) => hour));
  if (last === undefined) return `${unsealed}T00`;
  const again = hourPlus(last, 1 - HOURS_AGAIN);
  // Nothing is known of a sealed day that has no part, so nothing is looked for.
  return parts.some(({ hour }) => hour <= again) ? again : `${unsealed}T00`;
}

/** An hour may be read twice in one run. */
const onceEach = (all: readonly Contradiction[]): readonly Contradiction[] => [
  ...new Map(all.map((one) => [`${one.chain} ${one.seq} ${one.what}`, one])).values(),
];

const HOURS_A_DAY = 24;

/**
 * Reads a whole day from the table once more before it is sealed, and compares it with the archive. So
 * a record that was dated back is still added, and one that somebody put into the archive is found.
 * Hours of earlier days are read too, where the day has late records of them.
 *
 * @param isTimeUp asked before each hour
 * @returns undefined where time ran out; the day must not be sealed then
 */
async function rereadDay(
  ports: Omit<RecordPorts, "signer">,
  day: string,
  isTimeUp: () => boolean,
): Promise<HourReport | undefined> {
  const { parts: own } = await partsFrom(ports, day);
  const late = own.flatMap(({ sealDay, hour }) => (sealDay === day ? hour : []));
  const each = Array.from({ length: HOURS_A_DAY }, (_, at) => hourPlus(`${day}T00`, at));
  const hours = [...new Set([...late, ...each])].sort();
  const { parts } = await partsFrom(ports, dayOf(hours[0] ?? day));
  const reports: HourReport[] = [];
  for (const hour of hours) {
    if (isTimeUp()) return undefined;
    const ofHour = parts.filter((part) => part.hour === hour);
    reports.push(await archiveHour(ports, hour, day, ofHour));
  }
  return {
    added: reports.reduce((sum, { added }) => sum + added, 0),
    contradictions: reports.flatMap(({ contradictions }) => contradictions),
    disputed: new Set(reports.flatMap(({ disputed }) => [...disputed])),
    foreign: reports.flatMap(({ foreign }) => foreign),
    unreadable: reports.flatMap(({ unreadable }) => unreadable),
    readable: reports.flatMap(({ readable }) => readable),
    contents: {
      refused: reports.flatMap(({ contents }) => contents.refused),
      lost: reports.flatMap(({ contents }) => contents.lost),
      without: reports.flatMap(({ contents }) => contents.without),
    },
  };
}
