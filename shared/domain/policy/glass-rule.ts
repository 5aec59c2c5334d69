/** The break-glass rule under which a pending request may become break-glass. */
import { escalatedTerms } from "../requests/escalated-terms.ts";
import type { AccessRequest } from "../requests/request.ts";
import { BrokerError } from "../values/errors.ts";
import type { Refusal } from "./eligibility.ts";
import { isAskedIn } from "./glass-surface.ts";
import type { KnownOnCall } from "./known-on-call.ts";
import { objectionsTo, type Terms, termsOf } from "./objections.ts";
import { type AccessPolicy, type Member, memberOf, type Rule } from "./policy.ts";
import { rulesFor } from "./policy-index.ts";
import { closestFirst } from "./refused-ask.ts";

/**
 * The break-glass rule that lends a requester the access of their pending request, to the same
 * principal and at once. It is the named one, or else the first of the file. Pure.
 *
 * @param at when it becomes break-glass
 * @param onCall what is known of the requester
 * @throws BrokerError `no-break-glass` where the requester has no such rule, or no rule that lends
 * it; for a named rule also `not-break-glass`, `break-glass-needs-approval`, `break-glass-denied`
 */
export function glassRuleFor(
  policy: AccessPolicy,
  member: Member,
  request: AccessRequest,
  named: string | null,
  at: string,
  onCall?: KnownOnCall,
): Rule {
  const own = rulesFor(policy, member);
  if (named !== null)
    return namedRule(policy, member, own, named, (rule) => termsUnder(request, rule, at, onCall));
  const candidates = own.filter(({ breakGlass, approval }) => breakGlass && approval.length === 0);
  const refusals: Refusal[] = [];
  for (const rule of candidates) {
    const objections = objectionsTo(policy, rule, member, termsUnder(request, rule, at, onCall));
    if (objections.length === 0) return rule;
    refusals.push({ rule: rule.name, objections });
  }
  const [closest] = refusals.toSorted(closestFirst);
  const why = closest ? `Closest: ${detailsOf(closest)} ` : "";
  throw new BrokerError(
    "no-break-glass",
    `No break-glass rule for you lends this at once. ${why}Nothing was changed; wait for the approvers, or ask for a change of access.yaml.`,
    { refusals: refusals.toSorted(closestFirst) },
  );
}

function namedRule(
  policy: AccessPolicy,
  member: Member,
  own: readonly Rule[],
  named: string,
  termsOfRule: (rule: Rule) => Terms,
): Rule {
  const rule = own.find(({ name }) => name === named);
  if (!rule)
    throw new BrokerError(
      "no-break-glass",
      `No rule for you is called ${named}. Nothing was changed; name another rule, or none.`,
    );
  if (!rule.breakGlass)
    throw new BrokerError(
      "not-break-glass",
      `${named} is not for break-glass. Nothing was changed; name a rule with breakGlass, or none.`,
    );
  if (rule.approval.length > 0)
    throw new BrokerError(
      "break-glass-needs-approval",
      `${named} needs an approval too, so nothing would be faster. Nothing was changed; wait for the approvers, or name another rule.`,
    );
  const objections = objectionsTo(policy, rule, member, termsOfRule(rule));
  if (objections.length === 0) return rule;
  const refusal = { rule: named, objections };
  throw new BrokerError(
    "break-glass-denied",
    `${named} does not lend this. ${detailsOf(refusal)} Nothing was changed; name another rule, or wait for the approvers.`,
    { refusals: [refusal] },
  );
}

/**
 * Whether a break-glass rule lends its requester what a pending request asks for, in Slack. Enough
 * to offer it there. It is judged as of the request, with everyone on call, so that a message stays as it is, and
 * again when somebody asks for it.
 */
export function isEscalatable(policy: AccessPolicy, request: AccessRequest): boolean {
  const { state, breakGlass, requester, createdAt, extends: predecessor } = request;
  const member = memberOf(policy, requester);
  if (!member || state !== "pending" || breakGlass || predecessor !== undefined) return false;
  const first = rulesFor(policy, member).find(
    (rule) =>
      rule.breakGlass &&
      rule.approval.length === 0 &&
      objectionsTo(policy, rule, member, termsUnder(request, rule, createdAt, "everyone"))
        .length === 0,
  );
  return first !== undefined && isAskedIn(first, "slack");
}

const detailsOf = ({ objections }: Refusal): string =>
  objections.map(({ detail }) => detail).join(" ");

function termsUnder(
  request: AccessRequest,
  { name, duration }: Rule,
  at: string,
  onCall: KnownOnCall | undefined,
): Terms {
  const { insteadOf, ...terms } = escalatedTerms(request, name, duration.maxSeconds);
  return termsOf({ ...request, ...terms, escalatedFrom: insteadOf }, at, { onCall });
}
