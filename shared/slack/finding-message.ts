/**
 * Draws a finding as Block Kit. Nearly all of it comes from outside, so it is shown as text. The
 * maker of a change also chose its user agent and its session's name.
 */
import type { FindingNotice } from "../domain/notices/notice.ts";
import { findingHeading, findingLines, findingTimes } from "../notices/finding-lines.ts";
import { acknowledgedText, foundText } from "../notices/finding-texts.ts";
import { dates, fallback, header, MOST, type SlackMessage, section } from "./message-parts.ts";

export function findingMessage(notice: FindingNotice): SlackMessage {
  const { facts } = notice;
  const heading = findingHeading(notice);
  const times = findingTimes(notice);
  return {
    text: fallback(
      [...(heading === null ? [] : [`${heading}:`]), foundText(facts), acknowledgedText(facts)],
      times,
    ),
    blocks: [
      ...(heading === null ? [] : [header(heading)]),
      ...findingLines(notice).map((line) => section(line, MOST.line)),
      dates(times),
    ],
  };
}
