/**
 * Draws a finding as Block Kit. Nearly all of it comes from outside, so it is shown as text. The
 * maker of a change also chose its user agent and its session's name.
 */
import type { FindingNotice } from "../domain/notices/notice.ts";
import {
  acknowledgedText,
  findingText,
  foundText,
  grantsText,
  HAPPENED,
  HEADERS,
  meaningText,
  originText,
  reachText,
} from "../notices/finding-texts.ts";
import type { Times } from "../notices/shown-times.ts";
import { dates, fallback, header, MOST, type SlackMessage, section } from "./message-parts.ts";

export function findingMessage({ facts }: FindingNotice): SlackMessage {
  const { code } = facts.details;
  const found = foundText(facts);
  const acknowledged = acknowledgedText(facts);
  const heading = HEADERS[code];
  const times: Times = [[HAPPENED, happenedAt(facts)]];
  const lines = [
    found,
    reachText(facts),
    originText(facts),
    meaningText(facts),
    grantsText(facts),
    acknowledged,
    findingText(facts),
  ].filter((line) => line !== "");
  return {
    text: fallback([...(heading === null ? [] : [`${heading}:`]), found, acknowledged], times),
    blocks: [
      ...(heading === null ? [] : [header(heading)]),
      ...lines.map((line) => section(line, MOST.line)),
      dates(times),
    ],
  };
}

const happenedAt = ({ details }: FindingNotice["facts"]): string =>
  details.code === "missing-event" ? details.calledAt : details.event.eventTime;
