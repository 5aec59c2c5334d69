/** Suspensions and drains, as converge judges them. */
import { asFollowed, followStops, unlessCut } from "../../domain/stops/follow-stops.ts";
import { isLater, type StopCopy, type Stopped } from "../../domain/stops/stops.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { MOST_STOPS } from "../../ports/stop-store.ts";
import type { ConvergeRun } from "./converge-run.ts";

/** Converge's own copy of the chain, while it is loaded. */
export interface LoadingCopy {
  readonly copy: Promise<StopCopy>;
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
 * How many times `MOST_STOPS` records are read in a pass. More than people make in years: others may have added them, and
 * a removal waits for this.
 */
const MOST_READS = 10;

/**
 * Reads the chain after converge's own copy, consistently. Where it does not hold, whoever a later record
 * stops loses access all the same. Removals go on in any case.
 */
export async function readStops(
  ports: StopPorts,
  run: Pick<ConvergeRun, "log">,
  loading: LoadingCopy,
): Promise<KnownStops> {
  const { log } = run;
  try {
    let copy = await loading.copy;
    for (let left = TRIES; ; left -= 1) {
      const { known, keep } = await follow(ports, run, copy);
      if (!isLater(keep, copy) || (await isKept(ports, run, keep, copy))) return known;
      if (left === 1) {
        log("copy of suspensions not kept", { error: "Other runs kept other copies each time." });
        return { ending: known.ending, stopped: undefined };
      }
      // Another run followed the chain further, or what it was before others wrote over it.
      copy = await ports.stopCopy.load();
    }
  } catch (error) {
    log("suspensions not read", { error: String(error) });
    return UNKNOWN_STOPS;
  }
}

/** How often a run starts over from the copy that another one has kept. People seldom stop others. */
const TRIES = 4;

/** A copy that cannot be stored loses nothing of what was read: the next run reads it again. */
const isKept = (
  { stopCopy }: StopPorts,
  { log }: Pick<ConvergeRun, "log">,
  keep: StopCopy,
  before: StopCopy,
): Promise<boolean> =>
  stopCopy.keep(keep, before).catch((error) => {
    log("copy of suspensions not kept", { error: String(error) });
    return true;
  });

type StopPorts = Pick<ConvergePorts, "stops" | "stopCopy" | "policy" | "settings" | "clock">;

/**
 * Follows the chain to its end. The copy goes with it as far as it may: a record that is to be judged again keeps back
 * the copy, and not this run.
 */
async function follow(
  { stops, policy, settings, clock }: StopPorts,
  { log }: Pick<ConvergeRun, "log">,
  copy: StopCopy,
): Promise<{ readonly known: KnownStops; readonly keep: StopCopy }> {
  let from = asFollowed(copy);
  for (let reads = 1; ; reads += 1) {
    const records = await stops.since(from.stops.seq);
    const isEnd = records.length < MOST_STOPS;
    const read = followStops(policy, copy, records, clock.now(), settings, from);
    const isCut = isEnd && read.brokenAfter === undefined;
    const followed = isCut ? unlessCut(copy, read) : read;
    const { keep } = followed;
    if (followed.refused.length > 0)
      log("a lifted suspension was not believed", { records: followed.refused });
    if (followed.brokenAfter !== undefined) {
      log("suspensions not read", { error: brokenText(followed.brokenAfter) });
      return { known: { ending: followed.stops, stopped: undefined }, keep };
    }
    if (isEnd) return { known: { ending: followed.stops, stopped: followed.stops }, keep };
    // There may be later records. The next run goes on behind these, as far as they are not judged again.
    if (reads === MOST_READS) return { known: UNKNOWN_STOPS, keep };
    from = followed;
  }
}

const brokenText = (seq: number): string =>
  `What follows record ${seq} of the suspensions does not continue it, or is not what was followed before. Nothing more is added; look into who wrote it.`;
