/**
 * Draws a notice as Block Kit: as short as can be, for people who did not ask for it. Details has
 * what most readers do not need.
 */
import type { Notice, RequestNotice, RequestNoticeKind } from "../domain/notices/notice.ts";
import { breakGlassHeader } from "../notices/notice-texts.ts";
import { linesOf } from "../notices/request-lines.ts";
import { ended } from "../notices/sentence-parts.ts";
import { requestTimes } from "../notices/shown-times.ts";
import { buttonRow } from "./button.ts";
import { delegationMessage } from "./delegation-message.ts";
import { findingMessage } from "./finding-message.ts";
import { lessMessage } from "./less-message.ts";
import { dates, fallback, header, MOST, type SlackMessage, section } from "./message-parts.ts";
import { promptMessage } from "./prompt-message.ts";
import { reviewMessage } from "./review-message.ts";
import { stopMessage } from "./stop-message.ts";
import { decideElsewhereText } from "./texts/button-texts.ts";

/** @param userOf the Slack user of a person whom a message calls; undefined for a person without one */
export function messageFor(
  notice: Notice,
  userOf: (person: string) => string | undefined = () => undefined,
): SlackMessage {
  switch (notice.kind) {
    case "finding":
      return findingMessage(notice);
    case "stop":
      return stopMessage(notice);
    case "delegation-coming":
    case "delegation-begun":
    case "delegation-over":
      return delegationMessage(notice);
    default:
      return (DRAWN[notice.kind] ?? requestMessage)(notice, userOf);
  }
}

type Draw = (notice: RequestNotice, userOf: (person: string) => string | undefined) => SlackMessage;

/** Messages with another layout than the message about a request. */
const DRAWN: Readonly<Partial<Record<RequestNoticeKind, Draw>>> = {
  "approved-less": lessMessage,
  escalation: promptMessage,
  reminder: promptMessage,
  "review-reminder": reviewMessage,
  "review-overdue": reviewMessage,
};

function requestMessage(notice: RequestNotice): SlackMessage {
  const { facts } = notice;
  const { headline, state, others, reason } = linesOf(notice);
  const lines = [state, ...others, ...elsewhere(notice)].filter((line) => line !== "");
  const times = requestTimes(facts);
  const alarm = notice.kind === "break-glass" ? [breakGlassHeader(facts)] : [];
  // A notification shows the text only, and an alarm is read there first.
  const why = alarm.length === 0 ? [] : [ended(reason)];
  return {
    text: fallback([...alarm.map(ended), headline, ...why, state], times),
    blocks: [
      ...alarm.map(header),
      section(headline, MOST.line),
      ...(reason === "" ? [] : [section(reason, MOST.reason)]),
      ...lines.map((line) => section(line, MOST.line)),
      ...(times.length === 0 ? [] : [dates(times)]),
      ...buttonRow(notice.actions, facts),
    ],
  };
}

/** Where to decide, in a message that asks for it and has no button for it. */
const elsewhere = ({ kind, facts }: RequestNotice): readonly string[] =>
  (kind === "request" || kind === "decision-wanted") &&
  facts.state === "pending" &&
  !facts.decidedHere
    ? [decideElsewhereText(facts.requestId)]
    : [];
