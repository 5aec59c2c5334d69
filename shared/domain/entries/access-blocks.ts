/**
 * Obstacles to a person's access, as far as the tables and the policy know. Whether a cluster's
 * circuit is open stands in a table that only converge reads. Pure.
 */
import { isWithin, nextOpening } from "../policy/hours.ts";
import type { AccessPolicy, Rule } from "../policy/policy.ts";
import { holdersOf } from "../policy/policy-index.ts";
import { type Lift, liftOf } from "../stops/lifters.ts";
import { type Stop, type Stopped, suspensionOf } from "../stops/stops.ts";

/** Somebody is suspended: the person, or another holder of a principal of theirs. */
export interface Suspended extends Omit<Stop, "reason">, Lift {
  readonly code: "suspended";
  /** The person who is suspended. */
  readonly person: string;
  /** The principal through which nothing is lent for it; null where the person is lent nothing at all. */
  readonly principalArn: string | null;
  /** Null for a reader who may not see it. */
  readonly reason: string | null;
}

/** Nobody is lent anything. */
export interface Drained extends Stop, Lift {
  readonly code: "drained";
}

/** A rule lends nothing now: neither a request nor a start may be outside of its hours. */
export interface OutsideHours {
  readonly code: "outside-hours";
  readonly rule: string;
  /** ISO 8601 UTC; null where it does not open in the next 15 days. */
  readonly opensAt: string | null;
}

export type AccessBlock = Suspended | Drained | OutsideHours;

/** The person whose access is looked at, and the reader. */
export interface BlockedSight {
  readonly person: string;
  /** Principals through which the person may be lent access. */
  readonly principals: readonly string[];
  readonly reader: string;
  /** Whether the reader may see why somebody was suspended. */
  readonly seesReasons: boolean;
  /** Rules whose hours the reader may see. */
  readonly rules: readonly Rule[];
}

/** @param now ISO 8601 UTC */
export function accessBlocks(
  policy: AccessPolicy,
  stopped: Stopped,
  { person, principals, reader, seesReasons, rules }: BlockedSight,
  now: string,
): readonly AccessBlock[] {
  const lifted = ({ by }: Stop): Lift => liftOf(policy, stopped, by, reader);
  const suspended = (name: string, principalArn: string | null): readonly Suspended[] => {
    const stop = suspensionOf(stopped, name);
    if (!stop) return [];
    const reason = seesReasons ? stop.reason : null;
    return [{ ...stop, code: "suspended", person: name, principalArn, reason, ...lifted(stop) }];
  };
  // Everyone who holds a principal has what is lent to it, so their suspension ends that too.
  const others = principals.flatMap((arn) =>
    holdersOf(policy, arn).flatMap((name) => (name === person ? [] : suspended(name, arn))),
  );
  const { drain } = stopped;
  return [
    ...suspended(person, null),
    ...(drain ? [{ ...drain, code: "drained" as const, ...lifted(drain) }] : []),
    ...others,
    ...rules.flatMap((rule) => closed(rule, now)),
  ];
}

const closed = ({ name: rule, hours }: Rule, now: string): readonly OutsideHours[] =>
  hours === null || isWithin(hours, now)
    ? []
    : [{ code: "outside-hours", rule, opensAt: nextOpening(hours, now) ?? null }];
