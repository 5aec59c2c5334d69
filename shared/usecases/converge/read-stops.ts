/** Suspensions and drains, as converge judges them. */
import { followStops } from "../../domain/stops/follow-stops.ts";
import type { Stopped, Stops } from "../../domain/stops/stops.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { MOST_STOPS } from "../../ports/stop-store.ts";
import type { ConvergeRun } from "./converge-run.ts";

/** Converge's own copy of the chain, while it is loaded. */
export interface LoadingCopy {
  readonly copy: Promise<Stops>;
}

/** Begins to load converge's copy. Nobody need wait for it. */
export function loadCopy({ stopCopy }: Pick<ConvergePorts, "stopCopy">): LoadingCopy {
  const copy = stopCopy.load();
  copy.catch(() => undefined);
  return { copy };
}

/**
 * Reads the chain after converge's own copy, consistently. Undefined if it cannot be read to its end or does not
 * hold: then nothing is added, and removals go on.
 */
export async function readStops(
  { stops, stopCopy, policy, settings, clock }: ConvergePorts,
  { log }: Pick<ConvergeRun, "log">,
  loading: LoadingCopy,
): Promise<Stopped | undefined> {
  try {
    const copy = await loading.copy;
    const records = await stops.since(copy.seq);
    if (records.length === 0) return copy;
    const skew = settings.policySkewSeconds;
    const followed = followStops(policy, copy, records, clock.now(), skew);
    if (followed.refused.length > 0)
      log("a lifted suspension was not believed", { records: followed.refused });
    if (followed.keep.seq > copy.seq) await stopCopy.keep(followed.keep);
    // There may be later records. The next run goes on behind these.
    return records.length < MOST_STOPS ? followed.stops : undefined;
  } catch (error) {
    log("suspensions not read", { error: String(error) });
    return undefined;
  }
}
