import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import type { Requirement } from "../../shared/domain/requests/request.ts";
import { aPolicy } from "./builders.ts";

/** The sample policy, whose first rule requires these approvals. */
export function policyAsking(...approval: readonly Requirement[]): AccessPolicy {
  const policy = aPolicy();
  return {
    ...policy,
    rules: policy.rules.map((rule, at) => (at === 0 ? { ...rule, approval } : rule)),
  };
}

/** One member of any of the groups. */
export const oneOf = (...groups: readonly string[]): Requirement => ({ groups, count: 1 });

/** One member of either circle, the second of which is asked after a quarter of an hour. */
export const circles = (groups: readonly string[], later: readonly string[]): Requirement => ({
  groups,
  count: 1,
  escalate: { afterSeconds: 900, groups: later },
});
