/** Entries that two readings found differently, so that nobody knows which of the two held at an instant between. Pure. */
import type { FindingRecord } from "../evidence/findings/finding-record.ts";
import { latest } from "../values/instant.ts";
import { isSameEntry } from "./reading.ts";
import type { StandingEntry } from "./standing-entry.ts";

/** An entry that may have been another one at the instant than the earlier reading found. */
export interface ChangedEntry {
  readonly principalArn: string;
  /** The last change by the instant that is on record, ISO 8601 UTC; null where no finding dates a change. */
  readonly changedAt: string | null;
}

/** A reading with what it found. Instants are ISO 8601 UTC. */
export interface WholeReading {
  readonly startedAt: string;
  readonly completedAt: string;
  readonly entries: readonly StandingEntry[];
}

/** A change of an entry that CloudTrail showed. */
export interface DatedChange {
  readonly principalArn: string;
  readonly at: string;
}

/** The most that are named. */
export const MOST_CHANGED = 100;

/** Changes that are on record, as findings or as expected. A call that EKS refused changed nothing. */
export const datedChanges = (records: readonly FindingRecord[]): readonly DatedChange[] =>
  records.flatMap(({ details }) => {
    if (!("event" in details)) return [];
    const { principalArn, eventTime, errorCode } = details.event;
    return principalArn === null || errorCode !== null ? [] : [{ principalArn, at: eventTime }];
  });

/**
 * An entry whose every change on record came after the instant was still as the earlier reading found it.
 *
 * @param at an instant between the two readings
 */
export function changedBetween(
  before: WholeReading,
  after: WholeReading,
  changes: readonly DatedChange[],
  at: string,
): readonly ChangedEntry[] {
  const [earlier, later] = [before, after].map(
    ({ entries }) => new Map(entries.map((entry) => [entry.principalArn, entry])),
  );
  const all = new Set([...(earlier?.keys() ?? []), ...(later?.keys() ?? [])]);
  return [...all].sort().flatMap((principalArn) => {
    const [one, other] = [earlier?.get(principalArn), later?.get(principalArn)];
    if (one && other && isSameEntry(one, other)) return [];
    const [from, to] = [one?.readAt ?? before.startedAt, other?.readAt ?? after.completedAt];
    const times = changes
      .filter((each) => each.principalArn === principalArn && each.at >= secondOf(from))
      .flatMap((each) => (each.at <= to ? each.at : []));
    if (times.length > 0 && times.every((time) => time > at)) return [];
    return [{ principalArn, changedAt: latest(times.filter((time) => time <= at)) ?? null }];
  });
}

/** CloudTrail's times are whole seconds. */
const secondOf = (instant: string): string => `${instant.slice(0, 19)}.000Z`;
