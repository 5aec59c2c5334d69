import type { AccessPolicy, Rule } from "../../shared/domain/policy/policy.ts";
import { aPolicy } from "./builders.ts";

/**
 * A rule that lends the access of `payments-edit` to the same people, as break-glass for half an
 * hour.
 */
export const PAYMENTS_GLASS = "payments-glass";

/** The policy of tests with a break-glass rule for alice; it may differ. */
export function policyWithGlass(over: Partial<Rule> = {}): AccessPolicy {
  const policy = aPolicy();
  const edit = policy.rules.find(({ name }) => name === "payments-edit");
  const glass = policy.rules.find(({ breakGlass }) => breakGlass);
  if (!edit || !glass) throw new Error("The policy of tests lacks a rule.");
  const { extend: _, ...plain } = edit;
  const rule: Rule = {
    ...plain,
    name: PAYMENTS_GLASS,
    duration: glass.duration,
    approval: [],
    breakGlass: true,
    ...(glass.review ? { review: glass.review } : {}),
    ...over,
  };
  return { ...policy, rules: [...policy.rules, rule] };
}
