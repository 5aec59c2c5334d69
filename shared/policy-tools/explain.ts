/** Why a policy decides an ask as it does: by the code that judges requests, and by no other. */
import { inOrderTried } from "../domain/policy/eligibility.ts";
import { principalFor } from "../domain/policy/judge-ask.ts";
import { keptByPolicy } from "../domain/policy/kept.ts";
import { momentsOfAsk } from "../domain/policy/moments.ts";
import { type Objection, objectionsTo } from "../domain/policy/objections.ts";
import type { AccessPolicy, Member, Rule } from "../domain/policy/policy.ts";
import { ruleNamed } from "../domain/policy/policy-index.ts";
import { type Preview, previewOf } from "../domain/policy/preview.ts";
import type { Ask } from "../domain/requests/ask.ts";
import { knownIn, type OnCallWorld } from "./on-call-world.ts";

/** An ask whose reason may be left open: any that a rule requires is then assumed. */
export interface OpenAsk extends Omit<Ask, "reason"> {
  readonly reason: string | null;
}

export interface Explanation {
  /** As the broker would answer. Whether a cluster is ready, only the broker knows. */
  readonly decision: Preview;
  /** Every rule of the file in the order in which they are tried, for whomever they are. */
  readonly rules: readonly Verdict[];
}

/** The verdict of one rule on an ask. */
export interface Verdict {
  readonly rule: string;
  /** Empty where it would allow the ask. */
  readonly objections: readonly Objection[];
}

/** Pure. @param at when it is asked @param world where the asker is on call; nowhere by default */
export const explain = (
  policy: AccessPolicy,
  member: Member,
  openAsk: OpenAsk,
  at: string,
  world: OnCallWorld = [],
): Explanation => ({
  decision: decisionOn(policy, member, openAsk, at, world),
  rules: inOrderTried(policy.rules).map((rule) =>
    verdictOf(policy, rule, member, openAsk, { at, world }),
  ),
});

/**
 * Only the decision: in a policy with a thousand rules, the verdicts cost a thousand times as much.
 */
export const decisionOn = (
  policy: AccessPolicy,
  member: Member,
  openAsk: OpenAsk,
  at: string,
  world: OnCallWorld,
): Preview =>
  previewOf(judgedBy(policy, openAsk), member, closed(openAsk), at, {
    onCall: knownIn(policy, world, at),
  });

/** The verdict of one rule of the policy on an ask. */
export function verdictOf(
  policy: AccessPolicy,
  { name }: Pick<Rule, "name">,
  member: Member,
  openAsk: OpenAsk,
  { at, world }: { readonly at: string; readonly world: OnCallWorld },
): Verdict {
  const judged = judgedBy(policy, openAsk);
  const rule = ruleNamed(judged, name);
  const ask = closed(openAsk);
  const principalArn = principalFor(judged, member, ask);
  const terms = {
    ...ask,
    principalArn: principalArn ?? "",
    moments: momentsOfAsk(ask, at),
    onCall: knownIn(policy, world, at),
    ticketIs: "unasked" as const,
  };
  const objections = rule ? objectionsTo(judged, rule, member, terms) : [];
  return {
    rule: name,
    objections: objections.filter(
      // Without a principal there is nothing to object to: the decision says that none is named.
      ({ code }) => principalArn !== undefined || code !== "principal-not-yours",
    ),
  };
}

const closed = (openAsk: OpenAsk): Ask => ({ ...openAsk, reason: openAsk.reason ?? "" });

const judgedBy = (policy: AccessPolicy, { reason }: OpenAsk): AccessPolicy =>
  reason === null ? withoutReasons(policy) : policy;

/** The same policy, whose rules accept any reason. */
const withoutReasons = keptByPolicy(
  (policy): AccessPolicy => ({
    ...policy,
    rules: policy.rules.map(({ ticket: _, ...rule }) => ({
      ...rule,
      reason: { minLength: 0, ticket: null },
    })),
  }),
);
