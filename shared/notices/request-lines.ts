/** The lines of a message about a request, in any medium. */
import type { NoticeFacts, RequestNotice, RequestNoticeKind } from "../domain/notices/notice.ts";
import { askerText } from "../domain/requests/asker-text.ts";
import type { State } from "../domain/requests/request.ts";
import { useCommands } from "../domain/requests/use-commands.ts";
import { formatDuration } from "../domain/values/duration.ts";
import {
  askedText,
  CANNOT_WAIT,
  chainText,
  decisionText,
  delegatedText,
  ENDS_SOON,
  escalatedText,
  evidenceText,
  headlineText,
  isContinued,
  lessText,
  OWNED,
  reasonText,
  reviewText,
  SKIPPED,
  skippedText,
  stateText,
  YOU,
} from "./notice-texts.ts";
import { onCallText, ticketText } from "./outside-texts.ts";
import { moreApprovals } from "./sentence-parts.ts";
import { requesterSuspendedText } from "./stop-texts.ts";

/** Where a request stands, in a word at the head of its message. */
const STATUS: Readonly<Record<State, string>> = {
  pending: "Waiting",
  approved: "Approved",
  active: "Active",
  ending: "Ending",
  ended: "Ended",
  denied: "Denied",
  cancelled: "Cancelled",
  lapsed: "Lapsed",
  failed: "Failed",
};

/** The word for where it stands. The access of an extended grant goes on after the grant's own time. */
export function statusText(facts: NoticeFacts): string {
  const { state, approvers, stillNeeded } = facts;
  if (state !== "active" && isContinued(facts)) return "Extended";
  const open = stillNeeded.reduce((sum, { count }) => sum + count, 0);
  const isUnderWay = state === "pending" && approvers.length > 0 && open > 0;
  return isUnderWay ? `Waiting for ${moreApprovals(open)}` : STATUS[state];
}

/** The lines of a message; empty ones are left out. */
export interface Lines {
  readonly headline: string;
  readonly state: string;
  readonly others: readonly string[];
  readonly reason: string;
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

export function linesOf(notice: RequestNotice): Lines {
  const { kind, facts } = notice;
  const own = OWN.has(kind) && facts.machine !== true;
  return {
    headline: headlineText(facts, own ? YOU : askerText(facts)),
    state: UNTIL_DECIDED.has(kind) ? decisionText(facts) : stateText(facts),
    others: [
      // The requester has a message of their own about it.
      ...(own ? [] : [onCallText(facts), ticketText(facts), lessText(facts)]),
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
  const person = audience.kind === "channel" ? undefined : audience.person;
  if (kind === "request" || kind === "decision-wanted")
    return state === "pending"
      ? [
          requesterSuspendedText(facts),
          extendableText(facts),
          ...(person === undefined ? [] : whyAsked(facts, person)),
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

/** Says how far an approval lets access be extended; empty where somebody is asked again, or nothing is extended. */
function extendableText({ extendable }: NoticeFacts): string {
  if (!extendable) return "";
  const { times, totalSeconds } = extendable;
  const often = times === 1 ? "once" : `${times} times`;
  return `It could then be extended ${often} without an approval, to ${formatDuration(totalSeconds)} in all. If you approve less time, each extension needs one.`;
}
