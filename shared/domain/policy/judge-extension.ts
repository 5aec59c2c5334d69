/** Decides whether a grant may be extended as its requester asks. Pure. */
import type { ClusterFacts } from "../clusters/cluster-facts.ts";
import type { OnCallFact } from "../facts/on-call.ts";
import type { AccessRequest } from "../requests/request.ts";
import type { Settings } from "../settings.ts";
import { secondsBetween } from "../values/instant.ts";
import { forAsker } from "./agent-approval.ts";
import { type Chain, objectionsToChain, secondsLeft, untilOf } from "./extension.ts";
import { judgeAsk } from "./judge-ask.ts";
import { factOf, type KnownOnCall } from "./known-on-call.ts";
import { durationUnder, type Objection } from "./objections.ts";
import type { AccessPolicy, Member, Rule } from "./policy.ts";
import { ruleNamed } from "./policy-index.ts";
import { denied, type RefusedAsk, totalTooLong } from "./refused-ask.ts";
import { shiftEndOf, shiftEndText } from "./shift-end.ts";

/** The fields that a requester may set on an extension; null for each left out. */
export interface ExtensionAsk {
  /** Null for the rule's default, or for what is left of `total` if that is less. */
  readonly durationSeconds: number | null;
  /** Null for the reason of the grant. */
  readonly reason: string | null;
}

export interface AllowedExtension {
  readonly allowed: true;
  readonly rule: Rule;
  readonly durationSeconds: number;
  readonly reason: string;
  /** When the access ends then. */
  readonly until: string;
  /** The fact that the rule leans on. Absent where it asks for none. */
  readonly onCall?: OnCallFact;
  /** The ticket of the grant, which is asked about again. Absent where the rule asks no tracker. */
  readonly ticket?: string;
}

/** The facts that the decision is based on. */
export interface ExtensionCase {
  readonly grant: AccessRequest;
  /** When the grant's access ends without the extension. */
  readonly expiresAt: string;
  /** The chain up to the grant. */
  readonly chain: Chain;
  readonly now: string;
  /** The facts that converge last saw of the cluster. */
  readonly known: ClusterFacts | undefined;
  /** The judgements about the requester. */
  readonly onCall?: KnownOnCall;
}

export function judgeExtension(
  policy: AccessPolicy,
  settings: Settings,
  member: Member,
  { grant, expiresAt, chain, now, known, onCall }: ExtensionCase,
  ask: ExtensionAsk,
): AllowedExtension | RefusedAsk {
  const named = ruleNamed(policy, grant.rule);
  const rule = named && forAsker(named, member);
  if (!rule) return denied(`The policy no longer has a rule ${grant.rule}.`, []);
  const longer = { ...chain, extensions: chain.extensions + 1 };
  const end = shiftEndOf(rule, factOf(rule, onCall));
  const left = leftUnder(rule, longer, { expiresAt, end }, settings);
  const durationSeconds =
    ask.durationSeconds ?? Math.min(durationUnder(rule, { durationSeconds: null }), left);
  const until = untilOf(expiresAt, durationSeconds, settings.granularitySeconds);
  const objections = [...objectionsToChain(rule, longer, until), ...pastShift(rule, until, end)];
  const isLeft = left >= settings.minimumDurationSeconds;
  if (objections.length > 0 || !isLeft) return refused(rule, objections, isLeft ? left : undefined);
  const reason = ask.reason ?? grant.reason;
  const judgement = judgeAsk(
    policy,
    member,
    askOf(grant, durationSeconds, reason),
    now,
    known,
    onCall,
  );
  if (!judgement.allowed) return judgement;
  if (judgement.cluster.arn !== grant.cluster.arn)
    return denied(`The name ${grant.cluster.name} now means another cluster in the policy.`, []);
  const fact = judgement.onCall ? { onCall: judgement.onCall } : {};
  const about = judgement.ticket === undefined ? {} : { ticket: judgement.ticket };
  return { allowed: true, rule, durationSeconds, reason, until, ...fact, ...about };
}

/** A shift that ends earlier leaves less than the rule. */
const pastShift = ({ name }: Rule, until: string, end: string | undefined): readonly Objection[] =>
  end === undefined || until <= end
    ? []
    : [
        {
          code: "total-exceeded",
          detail: `${name} lends until the end of a shift, and this one ends at ${shiftEndText(end)}.`,
        },
      ];

/** How many seconds more the chain may last, in whole steps of the granularity. */
function leftUnder(
  { extend }: Rule,
  chain: Chain,
  { expiresAt, end }: { readonly expiresAt: string; readonly end: string | undefined },
  { granularitySeconds }: Settings,
): number {
  if (!extend) return 0;
  const shift = end === undefined ? Number.POSITIVE_INFINITY : secondsBetween(expiresAt, end);
  const left = Math.max(0, Math.min(secondsLeft(extend, chain, expiresAt), shift));
  return Math.floor(left / granularitySeconds) * granularitySeconds;
}

/** The same access again, by the same rule. */
const askOf = (
  { cluster, access, principalArn, rule, ticket }: AccessRequest,
  durationSeconds: number,
  reason: string,
) => ({
  ...(ticket === undefined ? {} : { ticket }),
  cluster: cluster.name,
  access,
  durationSeconds,
  reason,
  principalArn,
  startsAt: null,
  rule,
});

/** @param left what would be allowed, in seconds; undefined if nothing would be */
function refused(
  rule: Rule,
  objections: readonly Objection[],
  left: number | undefined,
): RefusedAsk {
  const refusals = [{ rule: rule.name, objections }];
  const isOnlyTooLong = objections.every(({ code }) => code === "total-exceeded");
  const why = objections.map(({ detail }) => detail).join(" ");
  if (!isOnlyTooLong || left === undefined)
    return denied(why || `${rule.name} leaves no time for an extension.`, refusals);
  return totalTooLong(rule, why, left, refusals);
}
