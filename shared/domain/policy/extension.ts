/**
 * How far a chain of grants may be extended. A chain is a grant, and the extensions that follow it
 * one after the other.
 */
import { formatDuration } from "../values/duration.ts";
import { floorTo, plusSeconds, secondsBetween } from "../values/instant.ts";
import type { Objection } from "./objections.ts";
import type { Rule, RuleExtension } from "./policy.ts";

/**
 * The most extensions that a rule may allow. All open grants of a chain end in one transaction, and
 * a transaction has at most 100 items.
 */
export const MOST_EXTENSIONS = 10;

/** A chain up to one of its grants. */
export interface Chain {
  /** When the access of its first grant started. ISO 8601 UTC. */
  readonly since: string;
  /** How many extensions it has. */
  readonly extensions: number;
}

/**
 * When an extension ends: its predecessor's `expiresAt` and its own duration, rounded down to the
 * granularity. So the access in between never ends earlier than it would have.
 */
export const untilOf = (
  expiresAt: string,
  durationSeconds: number,
  granularitySeconds: number,
): string => floorTo(plusSeconds(expiresAt, durationSeconds), granularitySeconds);

/** How much longer a chain may last than `expiresAt`, in seconds; not negative. */
export const secondsLeft = (
  { totalSeconds }: RuleExtension,
  { since }: Chain,
  expiresAt: string,
): number => Math.max(0, totalSeconds - secondsBetween(since, expiresAt));

/**
 * Why a rule does not let a chain continue until an instant; empty if it does. Pure.
 *
 * @param chain with the extension that is judged
 */
export function objectionsToChain(rule: Rule, chain: Chain, until: string): readonly Objection[] {
  const { extend, name } = rule;
  if (!extend)
    return [{ code: "not-extendable", detail: `${name} does not let a grant be extended.` }];
  const { times, totalSeconds } = extend;
  const objections: readonly (readonly [boolean, Objection])[] = [
    [
      chain.extensions > times,
      {
        code: "extended-enough",
        detail: `${name} lets a grant be extended ${times === 1 ? "once" : `${times} times`}, one after the other.`,
      },
    ],
    [
      secondsBetween(chain.since, until) > totalSeconds,
      {
        code: "total-exceeded",
        detail: `${name} lends access for ${formatDuration(totalSeconds)} in all, with its extensions.`,
      },
    ],
  ];
  return objections.flatMap(([isRaised, objection]) => (isRaised ? [objection] : []));
}
