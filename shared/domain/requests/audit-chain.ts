/**
 * The audit chain of one request. Every event contains the hash of the one before it.
 * `values/hash-chain.ts` says what such a chain shows.
 */
import {
  type ChainKind,
  hashChainVerifier,
  linked,
  type RecordFault,
} from "../values/hash-chain.ts";
import type { AuditEvent, TypedDetails } from "./audit-event.ts";

type Unhashed = TypedDetails & Omit<AuditEvent, "hash" | keyof TypedDetails>;

/** Links an event to the one before it by adding its own `hash`. */
export const chained = (event: Unhashed): AuditEvent => linked(event);

/** A request whose chain does not hold. */
export type ChainFault = RecordFault & { readonly requestId: string };

/** The part of an event that the chain keeps. */
type Link = Pick<AuditEvent, "seq" | "type" | "from" | "to" | "at" | "previousHash" | "hash">;

/** Says what is wrong with an event after `before`, which is undefined for the first of a request. */
export type ChainRule = ChainKind<AuditEvent, Link>["rule"];

/** Verifies the chains of any number of requests, one event after the other. */
export interface ChainVerifier {
  /** How many requests had an event so far. */
  readonly requests: number;
  /** @returns the request's first fault, if this event shows it */
  add(event: AuditEvent): ChainFault | undefined;
  /** After the last event: the requests of which an event is missing. */
  end(): readonly ChainFault[];
}

/**
 * A verifier that keeps one link for each request, and those events that came too early. Events of a
 * request may come in any order, and requests may be mixed.
 */
export function chainVerifier(rule: ChainRule = () => undefined): ChainVerifier {
  const verifier = hashChainVerifier<AuditEvent, Link>({
    noun: "Event",
    chainOf: ({ requestId }) => requestId,
    keep: ({ seq, type, from, to, at, previousHash, hash }) => ({
      seq,
      type,
      from,
      to,
      at,
      previousHash,
      hash,
    }),
    rule,
  });
  const named = ({ chain: requestId, ...fault }: RecordFault & { readonly chain: string }) => ({
    requestId,
    ...fault,
  });
  return {
    get requests() {
      return verifier.chains;
    },
    add(event) {
      const fault = verifier.add(event);
      return fault && named(fault);
    },
    end: () => verifier.end().map(named),
  };
}

/** Checks the chains of any number of requests, with their events in any order. */
export function verifyChains(events: readonly AuditEvent[]): readonly ChainFault[] {
  const verifier = chainVerifier();
  const faults = events.flatMap((event) => verifier.add(event) ?? []);
  return [...faults, ...verifier.end()];
}
