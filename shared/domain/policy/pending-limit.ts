/**
 * How many pending requests a person may have. Approvers read them all, so one person cannot bury
 * the requests of others.
 */
import { BrokerError } from "../values/errors.ts";
import { andAsks } from "./asked-together.ts";

/**
 * Why one more request was not stored.
 *
 * @param pending ids of the person's pending requests; an id sorts by its time
 * @param more how many were asked for at once
 */
export function tooManyPending(
  person: string,
  pending: readonly string[],
  most: number,
  options?: ErrorOptions,
  more = 1,
): BrokerError {
  const [oldest] = pending.toSorted();
  const facts = { person, pending: pending.length, most, oldest };
  if (oldest === undefined)
    return new BrokerError(
      "too-many-pending",
      `${person} asks for ${more} things at once; at most ${most} requests may be pending. Nothing was stored; ask for fewer at once.`,
      facts,
      options,
    );
  return new BrokerError(
    "too-many-pending",
    `${person} has ${pending.length} pending requests${andAsks(more)}; at most ${most} are allowed. Nothing was stored. Cancel one of those first; the oldest is ${oldest}.`,
    facts,
    options,
  );
}
