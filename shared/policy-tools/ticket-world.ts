/** The ticket of a question to a policy, as its tracker has it: a test says it, and no tracker. Pure. */
import { type TicketIs, ticketNow } from "../domain/facts/ticket-fact.ts";
import type { TicketAnswer } from "../domain/facts/ticket-reading.ts";
import { idAtTracker, type Tracker, ticketKey, trackerNamed } from "../domain/facts/tracker.ts";
import { type AccessPolicy, type Member, memberOf, type Rule } from "../domain/policy/policy.ts";
import { ticketFor } from "../domain/policy/ticket-of-request.ts";
import { plusSeconds } from "../domain/values/instant.ts";
import type { TicketWorld } from "../policy-file/policy-tests/ticket-file.ts";

/** The ticket that an ask names, or could name. */
interface TicketAsked {
  readonly ticket?: string | null | undefined;
  readonly reason: string | null;
}

/**
 * The part of terms that is about a ticket, under one rule: with the judgement where the world has a ticket.
 * Without a reason and a ticket, one of the tracker is assumed, as a reason is.
 *
 * @param world undefined where the question says nothing of a ticket: a tracker would be asked
 */
export function ticketPart(
  policy: AccessPolicy,
  rule: Pick<Rule, "ticket">,
  member: Member,
  ask: TicketAsked,
  { at, ticket: world }: { readonly at: string; readonly ticket?: TicketWorld | undefined },
): { readonly ticket: string | null; readonly ticketIs: "unasked" | TicketIs } {
  const named = ask.ticket ?? null;
  const { ticket: terms } = rule;
  const tracker = terms && trackerNamed(policy, terms.in);
  if (!terms || !tracker || world === undefined) return { ticket: named, ticketIs: "unasked" };
  const assumed = named === null && ask.reason === null ? sampleOf(tracker) : named;
  const found = ticketFor(policy, rule, { ticket: assumed, reason: ask.reason });
  if (!found || "none" in found) return { ticket: assumed, ticketIs: "unasked" };
  const { ticket } = found;
  if (world === "unknown")
    return {
      ticket: assumed,
      ticketIs: { is: "unknown", why: "unreachable", since: null, isAsked: true },
    };
  const key = ticketKey(tracker, ticket);
  const answer = answerOf(policy, tracker, ticket, world, at);
  const asked = { tracker, terms, ticket, ids: member.outside, createdAt: at };
  const reading = { ticket: key, lookedAt: at, answer };
  return { ticket: assumed, ticketIs: ticketNow(asked, reading, at) };
}

const DAY_SECONDS = 86_400;

function answerOf(
  policy: AccessPolicy,
  tracker: Tracker,
  key: string,
  world: Exclude<TicketWorld, "unknown">,
  at: string,
): TicketAnswer {
  if (world === "missing") return { readAt: at, missing: "not-found" };
  const { status, assignee, reporter } = world;
  const idOf = (name: string) => idAtTracker(tracker, memberOf(policy, name)?.outside);
  const assigned = assignee === undefined ? undefined : idOf(assignee);
  return {
    readAt: at,
    is: {
      key,
      status: status === "closed" ? "done" : status,
      title: "",
      assignees: assigned === undefined ? [] : [assigned],
      // People without an id in the file are somebody else there.
      ...(reporter === undefined ? {} : { reporter: idOf(reporter) ?? "without an id" }),
      createdAt: plusSeconds(at, -DAY_SECONDS),
    },
  };
}

/** A ticket as the tracker writes them. */
function sampleOf(tracker: Tracker): string {
  if (tracker.service === "jira") return `${tracker.projects[0]}-1`;
  return tracker.service === "github" ? "#1" : "INC0000001";
}
