import { afterFailure, CLOSED } from "../../domain/clusters/circuit.ts";
import type { Reading } from "../../domain/entries/actual-entry.ts";
import { gone } from "../../domain/entries/element-sight.ts";
import { explainsIn } from "../../domain/entries/entitlement.ts";
import { withoutFired } from "../../domain/entries/fuses.ts";
import { withAllTargets } from "../../domain/entries/knowledge.ts";
import { type Lag, visibleFrom } from "../../domain/entries/lag.ts";
import type { Ledger, Refusal } from "../../domain/entries/ledger.ts";
import { observe } from "../../domain/entries/observe.ts";
import type { Sighting } from "../../domain/entries/proof.ts";
import type { Need } from "./need.ts";
import { confirm } from "./obstacle.ts";
import { entitlementsIn, noteFindings, type Pass } from "./pass.ts";
import type { EntryRead } from "./read-entry.ts";

/** What a read of the entry showed. */
export interface Look {
  /**
   * Undefined if nothing was read. A removal then goes ahead without a read, and nothing is
   * concluded.
   */
  readonly seen: Sighting | undefined;
  /** Why no entry can exist, once two looks have shown it. */
  readonly obstacle: Refusal | undefined;
  readonly need: Need;
  readonly wakeAt: readonly string[];
}

/** Updates the ledger in memory with what was read. Nothing is stored here. */
export function lookAtEntry(pass: Pass, read: EntryRead): Look {
  switch (read.kind) {
    case "read": {
      const seen = applyRead(pass, read.reading);
      const need = countingReading(seen) ? "settled" : "retry";
      return { seen, obstacle: undefined, need, wakeAt: [] };
    }
    case "impossible":
      return lookAtObstacle(pass, read.verdict, read.begunAt);
    case "failed":
      return {
        ...NOTHING_SEEN,
        need: read.error.failure === "throttled" ? "yield" : "retry",
      };
  }
}

/** Applies what a read proves to the ledger, and records changes by others. */
export function applyRead(pass: Pass, reading: Reading): Sighting {
  const before = pass.held.current;
  const { ledger, sight, findings } = observe(
    before,
    reading,
    explainsIn(entitlementsIn(pass)),
    pass.ports.settings,
  );
  pass.held.know(withoutFired(ledger, before));
  noteFindings(pass, findings);
  return { sight, reading };
}

/** The read, if it counts. */
export const countingReading = (seen: Sighting | undefined): Reading | undefined =>
  seen && seen.sight !== "stale" && seen.sight !== "too-new" ? seen.reading : undefined;

const NOTHING_SEEN = { seen: undefined, obstacle: undefined, wakeAt: [] } as const;

/** One look may be wrong. The entry counts as gone with its cluster once a second look agrees. */
function lookAtObstacle(pass: Pass, verdict: Refusal, begunAt: string): Look {
  const { ledger, certain, againAt } = confirm(
    pass.held.current,
    verdict,
    begunAt,
    pass.ports.settings,
  );
  pass.held.know(certain ? withoutEntry(ledger, begunAt, pass.ports.settings) : ledger);
  if (!certain)
    return { ...NOTHING_SEEN, need: "settled", wakeAt: againAt === undefined ? [] : [againAt] };
  const seen: Sighting = { sight: "absent", reading: { entry: undefined, begunAt } };
  return { seen, obstacle: certain, need: "settled", wakeAt: [] };
}

/**
 * Where no entry can exist, nothing is on it. An open call may still land on a new cluster of the
 * same name. Until then the ledger keeps what calls may do.
 */
function withoutEntry(ledger: Ledger, begunAt: string, lag: Lag): Ledger {
  const entry = { ...ledger.entry, arn: null, bornAt: null, owned: false };
  const visible = visibleFrom(begunAt, lag);
  return withAllTargets({ ...ledger, entry }, (element) => gone(element, begunAt, visible));
}

/** Counts failed reads for the cluster's circuit, and closes it at the first answer. */
export async function keepCircuit(
  { ports, clusterArn, circuit, now }: Pass,
  read: EntryRead,
): Promise<void> {
  const failure = read.kind === "failed" ? read.error.failure : undefined;
  if (failure === "busy" || failure === "unknown")
    await ports.circuits.save(clusterArn, afterFailure(circuit, now));
  else if (circuit.failures > 0 && read.kind !== "failed")
    await ports.circuits.save(clusterArn, CLOSED);
}
