/** Why a policy decides an ask as it does: by the code that judges requests, and by no other. */
import { inOrderTried } from "../domain/policy/eligibility.ts";
import { principalFor } from "../domain/policy/judge-ask.ts";
import { momentsOfAsk } from "../domain/policy/moments.ts";
import { type Objection, objectionsTo } from "../domain/policy/objections.ts";
import type { AccessPolicy, Member } from "../domain/policy/policy.ts";
import { type Preview, previewOf } from "../domain/policy/preview.ts";
import type { Ask } from "../domain/requests/ask.ts";

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

/** What one rule says to an ask. */
export interface Verdict {
  readonly rule: string;
  /** Empty where it would allow the ask. */
  readonly objections: readonly Objection[];
}

/** Pure. @param at when it is asked */
export function explain(
  policy: AccessPolicy,
  member: Member,
  openAsk: OpenAsk,
  at: string,
): Explanation {
  const judged = openAsk.reason === null ? withoutReasons(policy) : policy;
  const ask: Ask = { ...openAsk, reason: openAsk.reason ?? "" };
  const principalArn = principalFor(judged, member, ask);
  const terms = { ...ask, principalArn: principalArn ?? "", moments: momentsOfAsk(ask, at) };
  return {
    decision: previewOf(judged, member, ask, at, undefined),
    rules: inOrderTried(judged.rules).map((rule) => ({
      rule: rule.name,
      objections: objectionsTo(judged, rule, member, terms).filter(
        // Without a principal there is nothing to object to: the decision says that none is named.
        ({ code }) => principalArn !== undefined || code !== "principal-not-yours",
      ),
    })),
  };
}

/** The same policy, whose rules accept any reason. */
const withoutReasons = (policy: AccessPolicy): AccessPolicy => ({
  ...policy,
  rules: policy.rules.map((rule) => ({ ...rule, reason: { minLength: 0, ticket: null } })),
});
