/**
 * Decides an ask under the policy: the request that it would become, or all objections. Used for
 * the preview and for the request itself. The answer reveals no rules, clusters or principals that
 * are not the asker's own.
 */

import { type ClusterFacts, obstacleOf } from "../clusters/cluster-facts.ts";
import type { OnCallFact } from "../facts/on-call.ts";
import type { Ask, DryAsk } from "../requests/ask.ts";
import type { ClusterRef } from "../requests/request.ts";
import { clusterOf, isInAccountOf, parsePrincipalArn } from "../values/arn.ts";
import { forAsker } from "./agent-approval.ts";
import { findRule, type NotFound, type Refusal } from "./eligibility.ts";
import { factOf, type KnownOnCall } from "./known-on-call.ts";
import { momentsOfAsk } from "./moments.ts";
import { durationUnder, type Terms } from "./objections.ts";
import {
  type AccessPolicy,
  clusterNamed,
  type Member,
  type PolicyCluster,
  type Rule,
} from "./policy.ts";
import { ruleNamed, rulesFor } from "./policy-index.ts";
import {
  ambiguous,
  closestFirst,
  denied,
  invalid,
  longestOf,
  type RefusedAsk,
  tooLong,
} from "./refused-ask.ts";
import { ticketFor } from "./ticket-of-request.ts";

export type Judgement = AllowedAsk | RefusedAsk;

export interface AllowedAsk {
  readonly allowed: true;
  /** As it decides on the ask. */
  readonly rule: Rule;
  readonly cluster: ClusterRef;
  readonly principalArn: string;
  readonly durationSeconds: number;
  /** The fact that the rule leans on. Absent where it asks for none. */
  readonly onCall?: OnCallFact;
  /** The ticket that its tracker is asked about. Absent where the rule asks none, or none is named yet. */
  readonly ticket?: string;
}

/**
 * Pure. A reason that is still missing is no objection.
 *
 * @param now when it is asked
 * @param known what converge last saw of the cluster
 * @param onCall what is known of the asker; rules that ask hold for nobody without it
 */
export function judgeAsk(
  policy: AccessPolicy,
  member: Member,
  ask: DryAsk,
  now: string,
  known: ClusterFacts | undefined,
  onCall?: KnownOnCall,
): Judgement {
  const own = rulesFor(policy, member);
  const cluster = clusterNamed(policy, ask.cluster);
  if (!cluster || !own.some(({ clusters }) => clusters.includes(ask.cluster)))
    return denied(`No rule for you lends anything on ${ask.cluster}.`, []);
  if (ask.rule !== null && !own.some(({ name }) => name === ask.rule))
    return denied(`No rule for you is called ${ask.rule}.`, []);
  const principalArn = principalFor(policy, member, ask);
  if (principalArn === undefined) return ambiguous(ask, member, principalsIn(member, cluster));
  if (ask.startsAt !== null && ask.startsAt <= now)
    return invalid("/startsAt", "Name an instant that is still to come, or leave it out.");
  // A tracker is asked once the request is stored, so that no ask waits for it.
  const ticketIs = "unasked" as const;
  const terms = { ...ask, principalArn, moments: momentsOfAsk(ask, now), onCall, ticketIs };
  const found = findRule(policy, member, terms, ask.rule ?? undefined);
  const obstacle = known && obstacleOf(clusterOf(cluster.arn).name, known);
  if (!("rule" in found)) return refusedBy(policy, terms, found);
  if (obstacle)
    return {
      allowed: false,
      code: "cluster-not-ready",
      detail: obstacle.detail,
      facts: { reason: obstacle.code },
    };
  const fact = factOf(found.rule, onCall);
  const ticket = ticketFor(policy, found.rule, ask);
  return {
    allowed: true,
    rule: forAsker(found.rule, member, ask.via ? { via: ask.via } : {}),
    cluster: { name: ask.cluster, arn: cluster.arn },
    principalArn,
    durationSeconds: durationUnder(found.rule, terms),
    ...(fact ? { onCall: fact } : {}),
    ...(ticket && "ticket" in ticket ? ticket : {}),
  };
}

function refusedBy(
  policy: AccessPolicy,
  terms: Pick<Terms, "durationSeconds">,
  { refusals }: NotFound,
): RefusedAsk {
  const telling = refusals.toSorted(closestFirst);
  const longest = longestOf(policy, telling);
  if (longest) return tooLong(longest, durationUnder(longest, terms), telling);
  const [closest] = telling;
  // A break-glass rule that was not tried stands beside it, though it comes no closer.
  const told = telling.filter((each) => each === closest || isKeptWhole(policy, each));
  const details = told.flatMap(({ objections }) => objections.map(({ detail }) => detail));
  return denied(`No rule allows this. Closest: ${details.join(" ")}`, telling);
}

/** Whether it is a break-glass rule that was not tried, since it is unknown who is on call. */
const isKeptWhole = (policy: AccessPolicy, { rule, objections }: Refusal): boolean =>
  ruleNamed(policy, rule)?.breakGlass === true &&
  ruleNamed(policy, rule)?.who.onCall === undefined &&
  objections.some(({ code }) => code === "on-call-unknown");

/** The principal of an ask; undefined where it has to name one, or the person has no principal. */
export function principalFor(
  policy: AccessPolicy,
  member: Member,
  ask: Pick<Ask, "cluster" | "principalArn">,
): string | undefined {
  const cluster = clusterNamed(policy, ask.cluster);
  const [only, ...others] = cluster ? principalsIn(member, cluster) : [];
  return ask.principalArn ?? (others.length === 0 ? only : undefined);
}

/** A person's principals in a cluster's account. */
const principalsIn = (member: Member, { arn }: PolicyCluster): readonly string[] =>
  member.principals.filter((principal) =>
    isInAccountOf(parsePrincipalArn(principal), clusterOf(arn)),
  );
