/** Messages to those who review a break-glass, until one of them closes the review. */
import { memberOf } from "../policy/policy.ts";
import { mayClose } from "../policy/review-rights.ts";
import { closableReview } from "../requests/closable-review.ts";
import type { Situation } from "./audiences.ts";
import type { Audience, NoticeFacts, RequestNotice } from "./notice.ts";
import { noticeKey } from "./notice-key.ts";
import { plainNotice } from "./plain-notice.ts";
import { alarmChannel, people } from "./readers.ts";
import { dueReviewPrompts, reviewersAsked } from "./review-prompts.ts";

/**
 * A message of their own to each reviewer, once there is something to review. The reminders are in
 * the threads of these and of the alarm channel's message. A reminder stays as it was sent.
 *
 * @param facts with the review
 */
export function reviewNotices(situation: Situation, facts: NoticeFacts): readonly RequestNotice[] {
  const { policy, request, now } = situation;
  if (!request.breakGlass || !request.review) return [];
  const asked = reviewersAsked(policy, request);
  const readers = people(policy, asked, "alarm");
  const isOpen = closableReview(request) !== undefined;
  const wanted = readers.map((audience) => ({
    ...plainNotice("review-wanted", audience, facts),
    actions: isOpen ? (["review", "details"] as const) : [],
    send: isOpen,
    precedence: isOpen ? ("next" as const) : ("last" as const),
  }));
  const reminders = dueReviewPrompts(request, now).flatMap(({ kind, number }) =>
    [...alarmChannel(policy), ...readers].map((audience) => ({
      ...plainNotice(kind, audience, facts, number),
      thread: noticeKey(audience.kind === "channel" ? "break-glass" : "review-wanted", audience),
      mentions: audience.kind === "channel" ? asked : [],
    })),
  );
  return [...wanted, ...reminders];
}

/** A reader of a message that offers a review may close it, as far as the policy says now. */
export function mayReviewAt({ policy, request }: Situation, audience: Audience): boolean {
  if (!closableReview(request)) return false;
  if (audience.kind === "channel") return true;
  const member = memberOf(policy, audience.person);
  return member !== undefined && mayClose(policy, member, request);
}
