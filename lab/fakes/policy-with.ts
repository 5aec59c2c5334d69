import type { AccessPolicy, Rule } from "../../shared/domain/policy/policy.ts";
import { aPolicy } from "./builders.ts";

/** The policy of tests, every rule of which has these values too. */
export function policyWith(over: Partial<Rule>, policy = aPolicy()): AccessPolicy {
  return { ...policy, rules: policy.rules.map((rule) => ({ ...rule, ...over })) };
}
