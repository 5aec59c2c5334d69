/** The words for tickets, for people. */
import type { TicketFact, UnknownTicket } from "../../shared/domain/facts/ticket-fact.ts";
import type { TicketTerms } from "../../shared/domain/facts/tracker.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { PreviewAllowed, RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { PreviewLeans } from "../../shared/http/contract/on-call-answer.ts";
import type { Fact } from "../terminal/facts.ts";
import { requirementText } from "./requirement-text.ts";
import { fullTime } from "./time-text.ts";

/** `open or in-progress, and assigned to whoever asks` */
function askedOfTicket({ status, assignee, reporter }: TicketTerms): string {
  const is = [
    status.join(" or "),
    ...(assignee ? ["assigned to whoever asks"] : []),
    ...(reporter ? ["made by somebody else before"] : []),
  ];
  return is.join(", and ");
}

/** The requirements of a rule. Where a tracker is asked and no person, the policy decides by its answer. */
export const approvalBy = (
  requirements: Parameters<typeof requirementText>[0],
  isAsked: boolean,
): string =>
  isAsked && requirements.length === 0
    ? "none: granted once its tracker has answered"
    : requirementText(requirements);

/** The fate of an ask that is allowed, as the end of a sentence. */
export const thenText = ({
  requirements,
  ticketTerms,
}: Pick<PreviewAllowed, "requirements" | "ticketTerms">): string => {
  if (requirements.length > 0) return "it would wait for approval";
  return ticketTerms
    ? "it would be granted once its tracker has answered"
    : "it would be granted at once";
};

/** The tickets that a rule is for. An older API says nothing of it. */
export const ticketFacts = ({
  ticket,
  endsWithTicket,
}: {
  readonly ticket?: TicketTerms;
  readonly endsWithTicket?: true;
}): readonly Fact[] =>
  ticket
    ? [
        ["Ticket", oneOf(ticket)],
        ...(endsWithTicket ? [["Ends", "once the ticket is closed"] as const] : []),
      ]
    : [];

const oneOf = (terms: TicketTerms): string =>
  `one of ${visible(terms.in)}, which is ${askedOfTicket(terms)}`;

/** The same as one sentence without its full stop; empty for a rule that asks no tracker. */
export const ticketWanted = ({
  ticket,
  endsWithTicket,
}: Parameters<typeof ticketFacts>[0]): string =>
  ticket ? `${oneOf(ticket)}${endsWithTicket ? "; access ends once it is closed" : ""}` : "";

/** The same of a dry run, with the ticket where it is named. */
export const ticketToCome = ({
  ticket,
  ticketTerms: terms,
  endsWithTicket,
}: PreviewLeans): readonly Fact[] =>
  terms
    ? [
        [
          "Ticket",
          `${ticket === undefined ? `one of ${visible(terms.in)}` : visible(ticket)}: its tracker is asked whether it is ${askedOfTicket(terms)}${endsWithTicket ? "; access ends once it is closed" : ""}`,
        ],
      ]
    : [];

/** The ticket of a request, and what its tracker says. Its title is text of others. */
export function ticketOfRequest({ ticket, ticketIs }: RequestAnswer): readonly Fact[] {
  if (ticket === undefined) return [];
  if (!ticketIs) return [["Ticket", visible(ticket)]];
  const { detail, readAt, status, title } = ticketIs;
  const read = readAt === null ? "" : ` (read ${fullTime(readAt)})`;
  const seen = status === undefined ? "" : `; it is ${visible(status)}: "${visible(title ?? "")}"`;
  return [["Ticket", `${visible(ticket)}. ${visible(detail)}${read}${seen}`]];
}

/** `PAY-123 was open, read …`, as an event has it. */
export const leanedOnTicket = (fact: TicketFact | UnknownTicket): string =>
  "unknown" in fact
    ? `while ${visible(fact.ticket)} was not known (${visible(fact.unknown)})`
    : `${visible(fact.ticket)} was ${visible(fact.status)}, read ${fullTime(fact.readAt)}`;
