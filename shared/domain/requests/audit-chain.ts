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
  readonly fault: "edited" | "gap" | "unlinked" | "duplicate" | "order" | "time";
  readonly detail: string;
}

/** What is kept of an event, in place of the event. */
type Link = Pick<AuditEvent, "seq" | "type" | "from" | "to" | "at" | "previousHash" | "hash">;

type Finding = Pick<ChainFault, "fault" | "detail">;

/** Says what is wrong with an event after `before`, which is undefined for the first of a request. */
export type ChainRule = (before: Link | undefined, event: Link) => Finding | undefined;

/** Verifies the chains of any number of requests, one event after the other. */
export interface ChainVerifier {
  /** How many requests had an event so far. */
  readonly requests: number;
  /** @returns the request's first fault, if this event shows it */
  add(event: AuditEvent): ChainFault | undefined;
  /** After the last event: the requests of which an event is missing. */
  end(): readonly ChainFault[];
}

/** One request so far. */
interface Chain {
  last: Link | undefined;
  /** Events that came before their predecessor, by `seq`. */
  readonly early: Map<number, Link>;
  broken: boolean;
}

/**
 * A verifier that keeps one link for each request, and those events that came too early. Events of a
 * request may come in any order, and requests may be mixed.
 */
export function chainVerifier(rule: ChainRule = () => undefined): ChainVerifier {
  const chains = new Map<string, Chain>();
  return {
    get requests() {
      return chains.size;
    },
    add(event) {
      const { requestId } = event;
      const chain = chains.get(requestId) ?? { last: undefined, early: new Map(), broken: false };
      chains.set(requestId, chain);
      if (chain.broken) return undefined;
      const found = faultOnArrival(chain, event) ?? advance(chain, rule);
      if (found === undefined) return undefined;
      chain.broken = true;
      chain.early.clear();
      return { requestId, ...found };
    },
    end: () =>
      [...chains].flatMap(([requestId, chain]) => {
        const gap = gapOf(chain);
        return gap ? [{ requestId, ...gap }] : [];
      }),
  };
}

/** Checks the chains of any number of requests, with their events in any order. */
export function verifyChains(events: readonly AuditEvent[]): readonly ChainFault[] {
  const verifier = chainVerifier();
  const faults = events.flatMap((event) => verifier.add(event) ?? []);
  return [...faults, ...verifier.end()];
}

type LocalFault = Omit<ChainFault, "requestId">;

/** Keeps an event that may follow later; its own content is checked at once. */
function faultOnArrival(chain: Chain, event: AuditEvent): LocalFault | undefined {
  const { hash, ...body } = event;
  const { seq, type, from, to, at, previousHash } = event;
  if (seq <= (chain.last?.seq ?? 0) || chain.early.has(seq))
    return { seq, fault: "duplicate", detail: `Event ${seq} appears twice.` };
  if (hashOf(body) !== hash)
    return { seq, fault: "edited", detail: `Event ${seq} does not match its hash.` };
  chain.early.set(seq, { seq, type, from, to, at, previousHash, hash });
  return undefined;
}

/** Follows the chain as far as its events are there. */
function advance(chain: Chain, rule: ChainRule): LocalFault | undefined {
  for (;;) {
    const before = chain.last;
    const seq = (before?.seq ?? 0) + 1;
    const event = chain.early.get(seq);
    if (!event) return undefined;
    if (event.previousHash !== (before?.hash ?? CHAIN_START))
      return { seq, fault: "unlinked", detail: `Event ${seq} does not follow the one before it.` };
    const broken = rule(before, event);
    if (broken) return { seq, ...broken };
    chain.early.delete(seq);
    chain.last = event;
  }
}

function gapOf({ last, early }: Chain): LocalFault | undefined {
  if (early.size === 0) return undefined;
  const seq = (last?.seq ?? 0) + 1;
  const next = [...early.keys()].reduce((least, one) => Math.min(least, one));
  return { seq, fault: "gap", detail: `Event ${seq} is missing; ${next} follows.` };
}
