/** Settles requests by their tickets, ends what ends with one, and has tickets looked at again. */
import { bindingKey } from "../../domain/entries/binding.ts";
import { isFresh } from "../../domain/facts/ticket-fact.ts";
import { closedNow, endingTicket } from "../../domain/policy/closed-ticket.ts";
import { ruleOfRequest } from "../../domain/policy/rule-of-request.ts";
import { type TicketReadings, ticketKeyOf } from "../../domain/policy/ticket-of-request.ts";
import { WITH_TICKET } from "../../domain/requests/filing.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { floorTo, plusSeconds } from "../../domain/values/instant.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import type { Page, PageQuery } from "../../ports/request-store.ts";
import { settleTicket } from "../requests/settle-ticket.ts";
import { readTickets } from "./read-tickets.ts";
import { haveLookedAt, isLookDue, LASTING_PAUSES, WAITING_PAUSES } from "./ticket-looks.ts";

/** The work of one sweep of tickets, for the log. */
export interface TicketReport {
  /** Requests that were refused or approved. */
  readonly settled: number;
  /** Grants of closed tickets that were sent to converge. */
  readonly ended: number;
  /** Tickets that are to be looked at. */
  readonly looks: number;
  /** Tickets of which nothing is known that anybody may lean on. */
  readonly unknown: number;
  /** Requests that failed. The next sweep has them again. */
  readonly failed: number;
}

/** A request that waits for its ticket, or a grant that does, with the ticket's key. */
interface Watched {
  readonly request: AccessRequest;
  readonly key: string;
}

/**
 * One sweep. @param keys of tickets that were just read; absent for all, of which some are then looked at again
 * @returns undefined where no rule asks about tickets
 */
export async function sweepTickets(
  ports: FrontPorts,
  keys?: readonly string[],
): Promise<TicketReport | undefined> {
  if (!ports.policy.rules.some(({ ticket }) => ticket)) return undefined;
  const watched = (await watchedNow(ports)).filter(({ key }) => keys?.includes(key) ?? true);
  const readings = await readTickets(
    ports,
    watched.map(({ key }) => key),
  );
  const now = ports.clock.now();
  const waiting = watched.filter(({ request }) => request.state === "pending");
  const results = await Promise.allSettled(
    waiting.map(({ request }) => settleTicket(ports, request)),
  );
  const closed = watched.filter(({ request }) => {
    const ending = endingTicket(ports.policy, request);
    return ending !== undefined && closedNow(ending, readings, now) !== undefined;
  });
  const ending = await Promise.allSettled(closed.map(({ request }) => end(ports, request, now)));
  const due = keys
    ? []
    : [...new Set(watched.flatMap((each) => dueIn(ports, each, readings, now)))];
  await haveLookedAt(ports.outside, due);
  const failed = [...results, ...ending].filter(({ status }) => status === "rejected").length;
  return {
    settled: results.filter((each) => each.status === "fulfilled" && each.value).length,
    ended: closed.length,
    looks: due.length,
    unknown: new Set(watched.flatMap((each) => unknownIn(each, readings, now))).size,
    failed,
  };
}

/** Converge reads the ticket itself, and ends the grant. */
const end = (
  { queue, settings }: FrontPorts,
  { cluster, principalArn }: AccessRequest,
  now: string,
) =>
  queue.sendOnce(
    bindingKey(cluster.arn, principalArn),
    "ticket-closed",
    floorTo(now, settings.sweepPeriodSeconds / 2),
  );

/** The most pages of a list that one sweep reads. */
const MOST_PAGES = 20;

async function watchedNow(ports: FrontPorts): Promise<readonly Watched[]> {
  const { requests } = ports;
  const [pending, grants] = await Promise.all([
    allOf((page) => requests.awaiting([WITH_TICKET], page)),
    allOf((page) => requests.grants(page, (grant) => isWatched(ports, grant))),
  ]);
  return [...pending, ...grants].flatMap((request) => {
    const key = ticketKeyOf(ports.policy, ruleOfRequest(ports.policy, request), request);
    return key === undefined ? [] : [{ request, key }];
  });
}

const isWatched = ({ policy }: FrontPorts, grant: AccessRequest): boolean =>
  grant.ticket !== undefined &&
  (grant.state === "approved" ||
    (grant.state === "active" && ruleOfRequest(policy, grant)?.endsWithTicket === true));

async function allOf(
  read: (page: PageQuery) => Promise<Page<AccessRequest>>,
): Promise<readonly AccessRequest[]> {
  const items: AccessRequest[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await read({ limit: 100, ...(after === undefined ? {} : { after }) });
    items.push(...page.items);
    after = page.next;
    if (after === undefined) break;
  }
  return items;
}

/** The key of a ticket that nobody looked at for as long as its request may wait. */
function dueIn(
  { policy, settings }: FrontPorts,
  { request, key }: Watched,
  readings: TicketReadings,
  now: string,
): readonly string[] {
  const reading = readings.get(key);
  const ends = ruleOfRequest(policy, request)?.endsWithTicket === true;
  const pauses = request.state === "active" || ends ? LASTING_PAUSES : WAITING_PAUSES;
  const isEarlier = request.state === "pending" && (reading?.lookedAt ?? "") < request.createdAt;
  return isEarlier || isLookDue(reading, pauses, settings, now) ? [key] : [];
}

/** How long after a request its ticket may be unknown, before that is anybody's trouble. */
const FIRST_READ_SECONDS = 120;

/** The key of a ticket that nobody knows; of a grant that ends with it also one that is gone, or has moved. */
function unknownIn(
  { request, key }: Watched,
  readings: TicketReadings,
  now: string,
): readonly string[] {
  if (plusSeconds(request.createdAt, FIRST_READ_SECONDS) > now) return [];
  const answer = readings.get(key)?.answer;
  const isKnown = answer && isFresh(answer, now) && (request.state === "pending" || "is" in answer);
  return isKnown ? [] : [key];
}
