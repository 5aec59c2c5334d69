/** The approval that a rule wants of those for whom a program asks. */
import type { Ask } from "../requests/ask.ts";
import type { AccessRequest } from "../requests/request.ts";
import { type AccessPolicy, isMachine, type Member, memberOf, type Rule } from "./policy.ts";
import { denied, type RefusedAsk } from "./refused-ask.ts";

/**
 * The rule as it decides on an ask. Only a rule that lends to people without an approval has `agents`. They approve
 * extensions too, whatever the rule says of people's.
 */
export const forAsker = (
  rule: Rule,
  member: Pick<Member, "machine"> | undefined,
  { via }: Pick<AccessRequest, "via"> = {},
): Rule => {
  const isAgent = via !== undefined || (member !== undefined && isMachine(member));
  if (!isAgent || rule.agents === undefined || rule.approval.length > 0) return rule;
  const { agents: approval, extend } = rule;
  return { ...rule, approval, ...(extend ? { extend: { ...extend, approval: "same" } } : {}) };
};

/** The rule as it decides on a request. */
export const forRequester = (
  policy: AccessPolicy,
  rule: Rule,
  request: Pick<AccessRequest, "requester" | "via">,
): Rule => forAsker(rule, memberOf(policy, request.requester), request);

/** The refusal of a break-glass that a program asks for in somebody's name. */
export const blockedForProgram = (
  { name, breakGlass }: Pick<Rule, "name" | "breakGlass">,
  { via }: Pick<Ask, "via">,
): RefusedAsk | undefined =>
  breakGlass && via !== undefined
    ? denied(`${name} is for break-glass, which a person asks for at a terminal.`, [])
    : undefined;
