/**
 * Whether the policy lets a person borrow what they ask for. The same code decides at the request,
 * at each approval, and when access starts.
 */
import {
  type Objection,
  objectionsTo,
  objectionsToPrincipal,
  type PrincipalTerms,
  type Terms,
} from "./objections.ts";
import { type AccessPolicy, clusterNamed, type Member, type Rule } from "./policy.ts";
import { ruleNamed, rulesFor } from "./policy-index.ts";

/** Whether a rule can lend anything at all to a principal of the member on a cluster. */
export const canLendTo = (
  policy: AccessPolicy,
  rule: PrincipalTerms,
  member: Member,
  cluster: string,
  principalArn: string,
): boolean =>
  clusterNamed(policy, cluster)?.retired !== true &&
  objectionsToPrincipal(policy, rule, member, { cluster, principalArn }).length === 0;

export interface Refusal {
  readonly rule: string;
  readonly objections: readonly Objection[];
}

/** Rules in the order in which they are tried: that of the file, and break-glass last. */
export const inOrderTried = (rules: readonly Rule[]): readonly Rule[] =>
  rules.toSorted((a, b) => Number(a.breakGlass) - Number(b.breakGlass));

/** Why no rule allows terms. */
export interface NotFound {
  readonly refusals: readonly Refusal[];
}

/** The rule may be used all the same by whoever names it. */
const notByItself = ({ name }: Rule): Objection => ({
  code: "on-call-unknown",
  detail: `While it is unknown who is on call, nothing becomes break-glass by itself. In an emergency, name the rule ${name}.`,
});

/** Whether a rule would lend, if it were only known who is on call. */
const lacksOnlyTheFact = ({ objections }: Refusal): boolean =>
  objections.every(({ code }) => code === "on-call-unknown");

/**
 * The rule that allows the terms. It is the named one, or else the member's first one in the file
 * that allows them. Break-glass rules come last, so that nobody uses one by accident. Where an
 * earlier rule lacks no more than to know who is on call, they are not tried: a service that is away
 * breaks no glass.
 */
export function findRule(
  policy: AccessPolicy,
  member: Member,
  terms: Terms,
  named?: string,
): { readonly rule: Rule } | NotFound {
  const one = named === undefined ? undefined : ruleNamed(policy, named);
  const all = named === undefined ? rulesFor(policy, member) : one ? [one] : [];
  const candidates = inOrderTried(all);
  const refusals: Refusal[] = [];
  for (const rule of candidates) {
    if (named === undefined && rule.breakGlass && refusals.some(lacksOnlyTheFact)) {
      refusals.push({ rule: rule.name, objections: [notByItself(rule)] });
      continue;
    }
    const objections = objectionsTo(policy, rule, member, terms);
    if (objections.length === 0) return { rule };
    refusals.push({ rule: rule.name, objections });
  }
  if (named !== undefined && candidates.length === 0)
    return {
      refusals: [
        {
          rule: named,
          objections: [{ code: "unknown-rule", detail: `No rule is called ${named}.` }],
        },
      ],
    };
  return { refusals };
}
