/** Break-glass rules whose reviews nobody can close, or not in time, and those that leave it to the admins. */
import type { AccessPolicy } from "../domain/policy/policy.ts";
import { formatDuration } from "../domain/values/duration.ts";
import { fewNames } from "./few-names.ts";
import type { PolicyFinding } from "./finding.ts";
import { groupMembers, holdsPrincipal } from "./group-members.ts";
import { usesOf } from "./rule-uses.ts";

/** A review that nobody else can close is an error, even for one requester: it would stay open. */
export const reviewFindings = (policy: AccessPolicy): readonly PolicyFinding[] => [
  ...stuckReviews(policy),
  ...earlyReviews(policy),
];

const stuckReviews = (policy: AccessPolicy): readonly PolicyFinding[] =>
  policy.rules.flatMap((rule, at): readonly PolicyFinding[] => {
    const { review } = rule;
    if (!review) return [];
    const reviewers = groupMembers(policy, review.by);
    const stuck = usesOf(policy, rule).flatMap(({ member, principals }) =>
      principals.some((arn) =>
        reviewers.every((name) => name === member.name || holdsPrincipal(policy, name, arn)),
      )
        ? member.name
        : [],
    );
    if (stuck.length === 0) return [];
    const by = review.by.length === 0 ? "nobody" : `a member of ${review.by.join(" or ")}`;
    return [
      {
        code: "nobody-can-review",
        path: ["rules", at, "review"],
        detail: `The review of a break-glass under ${rule.name} is closed by ${by}, but never by who asked or holds the principal. So nobody could close one of ${fewNames([...new Set(stuck)])}.`,
      },
    ];
  });

/** A review can be closed once the access is over. So a shorter time is no time for all of a long grant. */
const earlyReviews = ({ rules }: AccessPolicy): readonly PolicyFinding[] =>
  rules.flatMap(({ name, review, duration, extend }, at): readonly PolicyFinding[] => {
    const longest = extend?.totalSeconds ?? duration.maxSeconds;
    if (!review || review.withinSeconds >= longest) return [];
    return [
      {
        code: "review-due-before-end",
        path: ["rules", at, "review", "within"],
        detail: `A review under ${name} is due ${formatDuration(review.withinSeconds)} after the grant's start, and can be closed once the access is over. But access may last ${formatDuration(longest)}. Write at least ${formatDuration(longest)} and the time that a review takes.`,
      },
    ];
  });

/**
 * Says what a break-glass rule without `review` means.
 *
 * @param isWritten by the rule's place in the file
 */
export const unwrittenReviews = (
  policy: AccessPolicy,
  isWritten: (at: number) => boolean,
): readonly PolicyFinding[] =>
  policy.rules.flatMap((rule, at): readonly PolicyFinding[] =>
    !rule.review || isWritten(at)
      ? []
      : [
          {
            code: "review-by-default",
            path: ["rules", at, "breakGlass"],
            detail: `${rule.name} says nothing of review, so ${rule.review.by.join(" or ") || "nobody"} (roles.admins) reviews each grant within ${formatDuration(rule.review.withinSeconds)}. Write review, such as { by: [platform], within: 2d }.`,
          },
        ],
  );
