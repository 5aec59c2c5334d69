/**
 * Text for e-mail. A text that people wrote stays text: it is no markup, no link and no line of ours. Mail
 * programs make links of names with dots by themselves, in plain text too.
 */
import type { Notice, RequestNotice } from "../domain/notices/notice.ts";
import { visible } from "../domain/values/visible-text.ts";

/** How long a line, a reason and a subject may be, in characters. */
export const MOST = { line: 1_200, reason: 2_000, subject: 150 } as const;

/** One line with nothing hidden in it. */
export function shownLine(text: string, most: number): string {
  const all = visible(text);
  return all.length > most ? `${all.slice(0, most - 1).toWellFormed()}…` : all;
}

const HTML: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as HTML shows it. */
export const escapedHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => HTML[char] ?? char);

/** A header of printable ASCII, in one line. */
export const headerText = (text: string): string =>
  shownLine(text, MOST.subject).replace(/[^\x20-\x7e]/g, "?");

/** The text with nothing that a mail program would make a link of: `evil[.]example`, `http[:]//`. */
export const unlinked = (text: string): string =>
  text
    .replace(/([\p{L}\p{N}_-])[.\u3002\uff0e\uff61](?=[\p{L}\p{N}_-]*\p{L})/gu, "$1[.]")
    .replaceAll("://", "[:]//");

/** The notice without links in whatever people and programs wrote. Each line of a finding is such a text. */
export function unlinkedNotice(notice: Notice): Notice {
  if (notice.kind === "stop")
    return { ...notice, facts: { ...notice.facts, reason: unlinked(notice.facts.reason) } };
  return "requestId" in notice.facts ? unlinkedRequest(notice as RequestNotice) : notice;
}

function unlinkedRequest(notice: RequestNotice): RequestNotice {
  const { reason, outcome, less, via, breakGlassReview } = notice.facts;
  const { review } = breakGlassReview ?? {};
  const closed = review?.closed && { ...review.closed, note: unlinked(review.closed.note) };
  return {
    ...notice,
    facts: {
      ...notice.facts,
      reason: unlinked(reason),
      outcome: outcome && { ...outcome, detail: unlinked(outcome.detail) },
      ...(less && { less: less.map(unlinkedNote) }),
      ...(via && { via: { ...via, client: unlinked(via.client) } }),
      ...(breakGlassReview &&
        review && {
          breakGlassReview: { ...breakGlassReview, review: { ...review, closed: closed ?? null } },
        }),
    },
  };
}

const unlinkedNote = <Less extends { readonly note?: string }>(less: Less): Less =>
  less.note === undefined ? less : { ...less, note: unlinked(less.note) };
