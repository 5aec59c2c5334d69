/**
 * Draws a notice as Block Kit: as short as can be, for people who did not ask for it. Details has
 * what most readers do not need.
 */
import type {
  DelegationNotice,
  Notice,
  RequestNotice,
  RequestNoticeKind,
} from "../domain/notices/notice.ts";
import { askerText } from "../domain/requests/asker-text.ts";
import { delegationLines, delegationTimes } from "../notices/delegation-lines.ts";
import { lessNextText, lessNotesText } from "../notices/less-texts.ts";
import {
  breakGlassHeader,
  decisionText,
  headlineText,
  lessText,
  promptText,
  reviewPromptText,
  reviewText,
  WHEN,
} from "../notices/notice-texts.ts";
import { linesOf, statusText } from "../notices/request-lines.ts";
import { ended } from "../notices/sentence-parts.ts";
import { requestTimes, type Times } from "../notices/shown-times.ts";
import { buttonRow } from "./button.ts";
import { findingMessage } from "./finding-message.ts";
import {
  dates,
  fallback,
  header,
  MOST,
  type SlackMessage,
  section,
  status,
} from "./message-parts.ts";
import { ownMarkup } from "./shown-text.ts";
import { stopMessage } from "./stop-message.ts";
import { decideElsewhereText } from "./texts/button-texts.ts";
import { togetherMessage } from "./together-message.ts";

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
      if (notice.parts) return togetherMessage(notice);
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
      status(statusText(facts)),
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

/** Draws what tells a requester that an approver gave less than they asked for. */
function lessMessage({ facts, actions }: RequestNotice): SlackMessage {
  const lines = [
    lessText(facts),
    lessNotesText(facts),
    decisionText(facts),
    lessNextText(facts.requestId),
  ].filter((line) => line !== "");
  return {
    text: fallback(lines, []),
    blocks: [...lines.map((line) => section(line, MOST.line)), ...buttonRow(actions, facts)],
  };
}

/**
 * Draws what asks approvers again, in the thread of the message about the request: no buttons.
 *
 * @param userOf a person's Slack user; undefined for a person without one
 */
function promptMessage(
  { kind, facts, mentions = [] }: RequestNotice,
  userOf: (person: string) => string | undefined,
): SlackMessage {
  const line = promptText(facts, kind === "escalation");
  // In a thread the message above says it, and in a notification nothing else does.
  const headline = headlineText(facts, askerText(facts));
  const elsewhere = facts.decidedHere ? [] : [decideElsewhereText(facts.requestId)];
  const times: Times = [[WHEN.lapses, facts.lapsesAt]];
  const called = calledText(mentions, userOf);
  return {
    text: `${called} ${fallback([headline, line, ...elsewhere], times)}`.trimStart(),
    blocks: [
      ...(called === "" ? [] : [{ type: "section", text: ownMarkup(called) } as const]),
      ...[line, ...elsewhere].map((text) => section(text, MOST.line)),
      dates(times),
    ],
  };
}

/**
 * Draws what reminds reviewers of a break-glass, in the thread of a message about it: no buttons.
 *
 * @param userOf a person's Slack user; undefined for a person without one
 */
function reviewMessage(
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

/** Draws what tells delegator and delegate that a delegation is made, begins or is over: no buttons. */
function delegationMessage(notice: DelegationNotice): SlackMessage {
  const lines = delegationLines(notice);
  const times = delegationTimes(notice);
  return {
    text: fallback(lines, times),
    blocks: [...lines.map((line) => section(line, MOST.line)), dates(times)],
  };
}

/** More people than this are not called one by one: the text names their groups. */
const MOST_MENTIONS = 10;

/**
 * Text that calls people in Slack. Ids of access.yaml have nothing else in them than capitals and
 * digits.
 *
 * @param userOf a person's Slack user; undefined for a person without one
 */
function calledText(
  names: readonly string[],
  userOf: (person: string) => string | undefined,
): string {
  const users = names.length > MOST_MENTIONS ? [] : names.flatMap((name) => userOf(name) ?? []);
  return users.map((user) => `<@${user}>`).join(" ");
}
