/** The approvers that a break-glass skipped. */
import { beforeEscalation } from "../requests/escalated-terms.ts";
import type { AccessRequest } from "../requests/request.ts";
import { type ApproversOf, approversOf } from "./approvers.ts";
import { type Need, needsOf } from "./needs.ts";
import { type Objection, objectionsTo, termsOf } from "./objections.ts";
import { type AccessPolicy, type Member, memberOf } from "./policy.ts";

/**
 * Everyone whose approval was skipped, by name. For a request that became break-glass, everyone who
 * was asked for an approval that it still lacked. Else who would have been asked, had the access
 * been asked for under the first rule that lends it. Pure.
 */
export function skippedApprovers(policy: AccessPolicy, request: AccessRequest): readonly string[] {
  const member = memberOf(policy, request.requester);
  if (!request.breakGlass || !member) return [];
  if (request.escalatedFrom) return namesIn(askedBefore(policy, request));
  return namesIn(approversOfFirst(policy, request, member).map(firstCircle));
}

/** The people asked before it became break-glass. */
function askedBefore(policy: AccessPolicy, request: AccessRequest): readonly (readonly string[])[] {
  const pending = { ...beforeEscalation(request), state: "pending" } as const;
  const at = request.approvedAt ?? request.updatedAt;
  return needsOf(policy, pending).map((need: Need) =>
    need.escalate && need.escalate.askedFrom <= at ? need.people : firstCircle(need),
  );
}

function approversOfFirst(
  policy: AccessPolicy,
  request: AccessRequest,
  member: Member,
): readonly ApproversOf[] {
  const terms = termsOf(request, null);
  const ordinary = policy.rules.find(
    (rule) =>
      !rule.breakGlass &&
      rule.approval.length > 0 &&
      !objectionsTo(policy, rule, member, terms).some(({ code }) => LENDS_SOMETHING_ELSE.has(code)),
  );
  return ordinary ? approversOf(policy, ordinary, member, [request.principalArn]) : [];
}

const LENDS_SOMETHING_ELSE: ReadonlySet<Objection["code"]> = new Set([
  "other-cluster",
  "other-access",
]);

/** Those who are asked at once. */
export const firstCircle = ({ people, escalate }: ApproversOf): readonly string[] =>
  people.filter((name) => !escalate?.people.includes(name));

const namesIn = (lists: readonly (readonly string[])[]): readonly string[] => [
  ...new Set(lists.flat()),
];
