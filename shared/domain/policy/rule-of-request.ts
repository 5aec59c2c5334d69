import type { AccessRequest, Requirement } from "../requests/request.ts";
import { approverGroups } from "../requests/requirement.ts";
import type { AccessPolicy, Rule } from "./policy.ts";
import { ruleNamed } from "./policy-index.ts";

/**
 * The rule of today as it holds for a request. Whoever may approve is fixed at the request and
 * intersected with the rule of today. A group that was added since gains nothing, and one that was
 * removed loses at once. Undefined where the policy has the rule no more. Pure.
 */
export function ruleOfRequest(
  policy: AccessPolicy,
  { rule: name, requirements }: Pick<AccessRequest, "rule" | "requirements">,
): Rule | undefined {
  const rule = ruleNamed(policy, name);
  if (!rule) return undefined;
  const fixed = new Set(requirements.flatMap(approverGroups));
  return { ...rule, approval: rule.approval.map((need) => keeping(need, fixed)) };
}

function keeping(need: Requirement, fixed: ReadonlySet<string>): Requirement {
  const { groups, count, escalate } = need;
  const kept = (all: readonly string[]) => all.filter((group) => fixed.has(group));
  const later = escalate ? kept(escalate.groups) : [];
  return {
    groups: kept(groups),
    count,
    ...(escalate && later.length > 0 ? { escalate: { ...escalate, groups: later } } : {}),
  };
}
