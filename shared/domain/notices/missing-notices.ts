/** The messages that did not reach their readers, as people are shown them. Pure. */
import { type KeyParts, partsOfKey } from "./notice-key.ts";
import type { NoticeRecord } from "./notice-record.ts";

/** A message that did not reach its readers, as people are shown it. */
export interface MissingNotice extends KeyParts {
  /** Why, as a code of docs/runbook.md: `channel-not-found`. */
  readonly reason: string;
  /** When it was found out, ISO 8601 UTC. */
  readonly at: string;
  /** When it is tried again, ISO 8601 UTC. Absent where only a change of the request sends it. */
  readonly nextAt?: string;
}

/**
 * The messages that could not be delivered, the first found first.
 *
 * @param isPending whether the request still waits: afterwards nothing is tried again by itself
 */
export const missingNotices = (
  { undeliverable }: NoticeRecord,
  isPending: boolean,
): readonly MissingNotice[] =>
  Object.entries(undeliverable ?? {})
    // An intruder in notify can write anything there, and the request is read all the same.
    .filter(([, each]) => typeof each?.reason === "string")
    .map(([key, { reason, at, nextAt }]) => ({
      ...partsOfKey(key),
      reason,
      at,
      ...(isPending && nextAt !== undefined ? { nextAt } : {}),
    }))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
