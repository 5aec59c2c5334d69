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

/** The stopped people, as far as converge knows. */
export interface KnownStops {
  /** Their grants end. Undefined if the chain could not be read to its end. */
  readonly ending: Stopped | undefined;
  /** Nobody of them gets anything. Undefined also where the chain does not hold: then nothing is added. */
  readonly stopped: Stopped | undefined;
}

export const UNKNOWN_STOPS: KnownStops = { ending: undefined, stopped: undefined };

/**
 * Reads the chain after converge's own copy, consistently. Where it does not hold, whoever a later record
 * stops loses access all the same. Removals go on in any case.
 */
export async function readStops(
  { stops, stopCopy, policy, settings, clock }: ConvergePorts,
  { log }: Pick<ConvergeRun, "log">,
  loading: LoadingCopy,
): Promise<KnownStops> {
  try {
    const copy = await loading.copy;
    const records = await stops.since(copy.seq);
    if (records.length === 0) return { ending: copy, stopped: copy };
    const followed = followStops(policy, copy, records, clock.now(), settings);
    if (followed.refused.length > 0)
      log("a lifted suspension was not believed", { records: followed.refused });
    // A copy that cannot be kept loses nothing of what was read: the next run reads it again.
    if (followed.keep.seq > copy.seq)
      await stopCopy
        .keep(followed.keep)
        .catch((error) => log("copy of suspensions not kept", { error: String(error) }));
    if (followed.brokenAfter !== undefined) {
      log("suspensions not read", { error: brokenText(followed.brokenAfter) });
      return { ending: followed.stops, stopped: undefined };
    }
    // There may be later records. The next run goes on behind these.
    const known = records.length < MOST_STOPS ? followed.stops : undefined;
    return { ending: known, stopped: known };
  } catch (error) {
    log("suspensions not read", { error: String(error) });
    return UNKNOWN_STOPS;
  }
}

const brokenText = (seq: number): string =>
  `What follows record ${seq} of the suspensions does not continue it. Nothing more is added; look into who wrote it.`;
