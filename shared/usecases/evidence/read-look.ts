import type { TrailLook } from "../../domain/evidence/trail/trail-look.ts";
import { latest, plusSeconds } from "../../domain/values/instant.ts";
import type { WaitingCall } from "../../ports/evidence-store.ts";
import type { CorrelatePorts } from "../../ports/function-ports.ts";
import { CALLS_PER_SECOND, HISTORY_SECONDS, type TrailPage } from "../../ports/trail-lookup.ts";
import { type Correlated, correlateListed } from "./correlate.ts";
import type { LookRun } from "./correlate-run.ts";

/** How a look went. */
export interface LookResult {
  /** The calls that it has not confirmed. */
  readonly left: readonly WaitingCall[];
  /** Down to which instant it read; null once it has read all that there is. ISO 8601 UTC. */
  readonly readDownTo: string | null;
  /** The outcomes of the events that it read. */
  readonly correlated: readonly Correlated[];
  /** The error that ended it early; absent where it read all. */
  readonly error?: unknown;
}

/** Between two lookups, in milliseconds: what the limit allows, and a bit for the clocks. */
const PACE_MS = 1_000 / CALLS_PER_SECOND + 50;

/** A page takes no longer than this, in milliseconds: its lookup, and what is recorded of its events. */
const PAGE_MS = 8_000;

/** Whether the run has the time for another page. */
export const hasTime = ({ millisLeft }: LookRun): boolean => millisLeft() > PAGE_MS;

/**
 * Reads the events of a look page by page, and records each as if EventBridge had brought it. It ends
 * once every call is confirmed, when the run has no time left, or where something fails.
 */
export async function readLook(
  ports: CorrelatePorts,
  look: TrailLook<WaitingCall>,
  run: LookRun,
): Promise<LookResult> {
  const oldest = plusSeconds(ports.clock.now(), -HISTORY_SECONDS);
  // The event history has forgotten what is older. There is nothing to read.
  if (look.until < oldest) return { left: look.sought, readDownTo: null, correlated: [] };
  const events = { ...look, from: latest([look.from, oldest]) ?? oldest };
  let so: LookResult = { left: look.sought, readDownTo: look.until, correlated: [] };
  let page: string | undefined;
  try {
    do {
      if (!hasTime(run)) return so;
      await ports.pause.for(PACE_MS);
      const read = await ports.lookup.eventsOf(events, page);
      so = await withPage(ports, so, read, run);
      page = read.next;
    } while (page !== undefined && so.left.length > 0);
    return { ...so, readDownTo: null };
  } catch (error) {
    return { ...so, error };
  }
}

async function withPage(
  ports: CorrelatePorts,
  { left, readDownTo, correlated }: LookResult,
  { records, oldest }: TrailPage,
  run: LookRun,
): Promise<LookResult> {
  const results: Correlated[] = [];
  for (const record of records) results.push(await correlateListed(ports, record, run));
  const confirmed = new Set(
    results.flatMap((each) => (each.outcome === "confirmed" ? each.call.eksRequestId : [])),
  );
  return {
    left: left.filter(({ call }) => !confirmed.has(call.eksRequestId)),
    readDownTo: oldest ?? readDownTo,
    correlated: [...correlated, ...results],
  };
}
