import type { Disturbance } from "../stage/disturbance.ts";
import type { Restore } from "../stage/stage.ts";
import { type Deadline, deadlineOf } from "./deadline.ts";
import { endAnswered, promisedEnd } from "./disturbances.ts";
import { PROMPT_MS } from "./lent-time.ts";
import type { Seen } from "./seen.ts";

/** The margin: a grant of the sandbox removes its access this long before its end. */
const MARGIN_MS = 10_000;
/** The time in which an approval is carried out. */
const BEGUN_MS = 15_000;
const CLOCK_MS = 1_500;

/** A request whose record is older than its history, or gone. Milliseconds since 1970. */
interface Forgotten {
  /** Absent where no answer ever had it. */
  readonly id: string | undefined;
  readonly approvedAt: number;
  /** When it is over as people know it. */
  readonly until: number;
  /** When its fuse has taken its access at the latest. */
  readonly fused: Deadline;
}

/** Whether both tables may have forgotten that a grant ever began: then only its fuse ends it. */
export const isUnknownTo = (
  { tables, to, leftAt, drainedAt }: Restore,
  { approvedAt }: Pick<Forgotten, "approvedAt">,
): boolean =>
  drainedAt === undefined && tables.length > 1 && approvedAt + BEGUN_MS > to && approvedAt < leftAt;

/** Whether a restore leaves one table that knows that somebody had ended a grant before. */
const knowsEnd = ({ tables, leftAt }: Restore, endedAt: number): boolean =>
  tables.length === 1 && endedAt + PROMPT_MS < leftAt;

/**
 * When access must be gone that no record explains any more. The ledger or the record still ends it at its own time, the
 * fuse where neither knows it, and the drain before the restore.
 */
export function forgottenDeadline(
  { id, approvedAt, until, fused }: Forgotten,
  seen: Seen,
  disturbances: readonly Disturbance[],
): Deadline {
  const { restores } = seen;
  const promise = id === undefined ? undefined : promisedEnd(seen, id);
  const own = Math.min(until, promise === undefined ? until : Date.parse(promise));
  const bounds = restores.some((one) => isUnknownTo(one, { approvedAt }))
    ? [fused]
    : [deadlineOf(own - MARGIN_MS, own, disturbances)];
  const endedAt = id === undefined ? undefined : endAnswered(seen, id);
  if (endedAt !== undefined && restores.every((one) => knowsEnd(one, endedAt)))
    bounds.push(deadlineOf(endedAt, endedAt + PROMPT_MS, disturbances));
  for (const { drainedAt } of restores)
    if (drainedAt !== undefined && approvedAt < drainedAt)
      bounds.push({ at: drainedAt + CLOCK_MS, because: [] });
  const [first = fused] = bounds.toSorted((one, other) => one.at - other.at);
  return first;
}
