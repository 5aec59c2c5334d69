/** Standing access on a cluster at an instant of the past, as far as it is known. Pure. Instants are ISO 8601 UTC. */
import { plusSeconds } from "../values/instant.ts";
import { type CompletePass, keptPasses, type StandingRecord } from "./standing-record.ts";

/**
 * - `not-read`: nobody had read the cluster whole by then.
 * - `not-kept`: no complete reading before that instant is kept any more, or was made.
 * - `archived`: the last complete reading is on record, and the table does not keep what it found any more.
 * - `not-archived`: the last complete reading is on record, and the archive does not have what it found.
 * - `changed`: the next reading found something else, and no finding says that it changed after the instant.
 * - `too-old`: the last complete reading was twelve hours old or older. Later changes are not known.
 * - `another-cluster`: the cluster that is there today was made after that instant.
 */
export const UNKNOWN_THEN = [
  "not-read",
  "not-kept",
  "archived",
  "not-archived",
  "changed",
  "too-old",
  "another-cluster",
] as const;

export type UnknownThen = (typeof UNKNOWN_THEN)[number];

export interface StandingThen {
  /** The last complete reading before the instant; null without one. */
  readonly pass: CompletePass | null;
  /** The reading after it; null before there is one. */
  readonly following: CompletePass | null;
  /** Why standing access of then is not known; null where it is, as of each entry's reading. */
  readonly unknown: UnknownThen | null;
}

/** Each cluster is read every six hours. A reading counts for as long as one may be missed. */
const READING_COUNTS_SECONDS = 12 * 3_600;

/** @param now ISO 8601 UTC: a reading is kept for a week */
export function standingThen(
  record:
    | Pick<StandingRecord, "since" | "setup" | "complete" | "earlier" | "keptSince">
    | undefined,
  at: string,
  now: string,
): StandingThen {
  const bornAt = record?.setup?.cluster?.createdAt;
  if (bornAt !== undefined && bornAt > at) return nobodyKnows("another-cluster");
  if (!record || record.since > at) return nobodyKnows("not-read");
  const passes = keptPasses(record, now);
  const pass = passes.findLast(({ completedAt }) => completedAt <= at);
  if (!pass) return nobodyKnows((record.keptSince ?? now) <= at ? "archived" : "not-kept");
  const following = passes.find(({ completedAt }) => completedAt > at) ?? null;
  return { pass, following, unknown: isTooOld(pass, at) ? "too-old" : null };
}

/** Whether a reading says no more of an instant: nobody knows who got or lost access since. */
export const isTooOld = ({ completedAt }: Pick<CompletePass, "completedAt">, at: string): boolean =>
  at >= plusSeconds(completedAt, READING_COUNTS_SECONDS);

const nobodyKnows = (unknown: UnknownThen): StandingThen => ({
  pass: null,
  following: null,
  unknown,
});
