/** Objections of a rule that asks a tracker about a ticket. */
import type { NotKnown, TicketNo } from "../facts/ticket-fact.ts";
import { idAtTracker, idNameAt, trackerNamed } from "../facts/tracker.ts";
import type { AccessPolicy, Member, Rule } from "./policy.ts";
import { type KnownTicket, ticketFor } from "./ticket-of-request.ts";

/** Whether an objection is raised, and which. */
type TicketCheck = readonly [
  boolean,
  "ticket-missing" | "ticket-unknown" | "ticket-not-asked" | TicketNo,
  () => string,
];

/** The part of terms that is about a ticket. */
export interface TicketPart {
  readonly reason: string | null;
  /** The ticket that is named. Absent or null where none is. */
  readonly ticket?: string | null | undefined;
  /** Absent where nobody asked the tracker: then a rule that asks objects. */
  readonly ticketIs?: KnownTicket | undefined;
}

/** Only *met* raises none: unknown lends nothing, unless the rule lets an approver decide. Pure. */
export function checksOfTicket(
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
  part: TicketPart,
): readonly TicketCheck[] {
  const { ticket: terms, name } = rule;
  const isNamed = part.ticket !== undefined && part.ticket !== null;
  if (!terms)
    return [
      [
        isNamed && part.ticketIs === "unasked",
        "ticket-not-asked",
        () => `${name} asks no tracker about a ticket. Name the ticket in the reason only.`,
      ],
    ];
  if (part.ticketIs === "met" || (part.reason === null && !isNamed)) return [];
  const found = ticketFor(policy, rule, part);
  if (!found || "none" in found)
    return [
      [true, "ticket-missing", () => `${name} ${LACKS[found?.none ?? "missing"]} ${terms.in}.`],
    ];
  return [...checksOfIds(policy, rule, member), ...checksOfFact(rule, found.ticket, part)];
}

const LACKS = {
  missing: "is for one ticket, and neither the ask nor its reason names one of",
  several: "is for one ticket. Name it apart from the reason, which has several of",
  other: "is for one ticket, and the one that is named is not one of",
} as const;

/** A person without an id there never has a ticket of theirs. */
function checksOfIds(
  policy: AccessPolicy,
  { name, ticket: terms }: Rule,
  { outside, name: person }: Member,
): readonly TicketCheck[] {
  const tracker = terms && trackerNamed(policy, terms.in);
  if (!tracker || !(terms.assignee || terms.reporter)) return [];
  return [
    [
      idAtTracker(tracker, outside) === undefined,
      "ticket-not-yours",
      () =>
        `${name} asks whose ticket it is, and access.yaml has no id at ${idNameAt(tracker)} of ${person}.`,
    ],
  ];
}

function checksOfFact(
  { name, ticket: terms, approval }: Rule,
  ticket: string,
  { ticketIs: known }: TicketPart,
): readonly TicketCheck[] {
  if (known === "unasked" || known === "met" || known?.is === "met") return [];
  if (known?.is === "not")
    return [[true, known.code, () => `${name} lends nothing: ${known.why}.`]];
  // An extension may need no approval, and then nobody is there who could decide.
  const isSomebodyAsked = terms?.ifUnknown === "ask" && approval.length > 0;
  const mayAsk = isSomebodyAsked && known?.isAsked === true;
  return [
    [
      !mayAsk,
      "ticket-unknown",
      () => `${name} asks about ${ticket}, which is ${unknownText(known)}.`,
    ],
  ];
}

const WHY: Readonly<Record<NotKnown, string>> = {
  unreachable: "its tracker does not answer",
  busy: "its tracker wants fewer calls",
  failing: "its tracker has errors",
  denied: "its tracker does not take our token",
  gone: "its tracker has no such place, or hides it",
  unclear: "its tracker's answer cannot be used",
  old: "nobody has read it since",
  "never-read": "it was not read yet",
};

/** Why a ticket is unknown, in words. */
export const whyUnknown = (why: NotKnown): string => WHY[why];

const unknownText = (
  known: { readonly why: NotKnown; readonly since: string | null } | undefined,
): string => {
  const since = known?.since ? ` since ${known.since.slice(11, 16)} UTC` : "";
  return `not known${since}: ${WHY[known?.why ?? "never-read"]}`;
};
