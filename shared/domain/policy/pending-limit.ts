/**
 * How many pending requests a person may have. Approvers read them all, so one person cannot bury
 * the requests of others.
 */
import { BrokerError } from "../values/errors.ts";

/**
 * Why one more request was not stored.
 *
 * @param pending ids of the person's pending requests; an id sorts by its time
 */
export function tooManyPending(
  person: string,
  pending: readonly string[],
  most: number,
  options?: ErrorOptions,
): BrokerError {
  const [oldest] = pending.toSorted();
  return new BrokerError(
    "too-many-pending",
    `${person} has ${pending.length} pending requests; at most ${most} are allowed. Nothing was stored. Cancel one of those first; the oldest is ${oldest}.`,
    { person, pending: pending.length, most, oldest },
    options,
  );
}
