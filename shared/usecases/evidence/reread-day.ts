import { dayOf } from "../../domain/evidence/archive/seal.ts";
import type { ArchivePorts } from "../../ports/function-ports.ts";
import { archiveHour, type HourReport } from "./archive-hour.ts";
import { hourPlus, partsFrom } from "./read-archive.ts";

const HOURS_A_DAY = 24;

/**
 * Reads a whole day from the table once more before it is sealed, and compares it with the archive. So
 * a record that was dated back is still added, and one that somebody put into the archive is found.
 * Hours of earlier days are read too, where the day has late records of them.
 *
 * @param isTimeUp asked before each hour
 * @returns undefined where time ran out; the day must not be sealed then
 */
export async function rereadDay(
  ports: Pick<ArchivePorts, "store" | "records" | "clock">,
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
  };
}
