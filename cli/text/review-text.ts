/** Reviews of break-glass, for people. */

import { activityParts, NO_ACTIVITY } from "../../shared/domain/evidence/activity/activity-text.ts";
import { shortAsker } from "../../shared/domain/requests/asker-text.ts";
import { isReviewOverdue } from "../../shared/domain/requests/closable-review.ts";
import { isFinal } from "../../shared/domain/requests/lifecycle.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer, RequestSummary } from "../../shared/http/contract/answers.ts";
import type { ReviewAnswer } from "../../shared/http/contract/review-answer.ts";
import type { Fact } from "../terminal/facts.ts";
import type { Column } from "../terminal/table.ts";
import { shortIds } from "./short-ids.ts";
import { awayText, fullTime, shortTime } from "./time-text.ts";

const anyOf = (names: readonly string[]) => names.map(visible).join(" or ") || "nobody";

/**
 * The closer of the review and its deadline, that it is overdue, or who closed it, with the note.
 */
export function reviewFacts(request: RequestSummary, now: string): readonly Fact[] {
  if (!request.review) return [];
  const { by, dueAt, closed } = request.review;
  const time = (instant: string) => `${fullTime(instant)}, ${awayText(instant, now)}`;
  if (closed)
    return [
      [
        "Review",
        `closed by ${visible(closed.person)}, ${time(closed.at)}: ${visible(closed.note)}`,
      ],
    ];
  const once = isFinal(request.state) ? "" : " once the access is over";
  const due = isReviewOverdue(request, now) ? "OVERDUE since" : "open, due";
  return [["Review", `${due} ${time(dueAt)}; to be closed by ${anyOf(by)}${once}`]];
}

const withStop = (sentence: string): string => sentence.replace(/[^.]$/, "$&.");

/**
 * The use of a break-glass, for its reviewers. An API of an earlier release does not say it.
 *
 * @returns at most one fact
 */
export function doneFacts({ activity }: RequestAnswer, now: string): readonly Fact[] {
  if (activity === undefined) return [];
  if (activity === null) return [["Done with it", NO_ACTIVITY]];
  const { head, counts, others } = activityParts(activity, (instant) => shortTime(instant, now));
  const all = counts.length === 0 ? head : `${head} ${counts.join("; ")}`;
  return [["Done with it", visible([all, ...others].map(withStop).join(" "))]];
}

/** `within 2d, by dave or erin (platform)` */
export function reviewToCome(review: ReviewAnswer | undefined): readonly Fact[] {
  if (!review) return [];
  const { by, people, within, block } = review;
  const blocks = block ? "; an overdue one of yours refuses you this rule" : "";
  return [["Review", `within ${visible(within)}, by ${anyOf(people)} (${anyOf(by)})${blocks}`]];
}

/** The columns of a list of open reviews. */
export function reviewColumns(
  now: string,
  requests: readonly RequestSummary[],
): readonly Column<RequestSummary>[] {
  const short = shortIds(requests.map(({ id }) => id));
  const due = ({ review }: RequestSummary) =>
    review === undefined ? "" : `${shortTime(review.dueAt, now)}, ${awayText(review.dueAt, now)}`;
  const isOverdue = (request: RequestSummary) => isReviewOverdue(request, now);
  return [
    { title: "ID", text: ({ id }) => visible(short.get(id) ?? id) },
    {
      title: "DUE",
      text: (request) => (isOverdue(request) ? `OVERDUE ${due(request)}` : due(request)),
      style: (request) => (isOverdue(request) ? "red" : undefined),
      least: 12,
    },
    { title: "WHO", text: (request) => visible(shortAsker(request)), least: 6 },
    { title: "CLUSTER", text: ({ cluster }) => visible(cluster), least: 7 },
    { title: "STATE", text: ({ state }) => visible(state) },
    { title: "REASON", text: ({ reason }) => visible(reason), folds: 1 },
  ];
}
