/**
 * The audit chain of one request: every event carries the hash of the one before it, so that an
 * edit, a swap or a gap shows to anyone who holds the file. A tail that was cut off does not show
 * here.
 */
import { hashOf } from "../values/canonical-json.ts";
import type { AuditEvent } from "./request.ts";

/** What the first event of every request follows. */
export const CHAIN_START = "0".repeat(64);

/** Gives an event its place: `previousHash` and `hash`. */
export function chained(event: Omit<AuditEvent, "hash">): AuditEvent {
  return { ...event, hash: hashOf(event) };
}

export interface ChainFault {
  readonly requestId: string;
  /** The first `seq` at which the chain does not hold. */
  readonly seq: number;
  readonly fault: "edited" | "gap" | "unlinked" | "duplicate";
  readonly detail: string;
}

/** Checks the chains of any number of requests. Events may come in any order. */
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
    if (seq <= at) return { seq, fault: "duplicate", detail: `Event ${seq} is there twice.` };
    if (seq > at + 1)
      return { seq: at + 1, fault: "gap", detail: `Event ${at + 1} is missing; ${seq} follows.` };
    if (hashOf(body) !== hash)
      return { seq, fault: "edited", detail: `Event ${seq} is not what its hash was made of.` };
    if (event.previousHash !== previousHash)
      return { seq, fault: "unlinked", detail: `Event ${seq} does not follow the one before it.` };
    previousHash = hash;
  }
  return undefined;
}
