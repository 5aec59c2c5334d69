/** The review that a break-glass opens, and who closes it. */
import { startOf } from "../requests/grant-time.ts";
import type { AccessRequest } from "../requests/request.ts";
import { openReviewOf, type Review } from "../requests/review.ts";
import { plusSeconds } from "../values/instant.ts";
import { type AccessPolicy, isMachine, type Member, type Rule, type RuleReview } from "./policy.ts";
import { decidersInGroups, holdersOf } from "./policy-index.ts";

/**
 * The review that the approval of a break-glass opens; undefined under every other rule. Its
 * deadline counts from the grant's start, which the approval fixes: the access may never be added.
 *
 * @param start as `startOf` has it
 */
const openedReview = ({ review }: Rule, start: string): Review | undefined =>
  review && { by: review.by, dueAt: plusSeconds(start, review.withinSeconds), closed: null };

/**
 * The fields that an approval at `at` adds to its event and to the request.
 * @param request as it is before the approval
 */
export function reviewOpenedBy(rule: Rule, request: AccessRequest, at: string) {
  const review = openedReview(rule, startOf({ ...request, approvedAt: at }) ?? at);
  if (!request.breakGlass || !review) return {};
  const { by, dueAt } = review;
  return { details: { review: { by, dueAt } }, changes: { review } };
}

/**
 * Whether the review of an approved request is what its rule opens, or is due earlier. True under a
 * rule that opens none.
 */
export function isReviewOpened(rule: Rule, request: AccessRequest): boolean {
  const due = openedReview(rule, startOf(request) ?? request.createdAt);
  if (!due) return true;
  const open = openReviewOf(request);
  return (
    open !== undefined &&
    open.dueAt <= due.dueAt &&
    open.by.length > 0 &&
    open.by.every((group) => due.by.includes(group))
  );
}

/** Whether somebody is in a group that reviews the request. A machine reviews nothing. */
export const isReviewer = (
  { groups, machine }: Pick<Member, "groups" | "machine">,
  { review }: Pick<AccessRequest, "review">,
): boolean =>
  !isMachine({ machine }) && review?.by.some((group) => groups.includes(group)) === true;

/**
 * Everyone who could close a review of `member`'s access. That excludes the member, and people who
 * hold one of `principals`, because the access would be theirs too.
 */
export function reviewersOf(
  policy: AccessPolicy,
  { by }: Pick<RuleReview, "by">,
  member: Pick<Member, "name">,
  principals: readonly string[],
): readonly string[] {
  const holders = new Set(principals.flatMap((arn) => holdersOf(policy, arn)));
  return decidersInGroups(policy, by).filter((name) => name !== member.name && !holders.has(name));
}

/** Whether a person had a part in the access: they asked for it, or hold its principal. */
export const hasPartIn = (
  policy: AccessPolicy,
  { name }: Pick<Member, "name">,
  { requester, principalArn }: Pick<AccessRequest, "requester" | "principalArn">,
): boolean => name === requester || holdersOf(policy, principalArn).includes(name);

/** Whether a person may close the open review of a request. */
export const mayClose = (policy: AccessPolicy, member: Member, request: AccessRequest): boolean =>
  isReviewer(member, request) && !hasPartIn(policy, member, request);
