/**
 * A grant as its audit events have it. Functions that face people can write its record, so no evidence is made of only
 * that. They can add events in any form. The terms are those under which it was approved, so no later event changes
 * them.
 */
import { hashOf } from "../values/canonical-json.ts";
import { chainVerifier } from "./audit-chain.ts";
import { type AuditEvent, isAuditEvent } from "./audit-event.ts";
import { digestOf } from "./digest.ts";
import { changedTerms } from "./lifecycle.ts";
import type { AccessRequest, State } from "./request.ts";

const MEMBERS = [
  "id",
  "cluster",
  "principalArn",
  "access",
  "createdAt",
  "startsAt",
  "approvedAt",
  "effectiveAt",
  "endedAt",
] as const;

/** The members of a grant that its history bears out. */
export type GrantOnRecord = Pick<AccessRequest, (typeof MEMBERS)[number]>;

/** The members in which a record differs from its history: all of them where there is no record. */
export const differingMembers = (
  grant: GrantOnRecord,
  record: AccessRequest | undefined,
): readonly string[] =>
  MEMBERS.filter((member) => !record || hashOf([grant[member]]) !== hashOf([record[member]]));

/**
 * @param events the request's events, oldest first, in whatever form
 * @returns undefined where they do not begin with the terms that were asked for
 */
export function grantOnRecord(
  id: string,
  events: readonly AuditEvent[],
): GrantOnRecord | undefined {
  const held = heldEvents(id, events);
  const [first] = held;
  const enteredAt = (...states: readonly State[]) =>
    held.find(({ to }) => states.includes(to))?.at ?? null;
  try {
    const terms = first && approvedTerms(first, held);
    if (!first || !terms) return undefined;
    const { cluster, principalArn, access, startsAt } = terms;
    return {
      id,
      cluster,
      principalArn,
      access,
      createdAt: first.at,
      startsAt,
      approvedAt: enteredAt("approved"),
      effectiveAt: enteredAt("active"),
      endedAt: enteredAt("ended", "failed"),
    };
  } catch {
    return undefined;
  }
}

/** The events from the first one on, up to the first that does not follow. @param events oldest first, in whatever form */
export function heldEvents(id: string, events: readonly AuditEvent[]): readonly AuditEvent[] {
  const verifier = chainVerifier();
  const follows = (event: AuditEvent, at: number): boolean => {
    try {
      const isNext = isAuditEvent(event) && event.requestId === id && event.seq === at + 1;
      return isNext && verifier.add(event) === undefined;
    } catch {
      return false;
    }
  };
  const broken = events.findIndex((event, at) => !follows(event, at));
  return broken < 0 ? events : events.slice(0, broken);
}

/** The terms that were asked for, after each change of them until the grant was approved. */
function approvedTerms(
  first: AuditEvent,
  held: readonly AuditEvent[],
): Pick<AccessRequest, "cluster" | "principalArn" | "access" | "startsAt"> | undefined {
  if (first.type !== "request") return undefined;
  const { proof: _, ...asked } = first.details;
  const approval = held.findIndex(({ to }) => to === "approved");
  const deciding = held.slice(1, approval < 0 ? held.length : approval + 1);
  // A change of terms reads no other members. It also files the request, which is of no interest here.
  const made = { digest: digestOf(asked), breakGlass: false, requirements: [] };
  let terms = { ...asked, ...made } as unknown as AccessRequest;
  for (const event of deciding) terms = { ...terms, ...changedTerms(terms, event) };
  return terms;
}
