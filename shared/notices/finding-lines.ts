/** The parts of a message about a finding, in any medium. */
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
} from "./finding-texts.ts";
import type { Times } from "./shown-times.ts";

/** Null where there is nothing to warn of. */
export const findingHeading = ({ facts }: FindingNotice): string | null =>
  HEADERS[facts.details.code];

export const findingLines = ({ facts }: FindingNotice): readonly string[] =>
  [
    foundText(facts),
    reachText(facts),
    originText(facts),
    meaningText(facts),
    grantsText(facts),
    acknowledgedText(facts),
    findingText(facts),
  ].filter((line) => line !== "");

export const findingTimes = ({ facts: { details } }: FindingNotice): Times => [
  [HAPPENED, details.code === "missing-event" ? details.calledAt : details.event.eventTime],
];
