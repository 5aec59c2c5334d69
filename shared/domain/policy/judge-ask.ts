/**
 * Decides an ask under the policy: the request that it would become, or all objections. Used for
 * the preview and for the request itself. The answer reveals no rules, clusters or principals that
 * are not the asker's own.
 */

import { type ClusterFacts, obstacleOf } from "../clusters/cluster-facts.ts";
import type { Ask } from "../requests/ask.ts";
import type { ClusterRef } from "../requests/request.ts";
import { clusterOf, parsePrincipalArn } from "../values/arn.ts";
import { formatDuration } from "../values/duration.ts";
import { plusSeconds } from "../values/instant.ts";
import { durationUnder, findRule, type Refusal } from "./eligibility.ts";
import {
  type AccessPolicy,
  clusterNamed,
  type Member,
  type PolicyCluster,
  type Rule,
} from "./policy.ts";
import { ruleNamed, rulesFor } from "./policy-index.ts";

export type Judgement = AllowedAsk | RefusedAsk;

export interface AllowedAsk {
  readonly allowed: true;
  readonly rule: Rule;
  readonly cluster: ClusterRef;
  readonly principalArn: string;
  readonly durationSeconds: number;
}

export interface RefusedAsk {
  readonly allowed: false;
  readonly code: "policy-denied" | "duration-too-long" | "invalid-request" | "cluster-not-ready";
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

/** How far in the future a start may be, in seconds. */
export const LATEST_START_SECONDS = 30 * 86_400;

/** Pure. @param now when it is asked @param known what converge last saw of the cluster */
export function judgeAsk(
  policy: AccessPolicy,
  member: Member,
  ask: Ask,
  now: string,
  known: ClusterFacts | undefined,
): Judgement {
  const own = rulesFor(policy, member);
  const cluster = clusterNamed(policy, ask.cluster);
  if (!cluster || !own.some(({ clusters }) => clusters.includes(ask.cluster)))
    return denied(`No rule for you lends anything on ${ask.cluster}.`, []);
  if (ask.rule !== null && !own.some(({ name }) => name === ask.rule))
    return denied(`No rule for you is called ${ask.rule}.`, []);
  const principalArn = principalFor(policy, member, ask);
  if (principalArn === undefined) return ambiguous(ask, member, principalsIn(member, cluster));
  const startIsWrong = ask.startsAt !== null && !isSoon(ask.startsAt, now);
  if (startIsWrong)
    return invalid("/startsAt", "Name an instant within the next 30 days, or leave it out.");
  const terms = { ...ask, principalArn };
  const found = findRule(policy, member, terms, ask.rule ?? undefined);
  const obstacle = known && obstacleOf(clusterOf(cluster.arn).name, known);
  if ("rule" in found && obstacle)
    return {
      allowed: false,
      code: "cluster-not-ready",
      detail: obstacle.detail,
      facts: { reason: obstacle.code },
    };
  if ("rule" in found)
    return {
      allowed: true,
      rule: found.rule,
      cluster: { name: ask.cluster, arn: cluster.arn },
      principalArn,
      durationSeconds: durationUnder(found.rule, terms),
    };
  const telling = found.refusals.toSorted(closestFirst);
  const longest = longestOf(policy, telling);
  if (longest) return tooLong(longest, durationUnder(longest, terms), telling);
  const closest = telling[0]?.objections.map(({ detail }) => detail).join(" ");
  return denied(`No rule allows this. Closest: ${closest}`, telling);
}

/** The principal that an ask is for; undefined where it has to name one, or the person has none. */
export function principalFor(policy: AccessPolicy, member: Member, ask: Ask): string | undefined {
  const cluster = clusterNamed(policy, ask.cluster);
  const [only, ...others] = cluster ? principalsIn(member, cluster) : [];
  return ask.principalArn ?? (others.length === 0 ? only : undefined);
}

/** A person's principals in a cluster's account. */
const principalsIn = (member: Member, { arn }: PolicyCluster): readonly string[] =>
  member.principals.filter(
    (principal) => parsePrincipalArn(principal)?.account === clusterOf(arn).account,
  );

const isSoon = (startsAt: string, now: string) =>
  startsAt > now && startsAt <= plusSeconds(now, LATEST_START_SECONDS);

const denied = (why: string, refusals: readonly Refusal[]): RefusedAsk => ({
  allowed: false,
  code: "policy-denied",
  detail: `${why} Nothing was stored; change the request, or ask for a change of access.yaml.`,
  facts: { refusals },
});

/**
 * What is compared, most important first. A rule for another cluster or principal does not help,
 * however few other objections it has. Equally close rules stay in the order in which they are
 * tried.
 */
const DISTANCES: readonly ((refusal: Refusal) => number)[] = [
  ({ objections }) => Number(objections.some(({ code }) => code === "other-cluster")),
  ({ objections }) => Number(objections.some(({ code }) => code.startsWith("principal-"))),
  ({ objections }) => objections.length,
];

/** Orders refusals: first the rule that takes the least to allow the ask. */
export const closestFirst = (a: Refusal, b: Refusal): number =>
  DISTANCES.map((distance) => distance(a) - distance(b)).find((difference) => difference !== 0) ??
  0;

/** Among the rules that only object to the duration, the one that lends longest. */
function longestOf(policy: AccessPolicy, refusals: readonly Refusal[]): Rule | undefined {
  const fitting = refusals
    .filter(({ objections }) => objections.every(({ code }) => code === "too-long"))
    .flatMap(({ rule }) => ruleNamed(policy, rule) ?? []);
  return fitting.toSorted((a, b) => b.duration.maxSeconds - a.duration.maxSeconds)[0];
}

/** A shorter ask would be allowed, so this is a fault of the ask and not a denial. */
function tooLong(
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

const invalid = (pointer: string, detail: string): RefusedAsk => ({
  allowed: false,
  code: "invalid-request",
  detail: "The request has an invalid value. Nothing was stored; correct what `errors` names.",
  facts: { errors: [{ pointer, detail }] },
});

/** The ask must name a principal but does not, or the person has none in the account. */
function ambiguous({ cluster }: Ask, { name }: Member, principals: readonly string[]): RefusedAsk {
  if (principals.length === 0)
    return denied(`access.yaml names no principal of ${name} in the account of ${cluster}.`, []);
  return {
    ...invalid("/principalArn", `Name one of ${principals.join(", ")}.`),
    detail: `${name} has several principals in the account of ${cluster}. Nothing was stored; name one of them as principalArn.`,
  };
}
