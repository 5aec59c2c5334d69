/** Reads what trackers say of tickets, for whoever judges by it. A rule that asks no tracker costs no read. */

import type { KnownOutside } from "../../domain/policy/objections.ts";
import type { AccessPolicy, Member, Rule } from "../../domain/policy/policy.ts";
import { ruleOfRequest } from "../../domain/policy/rule-of-request.ts";
import {
  knownTicket,
  type TicketReadings,
  ticketKeyOf,
} from "../../domain/policy/ticket-of-request.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { FactReads } from "../../ports/fact-store.ts";
import type { OutsideQueue } from "../../ports/outside-queue.ts";
import { readForRule } from "./read-schedules.ts";

interface FactReader {
  readonly policy: AccessPolicy;
  readonly facts: FactReads;
}

/** One read asks for as many readings at most. */
const AT_ONCE = 100;

/** The readings of tickets by their keys. */
export async function readTickets(
  { facts }: Pick<FactReader, "facts">,
  keys: readonly string[],
): Promise<TicketReadings> {
  const wanted = [...new Set(keys)];
  const found = new Map<string, NonNullable<ReturnType<TicketReadings["get"]>>>();
  for (let at = 0; at < wanted.length; at += AT_ONCE)
    for (const [key, reading] of await facts.tickets(wanted.slice(at, at + AT_ONCE)))
      found.set(key, reading);
  return found;
}

/** The facts about a request that other services have, as far as its rule asks. */
export async function readForRequest(
  reader: FactReader,
  rule: Rule | undefined,
  member: Member | undefined,
  request: AccessRequest,
  at: string,
): Promise<KnownOutside> {
  const onCall = await readForRule(reader, rule, member, at);
  const key = ticketKeyOf(reader.policy, rule, request);
  if (key === undefined) return { onCall };
  const readings = await readTickets(reader, [key]);
  return { onCall, ticketIs: knownTicket(reader.policy, rule, request, readings, at) };
}

/** Has the ticket of a request looked at now. Sweep has it looked at within a minute all the same. */
export async function lookAtTicketOf(
  { policy, outside }: { readonly policy: AccessPolicy; readonly outside: OutsideQueue },
  request: AccessRequest,
): Promise<void> {
  const key = ticketKeyOf(policy, ruleOfRequest(policy, request), request);
  if (key !== undefined) await outside.lookAtTickets([key]).catch(() => undefined);
}
