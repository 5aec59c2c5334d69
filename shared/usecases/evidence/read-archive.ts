import {
  FIRST_DAY_KEY,
  type PartName,
  partKey,
  partOf,
  RECORDS,
  SEALS,
  sealedDayOf,
} from "../../domain/evidence/archive/archive-keys.ts";
import { dayAfter, dayOf } from "../../domain/evidence/archive/seal.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { ArchivePorts } from "../../ports/function-ports.ts";

type ReadPorts = Pick<ArchivePorts, "store" | "records" | "clock">;

/** How far the archive is, by the names of its objects. */
export interface ArchiveState {
  /** The first day without a seal. */
  readonly unsealed: string;
  /** Parts under the last sealed day and later. */
  readonly parts: readonly PartName[];
  /** Keys that archive cannot have written: their hour or day is not over, or the day is before the hour, or the number is not written so. */
  readonly refused: readonly string[];
}

/** A key of the future is left out. Otherwise one object would say that all until then is done. */
export async function readArchive(ports: ReadPorts): Promise<ArchiveState> {
  const now = ports.clock.now();
  const seals = (await ports.store.list(SEALS)).filter((key) => sealedDayOf(key) !== undefined);
  const isOver = (key: string) => (sealedDayOf(key) ?? "") < dayOf(now);
  const last = seals.filter(isOver).map(sealedDayOf).at(-1);
  const unsealed = last === undefined ? await firstDay(ports) : dayAfterThat(last);
  const { parts, refused } = await partsFrom(ports, dayBefore(unsealed));
  return { unsealed, parts, refused: [...seals.filter((key) => !isOver(key)), ...refused] };
}

/** Parts under a day and later, without those of the future. */
export async function partsFrom(
  { store, clock }: Pick<ReadPorts, "store" | "clock">,
  day: string,
): Promise<Pick<ArchiveState, "parts" | "refused">> {
  const now = clock.now();
  const parts: PartName[] = [];
  const refused: string[] = [];
  for (const key of await store.list(RECORDS, `${RECORDS}${day}`)) {
    const part = partOf(key);
    if (part === undefined) continue;
    const { sealDay, hour } = part;
    const isPast = hour < hourOf(now) && sealDay <= dayOf(now) && sealDay >= dayOf(hour);
    // A number that archive does not write so is another key than the one that is read.
    if (isPast && partKey(part) === key) parts.push(part);
    else refused.push(key);
  }
  return { parts, refused };
}

/** Before there is a seal, the day on which the table was made. */
async function firstDay({ store, records }: ReadPorts): Promise<string> {
  for await (const day of (await store.read(FIRST_DAY_KEY)) ?? []) return day;
  // Its records may be far older than this run, where the archive was deployed later.
  const first = dayOf(await records.since());
  await store.put(FIRST_DAY_KEY, [first]);
  return first;
}

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

export const hourOf = (instant: string) => instant.slice(0, "2026-11-24T10".length);
const startOf = (hour: string) => `${hour}:00:00.000Z`;
/** @param hours may be negative */
export const hourPlus = (hour: string, hours: number) =>
  hourOf(plusSeconds(startOf(hour), hours * HOUR_SECONDS));
export const dayBefore = (day: string) => dayOf(plusSeconds(`${day}T00:00:00.000Z`, -DAY_SECONDS));

/** @throws where it is no day */
export function dayAfterThat(day: string): string {
  const after = dayAfter(day);
  if (after === undefined) throw new Error(`${day} is no day. Nothing was archived.`);
  return after;
}
