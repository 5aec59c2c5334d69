/**
 * How often a rule approves a person's requests by itself. Windows are fixed, so that one count
 * with one condition keeps concurrent requests within the limit.
 */
import { BrokerError } from "../values/errors.ts";
import { floorTo, plusSeconds } from "../values/instant.ts";
import type { Rule } from "./policy.ts";

/** One person's automatic approvals under one rule, in one window. */
export interface AutomaticLimit {
  readonly person: string;
  readonly rule: string;
  /** The most approvals in the window. */
  readonly times: number;
  /** Windows start at multiples of their length, counted from 1970 in UTC. */
  readonly from: string;
  readonly until: string;
}

/** Whether a rule limits anything. In an emergency nobody is to be kept out by a count. */
export const limitsApprovals = ({ approval, breakGlass, atMost }: Rule): boolean =>
  atMost !== null && approval.length === 0 && !breakGlass;

/** The limit for a request at `at`; undefined where its rule limits nothing. */
export function automaticLimitOf(
  rule: Rule,
  person: string,
  at: string,
): AutomaticLimit | undefined {
  const { name, atMost } = rule;
  if (atMost === null || !limitsApprovals(rule)) return undefined;
  const from = floorTo(at, atMost.perSeconds);
  const until = plusSeconds(from, atMost.perSeconds);
  return { person, rule: name, times: atMost.times, from, until };
}

/** Why one more request was not approved, or as many as were asked for at once. */
export const tooManyAutomatic = (
  { person, rule, times, from, until }: AutomaticLimit,
  options?: ErrorOptions,
  more = 1,
): BrokerError => {
  const why =
    more === 1
      ? `${rule} approved ${times} requests of ${person} by itself since ${from}, the most that it does.`
      : `${rule} approves at most ${times} requests of ${person} by itself from ${from} on, and this asks for ${more} at once.`;
  return new BrokerError(
    "too-many-automatic",
    `${why} Nothing was stored; ask again from ${until} on, or by a rule with approvers.`,
    { person, rule, times, from, nextAt: until },
    options,
  );
};
