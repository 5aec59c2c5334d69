/**
 * How far the reading of one cluster's entries has got. Pure. A pass reads every entry once, over
 * several runs if it must. A report shows the last complete pass. All instants are ISO 8601 UTC.
 */
import { plusSeconds, secondsBetween } from "../values/instant.ts";
import type { ClusterSetup } from "./cluster-setup.ts";

export interface StandingRecord {
  readonly clusterArn: string;
  /** When the reader first meant to read the cluster. */
  readonly since: string;
  /** Null until EKS was asked about the cluster. */
  readonly setup: ReadSetup | null;
  /** The pass that is under way. */
  readonly reading: ReadingPass | null;
  /** The last one that read every entry. */
  readonly complete: CompletePass | null;
  /**
   * Complete passes before that one whose entries are kept, the oldest first. Absent without any, and in a record of an
   * earlier release.
   */
  readonly earlier?: readonly CompletePass[];
  /** When the first reading was complete that is on record. Absent before that. */
  readonly keptSince?: string;
  /** Why the last run stopped before its end; null if it did not. */
  readonly failure: ReadFailure | null;
}

export interface ReadSetup {
  /** Null if EKS knows no such cluster. */
  readonly cluster: ClusterSetup | null;
  readonly readAt: string;
}

export interface ReadingPass {
  readonly passId: string;
  readonly startedAt: string;
  /** EKS's token of the list's page that is being read; null for the first. */
  readonly token: string | null;
  /** Principals of that page that were read already. */
  readonly done: readonly string[];
  /** How many entries were read, and how many of them grants explain. */
  readonly read: number;
  readonly explained: number;
}

export interface CompletePass {
  readonly passId: string;
  readonly startedAt: string;
  readonly completedAt: string;
  readonly read: number;
  readonly explained: number;
  /**
   * The hash of what was found, as its record has it; null where that is larger than the archive keeps. Absent in a pass
   * of an earlier release.
   */
  readonly content?: string | null;
}

interface ReadFailure {
  /** AWS's name for the error. */
  readonly code: string;
  readonly at: string;
  /** How many runs in a row stopped so. */
  readonly times: number;
}

/** How long a stored entry is kept, in seconds: a week. Nothing older is shown. */
export const KEPT_SECONDS = 7 * 86_400;

/** After the first failure, in seconds. The pause doubles with each, up to an hour. */
const FIRST_PAUSE_SECONDS = 300;
const LONGEST_PAUSE_SECONDS = 3_600;

export const noRecord = (clusterArn: string, now: string): StandingRecord => ({
  clusterArn,
  since: now,
  setup: null,
  reading: null,
  complete: null,
  failure: null,
});

/** EKS is not documented to answer the same millisecond for ever. */
const SAME_SECONDS = 1;

/** Facts read of an earlier cluster of the same name are dropped. */
export function withSetup(record: StandingRecord, setup: ReadSetup): StandingRecord {
  const before = record.setup?.cluster;
  const isSame =
    !before ||
    (setup.cluster !== null &&
      Math.abs(secondsBetween(before.createdAt, setup.cluster.createdAt)) <= SAME_SECONDS);
  if (isSame) return { ...record, setup };
  const { earlier: _, ...rest } = record;
  return { ...rest, setup, reading: null, complete: null };
}

export const beginPass = (record: StandingRecord, passId: string, now: string): StandingRecord => ({
  ...record,
  reading: { passId, startedAt: now, token: null, done: [], read: 0, explained: 0 },
});

/** After one principal of the list was read. @param found `gone` if it has no entry any more */
export const afterEntry = (
  reading: ReadingPass,
  principalArn: string,
  found: "standing" | "explained" | "gone",
): ReadingPass => ({
  ...reading,
  done: [...reading.done, principalArn],
  read: reading.read + (found === "gone" ? 0 : 1),
  explained: reading.explained + (found === "explained" ? 1 : 0),
});

/** Progress ends the pauses after failures. */
export const afterPage = (
  record: StandingRecord,
  reading: ReadingPass,
  token: string,
): StandingRecord => ({ ...record, reading: { ...reading, token, done: [] }, failure: null });

/** A week has 28 of them where each cluster is read every six hours, and an item of DynamoDB is small. */
const MOST_EARLIER = 32;

export function completePass(
  record: StandingRecord,
  { token: _token, done: _done, ...pass }: ReadingPass,
  now: string,
): StandingRecord {
  const { earlier: _, ...rest } = record;
  const earlier = keptPasses(record, now).slice(-MOST_EARLIER);
  return {
    ...rest,
    reading: null,
    complete: { ...pass, completedAt: now },
    ...(earlier.length > 0 ? { earlier } : {}),
    failure: null,
  };
}

export const afterFailure = (
  record: StandingRecord,
  code: string,
  now: string,
): StandingRecord => ({
  ...record,
  failure: { code, at: now, times: (record.failure?.times ?? 0) + 1 },
});

/** Whether there is something to read now. @param everySeconds from the start of a pass to the next */
export function isDue(record: StandingRecord, everySeconds: number, now: string): boolean {
  const { failure, reading, complete } = record;
  if (failure && now < plusSeconds(failure.at, pauseAfter(failure.times))) return false;
  return (
    reading !== null || complete === null || now >= plusSeconds(complete.startedAt, everySeconds)
  );
}

const pauseAfter = (times: number) =>
  Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (times - 1));

/** The last complete pass; undefined before the first, or while what it stored is being deleted. */
export function shownPass({ complete }: StandingRecord, now: string): CompletePass | undefined {
  return complete !== null && isKept(complete, now) ? complete : undefined;
}

/** Complete passes whose entries are all kept still, the oldest first. */
export const keptPasses = (
  { earlier = [], complete }: Pick<StandingRecord, "earlier" | "complete">,
  now: string,
): readonly CompletePass[] =>
  [...earlier, ...(complete ? [complete] : [])].filter((pass) => isKept(pass, now));

const isKept = ({ startedAt }: CompletePass, now: string): boolean =>
  now < plusSeconds(startedAt, KEPT_SECONDS);

/** How many seconds ago the last complete pass began, or the reader first meant to read. */
export const ageOf = ({ complete, since }: StandingRecord, now: string): number =>
  secondsBetween(complete?.startedAt ?? since, now);
