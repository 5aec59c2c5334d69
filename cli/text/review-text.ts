/** Reviews of break-glass, for people. */
import type { State } from "../../shared/domain/requests/request.ts";
import type { Review } from "../../shared/domain/requests/review.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestSummary } from "../../shared/http/contract/answers.ts";
import type { ReviewAnswer } from "../../shared/http/contract/review-answer.ts";
import { shortIds } from "../prompts/request-id.ts";
import type { Fact } from "../terminal/facts.ts";
import type { Column } from "../terminal/table.ts";
import { whenText } from "./request-text.ts";
import { awayText, fullTime, shortTime } from "./time-text.ts";

const anyOf = (names: readonly string[]) => names.map(visible).join(" or ") || "nobody";

/** `open: platform, due …`, `OVERDUE since …: platform`, or who closed it, and the note. */
export function reviewFacts(review: Review | undefined, now: string): readonly Fact[] {
  if (!review) return [];
  const { by, dueAt, closed } = review;
  const time = (instant: string) => `${fullTime(instant)}, ${awayText(instant, now)}`;
  if (closed)
    return [
      [
        "Review",
        `closed by ${visible(closed.person)}, ${time(closed.at)}: ${visible(closed.note)}`,
      ],
    ];
  return [
    [
      "Review",
      dueAt <= now
        ? `OVERDUE since ${time(dueAt)}; closed by ${anyOf(by)}`
        : `open, due ${time(dueAt)}; closed by ${anyOf(by)}`,
    ],
  ];
}

/** That the reviewed access is not over, so that its use may go on after the review; empty where it is. */
export function lastsText(request: RequestSummary, now: string): string {
  const text: Readonly<Partial<Record<State, string>>> = {
    active: `${visible(request.requester)} STILL has this access, ${whenText(request, now)}. Your review cannot cover the rest of it.`,
    ending: "The access is still being removed.",
  };
  const said = text[request.state];
  return said === undefined ? "" : `\n${said}\n`;
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
  const isOverdue = ({ review }: RequestSummary) => review !== undefined && review.dueAt <= now;
  return [
    { title: "ID", text: ({ id }) => visible(short.get(id) ?? id) },
    {
      title: "DUE",
      text: (request) => (isOverdue(request) ? `OVERDUE ${due(request)}` : due(request)),
      style: (request) => (isOverdue(request) ? "red" : undefined),
      least: 12,
    },
    { title: "WHO", text: ({ requester }) => visible(requester), least: 6 },
    { title: "CLUSTER", text: ({ cluster }) => visible(cluster), least: 7 },
    { title: "STATE", text: ({ state }) => visible(state) },
    { title: "REASON", text: ({ reason }) => visible(reason), folds: 1 },
  ];
}
