import type { AccessPolicy } from "../policy/policy.ts";
import type { AccessRequest } from "../requests/request.ts";
import type { BusEvent } from "./bus-event.ts";
import { noticeFacts } from "./notice-facts.ts";
import { askedBy, duePrompts } from "./prompts.ts";
import { requestSummary } from "./request-events.ts";
import { dueReviewPrompts, reviewersAsked } from "./review-prompts.ts";

/**
 * Each prompt that is due, for receivers that call people. It is no step of the request, so it is
 * not in the request's history. Its id is the same each time.
 */
export const promptEvents = (
  policy: AccessPolicy,
  request: AccessRequest,
  now: string,
): readonly BusEvent[] => [
  ...approvalPrompts(policy, request, now),
  ...reviewPrompts(policy, request, now),
];

function reviewPrompts(
  policy: AccessPolicy,
  request: AccessRequest,
  now: string,
): readonly BusEvent[] {
  const people = reviewersAsked(policy, request);
  return dueReviewPrompts(request, now).map(({ kind, number, at }) => {
    const detail = {
      id: `${request.id}#${kind}-${number}`,
      requestId: request.id,
      prompt: { kind, number, at, people, dueAt: request.review?.dueAt },
      request: requestSummary(request),
    };
    return { subject: request.id, type: kind, at, detail };
  });
}

function approvalPrompts(
  policy: AccessPolicy,
  request: AccessRequest,
  now: string,
): readonly BusEvent[] {
  return duePrompts(policy, request, now).flatMap(({ kind, number, at }) => {
    const people = askedBy(kind, noticeFacts(policy, request, at));
    if (people.length === 0) return [];
    const detail = {
      id: `${request.id}#${kind}-${number}`,
      requestId: request.id,
      prompt: { kind, number, at, people, lapsesAt: request.lapsesAt },
      request: requestSummary(request),
    };
    return [{ subject: request.id, type: kind, at, detail }];
  });
}
