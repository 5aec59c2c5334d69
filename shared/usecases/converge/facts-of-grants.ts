/** Grants of rules that ask other services: who is on call, and what a ticket says. */
import type { Begun, Refusal } from "../../domain/entries/ledger.ts";
import { ON_CALL_COUNTS_SECONDS } from "../../domain/facts/on-call.ts";
import { TICKET_COUNTS_SECONDS } from "../../domain/facts/ticket-fact.ts";
import { askedOf, factOf, knownOnCall, type Readings } from "../../domain/policy/known-on-call.ts";
import type { KnownOutside } from "../../domain/policy/objections.ts";
import { type AccessPolicy, memberOf } from "../../domain/policy/policy.ts";
import { ruleOfRequest } from "../../domain/policy/rule-of-request.ts";
import {
  knownTicket,
  type TicketReadings,
  ticketLeanOf,
} from "../../domain/policy/ticket-of-request.ts";
import { startOf } from "../../domain/requests/grant-time.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { secondsBetween } from "../../domain/values/instant.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import type { Snapshot } from "./snapshot.ts";

/** The readings of other services, as far as grants ask. Undefined where they cannot be read now: that is unknown. */
export interface FactReadings {
  readonly schedules: Readings | undefined;
  readonly tickets: TicketReadings | undefined;
}

/** The facts that a grant leans on when it begins. */
export type Lean = Pick<Begun, "onCall" | "ticket">;

/**
 * The judgements about a grant's requester and ticket. They are read now where it begins. One that has begun
 * leans on what the ledger keeps, since it stays when a shift ends.
 */
export function knownOf(
  { ledger, now }: Snapshot,
  grant: AccessRequest,
  hasBegun: boolean,
  { readings: { schedules, tickets } }: { readonly readings: FactReadings },
  { policy }: Pick<ConvergePorts, "policy">,
): KnownOutside {
  const kept = ledger.begun[grant.id]?.onCall;
  if (hasBegun)
    return {
      onCall: kept && new Map([[kept.onCall, { is: "yes", fact: kept } as const]]),
      ticketIs: "met",
    };
  const rule = ruleOfRequest(policy, grant);
  const member = memberOf(policy, grant.requester);
  if (!rule || !member) return {};
  return {
    onCall: schedules && knownOnCall(policy, member, askedOf([rule]), schedules, now),
    ticketIs: tickets && knownTicket(policy, rule, grant, tickets, now),
  };
}

/** The facts that a grant leans on when it begins; undefined where its rule asks for none. */
export function leanOf(
  policy: AccessPolicy,
  grant: AccessRequest,
  known: KnownOutside,
): Lean | undefined {
  const rule = ruleOfRequest(policy, grant);
  const onCall = rule && factOf(rule, known.onCall);
  const ticket = rule && ticketLeanOf(policy, rule, grant, known.ticketIs);
  if (!onCall && !ticket) return undefined;
  return { ...(onCall ? { onCall } : {}), ...(ticket ? { ticket } : {}) };
}

const WAITS: Readonly<Record<string, number>> = {
  "on-call-unknown": ON_CALL_COUNTS_SECONDS,
  "ticket-unknown": TICKET_COUNTS_SECONDS,
};

/** An answer may come again: a grant waits for one as long as an answer counts. */
export const isStillUnknown = ({ code }: Refusal, grant: AccessRequest, now: string): boolean =>
  secondsBetween(startOf(grant) ?? grant.createdAt, now) < (WAITS[code] ?? 0);
