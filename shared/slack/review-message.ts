/** Draws what reminds reviewers of a break-glass, in the thread of a message about it: no buttons. */
import type { RequestNotice } from "../domain/notices/notice.ts";
import { askerText } from "../domain/requests/asker-text.ts";
import { headlineText, reviewPromptText, reviewText, WHEN } from "../notices/notice-texts.ts";
import type { Times } from "../notices/shown-times.ts";
import { calledText } from "./called-text.ts";
import { dates, fallback, MOST, type SlackMessage, section } from "./message-parts.ts";
import { ownMarkup } from "./shown-text.ts";

/** @param userOf a person's Slack user; undefined for a person without one */
export function reviewMessage(
  { kind, facts, mentions = [] }: RequestNotice,
  userOf: (person: string) => string | undefined,
): SlackMessage {
  const lines = [reviewPromptText(kind === "review-overdue"), reviewText(facts)];
  const due = facts.breakGlassReview?.review?.dueAt;
  const times: Times = due === undefined ? [] : [[WHEN.reviewDue, due]];
  const called = calledText(mentions, userOf);
  return {
    text: `${called} ${fallback([headlineText(facts, askerText(facts)), ...lines], times)}`.trimStart(),
    blocks: [
      ...(called === "" ? [] : [{ type: "section", text: ownMarkup(called) } as const]),
      ...lines.filter((line) => line !== "").map((line) => section(line, MOST.line)),
      ...(times.length === 0 ? [] : [dates(times)]),
    ],
  };
}
