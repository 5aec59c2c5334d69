import type { AccessRequest, Requirement } from "../requests/request.ts";
import { approverGroups } from "../requests/requirement.ts";
import { forRequester } from "./agent-approval.ts";
import type { AccessPolicy, Rule } from "./policy.ts";
import { ruleNamed } from "./policy-index.ts";

/**
 * The rule of today as it holds for a request. The approvers are fixed at the request and
 * intersected with the rule of today. A group that was added since gains nothing, and one that was
 * removed loses at once. An extension needs no approval where the rule says so, unless an approver
 * cut the time of what it extends. Undefined where the policy has the rule no more. Pure.
 */
export function ruleOfRequest(
  policy: AccessPolicy,
  request: Pick<
    AccessRequest,
    "rule" | "requirements" | "extends" | "shortened" | "requester" | "via"
  >,
): Rule | undefined {
  const { rule: name, requirements, extends: predecessor } = request;
  const named = ruleNamed(policy, name);
  if (!named) return undefined;
  const asked = forRequester(policy, named, request);
  const rule = predecessor === undefined ? asked : underExtension(asked, request);
  const fixed = new Set(requirements.flatMap(approverGroups));
  return { ...rule, approval: rule.approval.map((need) => keeping(need, fixed)) };
}

/**
 * A rule as it decides on an extension of its grants. An approver that cut the time of a grant
 * allowed no more of it, so its extension asks the approvers.
 */
export const underExtension = (
  rule: Rule,
  { shortened }: Pick<AccessRequest, "shortened">,
): Rule =>
  rule.extend?.approval === "none" && shortened !== true ? { ...rule, approval: [] } : rule;

function keeping(need: Requirement, fixed: ReadonlySet<string>): Requirement {
  const { groups, count, onCall, escalate } = need;
  const kept = (all: readonly string[]) => all.filter((group) => fixed.has(group));
  const later = escalate ? kept(escalate.groups) : [];
  return {
    groups: kept(groups),
    count,
    ...(onCall === undefined ? {} : { onCall }),
    ...(escalate && later.length > 0 ? { escalate: { ...escalate, groups: later } } : {}),
  };
}
