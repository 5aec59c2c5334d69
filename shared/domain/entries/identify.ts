/** Decides which entry a read showed, and whether to believe the read. Pure. */

import type { EntryFinding } from "../requests/evidence.ts";
import type { ActualEntry, Reading } from "./actual-entry.ts";
import { type Lag, later, visibleFrom } from "./lag.ts";
import { type EntryKnowledge, TAG_TOKEN } from "./ledger.ts";

/**
 * - `same`: the entry that we know, or one we created and now see for the first time.
 * - `replaced`: an entry that someone else created in place of the one we knew.
 * - `absent`: no entry exists.
 * - `stale`: the read shows a past state and proves nothing.
 * - `too-new`: an entry of somebody else, too new for its List to be complete. We wait.
 */
export type Sight = "same" | "replaced" | "absent" | "stale" | "too-new";

export interface Identity {
  readonly sight: Sight;
  readonly entry: EntryKnowledge;
  readonly finding?: EntryFinding;
}

/** @param known what the ledger holds about the entry before this read */
export function identify(known: EntryKnowledge, { entry, begunAt }: Reading, lag: Lag): Identity {
  if (!entry) return missing(known, begunAt, lag);
  const { accessEntryArn: arn, createdAt } = entry;
  if (arn === known.arn) return { sight: "same", entry: known };
  if (isPast(known, entry, begunAt) && !isAwaited(known, entry))
    return { sight: "stale", entry: known };
  const identified = { ...known, arn, bornAt: createdAt };
  if (known.tokens.includes(entry.tags[TAG_TOKEN] ?? ""))
    return { sight: "same", entry: { ...identified, owned: true, tokenOpen: false } };
  if (begunAt < visibleFrom(createdAt, lag)) return { sight: "too-new", entry: known };
  return {
    sight: "replaced",
    entry: { ...identified, owned: false },
    ...(known.arn === null ? {} : { finding: { code: "entry-replaced" } as const }),
  };
}

/** Our create with this token is unanswered, so no deletion of ours can have removed its entry. */
const isAwaited = ({ tokens, tokenOpen }: EntryKnowledge, { tags }: ActualEntry): boolean =>
  tokenOpen && tags[TAG_TOKEN] === tokens.at(-1);

/**
 * The entry no longer exists: it is older than the last known one, or was read before an absence.
 */
const isPast = (
  { arn, bornAt, deleteUntil }: EntryKnowledge,
  { createdAt }: ActualEntry,
  begunAt: string,
): boolean => (bornAt !== null && createdAt < bornAt) || (arn === null && begunAt < deleteUntil);

/** A read without an entry. It counts once every entry that we may have created must be visible. */
function missing(known: EntryKnowledge, begunAt: string, lag: Lag): Identity {
  if (begunAt < known.createUntil) return { sight: "stale", entry: known };
  // An unanswered create may have made an entry that someone deleted before we saw it.
  const wasThere = known.arn !== null || known.tokenOpen;
  const visible = visibleFrom(begunAt, lag);
  const entry: EntryKnowledge = {
    ...known,
    arn: null,
    owned: false,
    tokens: [],
    tokenOpen: false,
    deleteUntil: wasThere ? later(known.deleteUntil, visible) : known.deleteUntil,
  };
  const byUs = begunAt < known.deleteUntil;
  if (known.arn === null || byUs) return { sight: "absent", entry };
  return { sight: "absent", entry, finding: { code: "entry-deleted" } };
}
