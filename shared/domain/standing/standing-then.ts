/** Standing access on a cluster at an instant of the past, as far as it is known. Pure. Instants are ISO 8601 UTC. */
import { plusSeconds } from "../values/instant.ts";
import { type CompletePass, keptPasses, type StandingRecord } from "./standing-record.ts";

/**
 * - `not-read`: nobody had read the cluster whole by then.
 * - `not-kept`: no complete reading before that instant is kept any more, or was made.
 * - `too-old`: the last complete reading was twelve hours old or older. Later changes are not known.
 * - `another-cluster`: the cluster that is there today was made after that instant.
 */
export const UNKNOWN_THEN = ["not-read", "not-kept", "too-old", "another-cluster"] as const;

export type UnknownThen = (typeof UNKNOWN_THEN)[number];

export interface StandingThen {
  /** The last complete reading before the instant; null without one. */
  readonly pass: CompletePass | null;
  /** Why standing access of then is not known; null where it is, as of each entry's reading. */
  readonly unknown: UnknownThen | null;
}

/** Each cluster is read every six hours. A reading counts for as long as one may be missed. */
const READING_COUNTS_SECONDS = 12 * 3_600;

/** @param now ISO 8601 UTC: a reading is kept for a week */
export function standingThen(
  record: Pick<StandingRecord, "since" | "setup" | "complete" | "earlier"> | undefined,
  at: string,
  now: string,
): StandingThen {
  const bornAt = record?.setup?.cluster?.createdAt;
  if (bornAt !== undefined && bornAt > at) return { pass: null, unknown: "another-cluster" };
  if (!record || record.since > at) return { pass: null, unknown: "not-read" };
  const pass = keptPasses(record, now).findLast(({ completedAt }) => completedAt <= at);
  if (!pass) return { pass: null, unknown: "not-kept" };
  const isOld = at >= plusSeconds(pass.completedAt, READING_COUNTS_SECONDS);
  return { pass, unknown: isOld ? "too-old" : null };
}
