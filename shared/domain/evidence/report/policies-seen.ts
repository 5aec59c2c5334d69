/** The policies under which steps of a period were taken, as their events name them. */
import type { AuditEvent } from "../../requests/audit-event.ts";

export interface SeenPolicy {
  /** SHA-256 of the compiled policy, in hex. */
  readonly policyHash: string;
  /** When the first and the last event of the period under it happened. ISO 8601 UTC. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** How many events of the period name it. */
  readonly events: number;
}

export interface SeenPolicies {
  /** Events come in the order of their time. */
  add(event: Pick<AuditEvent, "policyHash" | "at">): void;
  /** In the order in which they were first seen. */
  all(): readonly SeenPolicy[];
}

/** @param from the beginning of the period: earlier events do not count */
export function policiesSeen(from: string): SeenPolicies {
  const seen = new Map<string, SeenPolicy>();
  return {
    add({ policyHash, at }) {
      if (at < from) return;
      const { firstSeen = at, events = 0 } = seen.get(policyHash) ?? {};
      seen.set(policyHash, { policyHash, firstSeen, lastSeen: at, events: events + 1 });
    },
    all: () => [...seen.values()].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)),
  };
}

const placeOf = ({ firstSeen, lastSeen, policyHash }: SeenPolicy) =>
  `${firstSeen} ${lastSeen} ${policyHash}`;
