/** Access that was lent by facts from outside, against what was true at the services. */
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import type { ActionOf } from "../plan/action.ts";
import { ON_CALL_RULE, TICKET_RULE } from "../stage/chaos-policy.ts";
import { PEOPLE_ON_CALL } from "../stage/outside-people.ts";
import { isAttacked } from "./attacked.ts";
import { disturbancesOf } from "./disturbances.ts";
import { PROMPT_MS } from "./lent-time.ts";
import { forgottenIds } from "./restored.ts";
import type { Judgement, Seen, SeenRequest, Violation } from "./seen.ts";

/** Clocks differ by a second each, and a service answers for an instant between a call and its answer. */
const EDGE_MS = 2_500;
/** How long answers count: `on-call.ts` and `ticket-fact.ts`. */
const COUNT_MS = { onCall: 300_000, ticket: 900_000 } as const;
/** The time until a ticket is looked at with which access ends: fifteen pauses of a second, a sweep, and a call of five. */
const LOOKED_MS = 24_000;

/** The state of something at a service, from when until when. Milliseconds since 1970. */
interface Truth {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

const deedsOf = <Kind extends "shift" | "ticket" | "outside-fault">(seen: Seen, kind: Kind) =>
  seen.deeds.flatMap((deed) =>
    deed.action.kind === kind
      ? [{ ...deed, action: deed.action as unknown as ActionOf<Kind> }]
      : [],
  );

/** Everybody's turns. The schedule's first is carol's. */
function turns(seen: Seen): readonly Truth[] {
  const set = deedsOf(seen, "shift").map(({ action, from, to }) => ({
    what: PEOPLE_ON_CALL[action.person] as string,
    from,
    to: to + action.seconds * 1_000,
  }));
  const first = { what: PEOPLE_ON_CALL.carol, from: 0, to: Number.POSITIVE_INFINITY };
  return followed([first, ...set]);
}

/** The states of one ticket. */
const statesOf = (seen: Seen, ticket: string): readonly Truth[] =>
  followed(
    deedsOf(seen, "ticket")
      .filter(({ action }) => action.ticket === ticket)
      .map(({ action, from }) => ({ what: action.status, from, to: Number.POSITIVE_INFINITY })),
  );

/** Each lasts until the next at most. */
const followed = (all: readonly Truth[]): readonly Truth[] =>
  all.map((one, index) => ({ ...one, to: Math.min(one.to, all[index + 1]?.from ?? one.to) }));

const mayBe = (truths: readonly Truth[], what: readonly string[], at: number): boolean =>
  truths.some((one) => what.includes(one.what) && one.from - EDGE_MS < at && at < one.to + EDGE_MS);

const LEANS: ReadonlySet<string> = new Set(["approve", "activate"]);
/** Jira's categories that are open, by our words. */
const CATEGORY: Readonly<Record<string, readonly string[]>> = {
  open: ["new"],
  "in-progress": ["indeterminate"],
};

/** That somebody was on call, as an event has it. */
interface OnCallFact {
  readonly onCall: string;
  /** PagerDuty's id of them. */
  readonly person: string;
  readonly readAt: string;
  readonly until: string;
}

/** A ticket, as an event has it. */
interface TicketFact {
  /** The tracker's place, and behind it the ticket's key. */
  readonly ticket: string;
  readonly status: string;
  readonly readAt: string;
}

interface Leans {
  readonly onCall?: OnCallFact;
  readonly ticket?: TicketFact;
}

/** The facts of a step. An approver's may be that the ticket is unknown. */
const leansOf = (event: AuditEvent | undefined): Leans => (event?.details ?? {}) as Leans;

const nameOf = (ticket: string) => ticket.split("/").at(-1) ?? "";

/** Why a step's fact does not hold it up; undefined for one that does. */
function badLean(seen: Seen, { request }: SeenRequest, event: AuditEvent): string | undefined {
  const { onCall, ticket } = leansOf(event);
  const lean = request.rule === ON_CALL_RULE ? onCall : ticket;
  if (typeof lean !== "object") return `Its ${event.type} leaned on no fact.`;
  const [at, readAt] = [Date.parse(event.at), Date.parse(lean.readAt)];
  const counts = COUNT_MS["onCall" in lean ? "onCall" : "ticket"];
  if (at - readAt > counts + EDGE_MS)
    return `Its ${event.type} leaned on a fact of ${lean.readAt}.`;
  if ("onCall" in lean) {
    if (!mayBe(turns(seen), [lean.person], readAt))
      return `Its ${event.type} leaned on ${lean.person} being on call, who was not at ${lean.readAt}.`;
    return undefined;
  }
  if (mayBe(statesOf(seen, nameOf(lean.ticket)), CATEGORY[lean.status] ?? [], readAt))
    return undefined;
  return `Its ${event.type} leaned on ${lean.ticket} being ${lean.status}, which it was not at ${lean.readAt}.`;
}

const finding = ({ request }: SeenRequest, at: number, detail: string): Violation => ({
  ...{ at, request: request.id, detail },
  isFinal: true,
});

/** Steps that leaned on what was not so. */
const falseSteps = (seen: Seen, one: SeenRequest): readonly Violation[] =>
  one.events
    .filter(({ type }) => LEANS.has(type))
    .flatMap((event) => {
      const detail = badLean(seen, one, event);
      return detail === undefined ? [] : [finding(one, Date.parse(event.at), detail)];
    });

/** The latest time at which the broker must have heard of it, whatever held it up. */
function heardBy(seen: Seen, from: number): number {
  const troubles = [
    ...disturbancesOf(seen).map((each) => ({
      from: each.from,
      to: each.to + each.holdsUpSeconds * 1_000,
    })),
    ...deedsOf(seen, "outside-fault").map((each) => ({
      from: each.from,
      to: each.to + each.action.seconds * 1_000,
    })),
  ].toSorted((a, b) => a.from - b.from);
  return troubles.reduce(
    (by, trouble) =>
      trouble.from < by && trouble.to > from
        ? Math.max(by, trouble.to + LOOKED_MS + PROMPT_MS)
        : by,
    from + LOOKED_MS + PROMPT_MS,
  );
}

const OVER: ReadonlySet<string> = new Set(["ending", "ended", "failed", "cancelled"]);

/** A grant that its closed ticket did not end. */
function outlivedTicket(seen: Seen, one: SeenRequest): readonly Violation[] {
  const active = one.events.find(({ type }) => type === "activate");
  const name = nameOf(leansOf(active).ticket?.ticket ?? "");
  const closed = statesOf(seen, name).find(
    ({ what, from }) => what === "done" && from > Date.parse(active?.at ?? ""),
  );
  if (!active || !closed) return [];
  const by = heardBy(seen, closed.from);
  const over = one.events.find(({ to, seq }) => seq > active.seq && OVER.has(to));
  const at = over ? Date.parse(over.at) : seen.settledAt;
  if (at <= by) return [];
  return [
    finding(
      one,
      by,
      `Its ticket was closed, and it lasted ${Math.round((at - by) / 1_000)} s too long.`,
    ),
  ];
}

/** A grant that lasts longer than the shift that it leaned on. */
const outlivedShift = (one: SeenRequest): readonly Violation[] =>
  one.events.flatMap((event) => {
    const { type, at } = event;
    const until = leansOf(event).onCall?.until;
    const { expiresAt } = one.request;
    if (type !== "approve" || until === undefined || (expiresAt ?? "") <= until) return [];
    return [
      finding(one, Date.parse(at), `It lasts until ${expiresAt}, and its shift until ${until}.`),
    ];
  });

/** Whether a fact stands in an approver's place. */
const isByFact = ({ request: { rule } }: SeenRequest): boolean =>
  rule === ON_CALL_RULE || rule === TICKET_RULE;

/** The requests that are judged. */
export function requestsByFacts(seen: Seen): readonly SeenRequest[] {
  const forgotten = forgottenIds(seen);
  return seen.requests.filter(
    (one) => isByFact(one) && !isAttacked(seen, one) && !forgotten.has(one.request.id),
  );
}

export const FACTS: Judgement = {
  sentence:
    "What needs a fact is lent by one that was true when it was read, and ends with its ticket or shift.",
  judge: (seen) =>
    requestsByFacts(seen).flatMap((one) => [
      ...falseSteps(seen, one),
      ...outlivedTicket(seen, one),
      ...outlivedShift(one),
    ]),
};
