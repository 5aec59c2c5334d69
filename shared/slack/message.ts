/**
 * Draws a notice as Block Kit: as short as can be, for people who did not ask for it. Details has
 * what most readers do not need.
 */
import type {
  Notice,
  NoticeFacts,
  RequestNotice,
  RequestNoticeKind,
} from "../domain/notices/notice.ts";
import { askerText } from "../domain/requests/asker-text.ts";
import { type NothingRemains, nothingRemains } from "../domain/requests/end-proof.ts";
import { useCommands } from "../domain/requests/use-commands.ts";
import { earliest } from "../domain/values/instant.ts";
import { buttonRow } from "./button.ts";
import { delegationMessage } from "./delegation-message.ts";
import { findingMessage } from "./finding-message.ts";
import { lessMessage } from "./less-message.ts";
import {
  dates,
  fallback,
  header,
  MOST,
  type SlackMessage,
  section,
  type Times,
} from "./message-parts.ts";
import { promptMessage } from "./prompt-message.ts";
import { reviewMessage } from "./review-message.ts";
import { stopMessage } from "./stop-message.ts";
import { extendableText } from "./texts/extendable-text.ts";
import {
  askedText,
  breakGlassHeader,
  CANNOT_WAIT,
  chainText,
  decideElsewhereText,
  decisionText,
  delegatedText,
  ENDS_SOON,
  escalatedText,
  evidenceText,
  headlineText,
  lessText,
  OWNED,
  reasonText,
  reviewText,
  SKIPPED,
  skippedText,
  stateText,
  WHEN,
  YOU,
} from "./texts/notice-texts.ts";
import { ended } from "./texts/sentence-parts.ts";
import { requesterSuspendedText } from "./texts/stop-texts.ts";

/** The lines of a message above its buttons; empty ones are left out. */
interface Lines {
  readonly headline: string;
  readonly state: string;
  readonly others: readonly string[];
  readonly reason: string;
}

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
  const times = [...timesOf(facts), ...extendedTimes(facts), ...reviewTimes(facts)];
  const alarm = notice.kind === "break-glass" ? [breakGlassHeader(facts)] : [];
  // A notification shows the text only, and an alarm is read there first.
  const why = alarm.length === 0 ? [] : [ended(reason)];
  return {
    text: fallback([...alarm.map(ended), headline, ...why, state], times),
    blocks: [
      ...alarm.map(header),
      section(headline, MOST.line),
      ...(reason === "" ? [] : [section(reason, MOST.reason)]),
      ...[state, ...others].filter((line) => line !== "").map((line) => section(line, MOST.line)),
      ...(times.length === 0 ? [] : [dates(times)]),
      ...buttonRow(notice.actions, facts),
    ],
  };
}

/** Kinds whose reader is the requester. */
const OWN: ReadonlySet<RequestNoticeKind> = new Set([
  "waiting",
  "scheduled",
  "access",
  "ends-soon",
  "over",
]);

/** Kinds that say who decided, and nothing about later steps. */
const UNTIL_DECIDED: ReadonlySet<RequestNoticeKind> = new Set(["decision-wanted", "waiting"]);

function linesOf(notice: RequestNotice): Lines {
  const { kind, facts } = notice;
  const own = OWN.has(kind) && facts.machine !== true;
  return {
    headline: headlineText(facts, own ? YOU : askerText(facts)),
    state: UNTIL_DECIDED.has(kind) ? decisionText(facts) : stateText(facts),
    others: [
      // The requester has a message of their own about it.
      ...(own ? [] : [lessText(facts)]),
      chainText(facts),
      ...forReader(notice),
      ...(facts.state === "ended" ? [evidenceText(facts.requestId)] : []),
    ],
    // Requesters know their own.
    reason: own ? "" : reasonText(facts.reason),
  };
}

