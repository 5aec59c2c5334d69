/**
 * The audit chain of one request. Every event contains the hash of the one before it. Whoever holds
 * the file can detect edits, swaps and gaps. Events cut off at the end cannot be detected here.
 */
import { hashOf } from "../values/canonical-json.ts";
import type { AuditEvent, TypedDetails } from "./audit-event.ts";

/** The previous hash of a request's first event. */
export const CHAIN_START = "0".repeat(64);

type Unhashed = TypedDetails & Omit<AuditEvent, "hash" | keyof TypedDetails>;

/** Links an event to the one before it by adding its own `hash`. */
export function chained(event: Unhashed): AuditEvent {
  return { ...event, hash: hashOf(event) };
}

export interface ChainFault {
  readonly requestId: string;
  /** The first `seq` at which verification fails. */
  readonly seq: number;
  readonly fault: "edited" | "gap" | "unlinked" | "duplicate";
  readonly detail: string;
}

/** Checks the chains of any number of requests, with their events in any order. */
export function verifyChains(events: readonly AuditEvent[]): readonly ChainFault[] {
  return [...Map.groupBy(events, (event) => event.requestId)].flatMap(([requestId, own]) => {
    const fault = firstFault(own.toSorted((a, b) => a.seq - b.seq));
    return fault ? [{ requestId, ...fault }] : [];
  });
}

function firstFault(chain: readonly AuditEvent[]): Omit<ChainFault, "requestId"> | undefined {
  let previousHash = CHAIN_START;
  for (const [at, event] of chain.entries()) {
    const { seq } = event;
    const { hash, ...body } = event;
    if (seq <= at) return { seq, fault: "duplicate", detail: `Event ${seq} appears twice.` };
    if (seq > at + 1)
      return { seq: at + 1, fault: "gap", detail: `Event ${at + 1} is missing; ${seq} follows.` };
    if (hashOf(body) !== hash)
      return { seq, fault: "edited", detail: `Event ${seq} does not match its hash.` };
    if (event.previousHash !== previousHash)
      return { seq, fault: "unlinked", detail: `Event ${seq} does not follow the one before it.` };
    previousHash = hash;
  }
  return undefined;
}
