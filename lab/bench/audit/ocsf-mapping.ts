import { ocsfMapper } from "../../../shared/domain/evidence/ocsf/ocsf.ts";
import { chainVerifier } from "../../../shared/domain/requests/audit-chain.ts";
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import { cpuMillis } from "./live-memory.ts";
import { histories } from "./long-history.ts";

export interface OcsfRun {
  /** Events that were mapped in a second of processor time. */
  readonly perSecond: number;
  /** The cost of mapping an event, divided by the cost of verifying it. */
  readonly toVerifying: number;
}

/** Maps the same events to OCSF that it verifies. @throws Error where an event is lost or unsound */
export function mapToOcsf(requests: number, each: number): OcsfRun {
  const events = [...histories(requests, each)];
  const mapper = ocsfMapper();
  const verifier = chainVerifier();
  let mapped = 0;
  const mapping = costOf(events, (event) => {
    mapped += mapper.map(event).length;
  });
  let faults = 0;
  const verifying = costOf(events, (event) => {
    if (verifier.add(event)) faults += 1;
  });
  // An event of each kind, and a call for each that records one.
  if (mapped <= events.length || faults > 0)
    throw new Error(`${events.length} events made ${mapped} of OCSF, and ${faults} were unsound.`);
  return { perSecond: events.length / (mapping / 1_000), toVerifying: mapping / verifying };
}

function costOf(events: readonly AuditEvent[], act: (event: AuditEvent) => void): number {
  const began = cpuMillis();
  for (const event of events) act(event);
  return cpuMillis() - began;
}
