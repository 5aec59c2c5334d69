/** Refusals of an ask, each with what would have to be otherwise. */
import type { Ask } from "../requests/ask.ts";
import { formatDuration } from "../values/duration.ts";
import type { Refusal } from "./eligibility.ts";
import type { Objection } from "./objections.ts";
import type { AccessPolicy, Member, Rule } from "./policy.ts";
import { ruleNamed } from "./policy-index.ts";

export interface RefusedAsk {
  readonly allowed: false;
  readonly code:
    | "policy-denied"
    | "duration-too-long"
    | "invalid-request"
    | "cluster-not-ready"
    | "review-overdue"
    | "break-glass-open"
    | "too-much-on-one-entry"
    | "suspended"
    | "drained";
  readonly detail: string;
  readonly facts: RefusalFacts;
}

interface RefusalFacts {
  /** For each rule that applies to the asker, its objections; the closest rule first. */
  readonly refusals?: readonly Refusal[];
  /** Faults in the ask itself, with RFC 6901 pointers. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  /** A code that says why the cluster cannot take access entries. */
  readonly reason?: string;
  readonly [fact: string]: unknown;
}

export const denied = (why: string, refusals: readonly Refusal[]): RefusedAsk => ({
  allowed: false,
  code: "policy-denied",
  detail: `${why} Nothing was stored; change the request, or ask for a change of access.yaml.`,
  facts: { refusals },
});

/** It would be allowed at another time. */
const ABOUT_TIME: ReadonlySet<Objection["code"]> = new Set([
  "not-on-call",
  "on-call-unknown",
  "outside-hours",
  "start-too-late",
  "break-glass-later",
]);

/**
 * The measures compared, most important first. A rule for another cluster or principal does not
 * help, however few other objections it has. A rule that only objects to the time is closer than
 * others. Equally close rules stay in the order in which they are tried.
 */
const DISTANCES: readonly ((refusal: Refusal) => number)[] = [
  ({ objections }) => Number(objections.some(({ code }) => code === "other-cluster")),
  ({ objections }) => Number(objections.some(({ code }) => code.startsWith("principal-"))),
  ({ objections }) => Number(!objections.every(({ code }) => ABOUT_TIME.has(code))),
  ({ objections }) => objections.length,
];

/** Orders refusals: first the rule that takes the least to allow the ask. */
export const closestFirst = (a: Refusal, b: Refusal): number =>
  DISTANCES.map((distance) => distance(a) - distance(b)).find((difference) => difference !== 0) ??
  0;

/** Among the rules that only object to the duration, the one that lends longest. */
export function longestOf(policy: AccessPolicy, refusals: readonly Refusal[]): Rule | undefined {
  const fitting = refusals
    .filter(({ objections }) => objections.every(({ code }) => code === "too-long"))
    .flatMap(({ rule }) => ruleNamed(policy, rule) ?? []);
  return fitting.toSorted((a, b) => b.duration.maxSeconds - a.duration.maxSeconds)[0];
}

/** A shorter ask would be allowed, so this is a fault of the ask and not a denial. */
export function tooLong(
  { name, duration: { maxSeconds } }: Rule,
  askedSeconds: number,
  refusals: readonly Refusal[],
): RefusedAsk {
  const max = formatDuration(maxSeconds);
  return {
    allowed: false,
    code: "duration-too-long",
    detail: `${formatDuration(askedSeconds)} is longer than any rule lends this for; ${name} lends it longest, for ${max}. Nothing was stored; ask for ${max} at most.`,
    facts: {
      errors: refusals
        .filter(({ rule }) => rule === name)
        .flatMap(({ objections }) => objections)
        .map(({ detail }) => ({ pointer: "/duration", detail })),
      refusals,
      rule: name,
      max,
      maxSeconds,
    },
  };
}

/**
 * Refuses an extension where a shorter one would be allowed.
 *
 * @param left what is left of the rule's total
 */
export function totalTooLong(
  { name }: Rule,
  why: string,
  left: number,
  refusals: readonly Refusal[],
): RefusedAsk {
  const max = formatDuration(left);
  return {
    allowed: false,
    code: "duration-too-long",
    detail: `${why} Of that ${max} are left. Nothing was stored; ask for ${max} at most.`,
    facts: {
      errors: refusals
        .flatMap(({ objections }) => objections)
        .map(({ detail }) => ({ pointer: "/duration", detail })),
      refusals,
      rule: name,
      max,
      maxSeconds: left,
    },
  };
}

export const invalid = (pointer: string, detail: string): RefusedAsk => ({
  allowed: false,
  code: "invalid-request",
  detail: "The request has an invalid value. Nothing was stored; correct what `errors` names.",
  facts: { errors: [{ pointer, detail }] },
});

/** The ask must name a principal but does not, or the person has no principal in the account. */
export function ambiguous(
  { cluster }: Pick<Ask, "cluster">,
  { name }: Member,
  principals: readonly string[],
): RefusedAsk {
  if (principals.length === 0)
    return denied(`access.yaml names no principal of ${name} in the account of ${cluster}.`, []);
  return {
    ...invalid("/principalArn", `Name one of ${principals.join(", ")}.`),
    detail: `${name} has several principals in the account of ${cluster}. Nothing was stored; name one of them as principalArn.`,
  };
}