/** The lines that only this reader needs. */
function forReader({ kind, audience, facts }: RequestNotice): readonly string[] {
  const { state } = facts;
  const person = audience.kind === "person" ? audience.person : undefined;
  if (kind === "request" || kind === "decision-wanted")
    return state === "pending"
      ? [
          requesterSuspendedText(facts),
          extendableText(facts),
          ...(person === undefined ? [] : whyAsked(facts, person)),
          ...(facts.decidedHere ? [] : [decideElsewhereText(facts.requestId)]),
        ]
      : [];
  if (kind === "waiting") return state === "pending" ? [CANNOT_WAIT] : [];
  if (kind === "review-wanted") return [reviewText(facts)];
  if (kind === "break-glass")
    return [person === undefined ? skippedText(facts) : SKIPPED, reviewText(facts)];
  if (state !== "active") return [];
  if (facts.machine === true) return [OWNED];
  return kind === "access" ? useCommands(facts) : kind === "ends-soon" ? [ENDS_SOON] : [];
}

/** Why this reader is asked: for themselves, or for others. */
const whyAsked = (facts: NoticeFacts, person: string): readonly string[] =>
  facts.delegators
    ? [delegatedText(facts, facts.delegators)]
    : [escalatedText(facts, person), askedText(facts, person)];

/** The instants that matter in a state. */
function timesOf(facts: NoticeFacts): Times {
  const { state, lapsesAt, startsAt, revokeAt, expiresAt, endedAt, extendedBy } = facts;
  const starts: Times = startsAt === null ? [] : [[WHEN.starts, startsAt]];
  if (state === "pending")
    return [
      ...starts,
      ...longerOf(facts),
      ...laterOf(facts),
      ...delegatedOf(facts),
      [WHEN.lapses, lapsesAt],
    ];
  if (state === "approved") return starts;
  // Its access lasts longer than its own time.
  if (extendedBy !== undefined && endedAt === null) return [];
  if (state === "active") return revokeAt === null ? [] : [[WHEN.until, revokeAt]];
  if (state === "ending") return expiresAt === null ? [] : [[WHEN.removedBy, expiresAt]];
  return endedAt === null ? [] : [endedTime(endedAt, facts.endProof)];
}

/** When its end was proven by a read that shows nothing of it, or when its end was stored. */
const endedTime = (endedAt: string, proof: NoticeFacts["endProof"]): Times[number] =>
  goneTime(nothingRemains(proof)) ?? [WHEN.ended, endedAt];

const goneTime = (proof: NothingRemains | undefined): Times[number] | undefined =>
  proof && [WHEN.gone, proof.readAt];

/** Until when its extension was approved to last, whatever became of that. */
const extendedTimes = ({ extendedUntil }: NoticeFacts): Times =>
  extendedUntil === undefined ? [] : [[WHEN.extended, extendedUntil]];

/** When an open review is due, on the messages that are about it. */
function reviewTimes({ breakGlassReview }: NoticeFacts): Times {
  const review = breakGlassReview?.review;
  return review?.closed === null ? [[WHEN.reviewDue, review.dueAt]] : [];
}

/** The time until which an extension would last. */
const longerOf = ({ until }: NoticeFacts): Times =>
  until === undefined ? [] : [[WHEN.wouldLast, until]];

/** Until when the reader may decide for another person, or for the first of several. */
function delegatedOf({ delegators = [] }: NoticeFacts): Times {
  const first = earliest(delegators.map(({ until }) => until));
  const when = delegators.length > 1 ? WHEN.delegatedFirst : WHEN.delegated;
  return first === undefined ? [] : [[when, first]];
}

/** When the next second circle is asked. */
function laterOf({ stillNeeded }: NoticeFacts): Times {
  const waiting = stillNeeded.flatMap(({ second }) => (second && !second.isAsked ? [second] : []));
  const next = earliest(waiting.map(({ askedFrom }) => askedFrom));
  return next === undefined ? [] : [[WHEN.later, next]];
}
