/**
 * When the reviewers of a break-glass are reminded: halfway until the review is due, and once it is
 * overdue. Then again and again until somebody closes it, with pauses that double from a day on.
 */

import type { AccessPolicy } from "../policy/policy.ts";
import { reviewersOf } from "../policy/review-rights.ts";
import { closableReview } from "../requests/closable-review.ts";
import { startOf } from "../requests/grant-time.ts";
import type { AccessRequest } from "../requests/request.ts";
import type { Review } from "../requests/review.ts";
import { earliest, plusSeconds, secondsBetween } from "../values/instant.ts";

const KINDS = ["review-reminder", "review-overdue"] as const;

export interface ReviewPrompt {
  readonly kind: (typeof KINDS)[number];
  /** Counts from 1 within its kind. */
  readonly number: number;
  /** ISO 8601 UTC. */
  readonly at: string;
}

const DAY_SECONDS = 86_400;

const reminderAt = ({ dueAt }: Review, request: AccessRequest): string => {
  const start = startOf(request) ?? request.createdAt;
  return plusSeconds(dueAt, -Math.floor(Math.max(0, secondsBetween(start, dueAt)) / 2));
};

const overdueAt = ({ dueAt }: Review, number: number): string =>
  plusSeconds(dueAt, DAY_SECONDS * (2 ** (number - 1) - 1));

/** How many overdue prompts are due by `now`, and so the number of the latest; 0 before the first. */
function overdueNumber(review: Review, now: string): number {
  let number = 0;
  while (overdueAt(review, number + 1) <= now) number += 1;
  return number;
}

/** The latest of each kind whose time has come. One that is overdue has overtaken the reminder. */
export function dueReviewPrompts(request: AccessRequest, now: string): readonly ReviewPrompt[] {
  const review = closableReview(request);
  if (!review) return [];
  const number = overdueNumber(review, now);
  if (number > 0) return [{ kind: "review-overdue", number, at: overdueAt(review, number) }];
  const at = reminderAt(review, request);
  return at <= now ? [{ kind: "review-reminder", number: 1, at }] : [];
}

/** When the next prompt comes; null where none does. ISO 8601 UTC. */
export function nextReviewPromptAt(request: AccessRequest, now: string): string | null {
  const review = closableReview(request);
  if (!review) return null;
  const times = [reminderAt(review, request), overdueAt(review, overdueNumber(review, now) + 1)];
  return earliest(times.filter((at) => at > now)) ?? null;
}

/** Everyone who could close the review of a request. */
export const reviewersAsked = (
  policy: AccessPolicy,
  { review, requester, principalArn }: AccessRequest,
): readonly string[] =>
  review ? reviewersOf(policy, review, { name: requester }, [principalArn]) : [];
