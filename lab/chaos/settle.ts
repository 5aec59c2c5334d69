/** Waits until what a run did has had all its effects. */
import { setTimeout as pause } from "node:timers/promises";
import { ofOthers } from "./judge/attacked.ts";
import { BUS } from "./judge/bus.ts";
import { CALLS } from "./judge/calls.ts";
import { CHANGES } from "./judge/changes.ts";
import { GRANTS } from "./judge/grants.ts";
import { INTRUDER } from "./judge/intruder.ts";
import { NOTICES } from "./judge/notices.ts";
import { ofRemembered, ofShown } from "./judge/restored.ts";
import { RESTORED } from "./judge/restores.ts";
import type { Judgement, Seen } from "./judge/seen.ts";
import { SUMMARIES } from "./judge/summaries.ts";
import { firstLine } from "./stage/last-lines.ts";

/** Judgements that hold only after a while. */
const EVENTUAL: readonly Judgement[] = [
  ofOthers(ofRemembered(GRANTS)),
  ...[CALLS, SUMMARIES, BUS, NOTICES].map((one) => ofOthers(ofShown(one))),
  ...[CHANGES, INTRUDER, RESTORED],
];

const TIMES = {
  sayEveryMs: 15_000,
  /** How long after a look the next one begins. */
  lookEveryMs: 2_000,
  /**
   * A message of notify or correlate whose run was killed is visible again after 36 s. Another
   * run and a sweep may be needed then. Notify waits for 300 s at most after it failed often.
   */
  patienceMs: 320_000,
};

export interface SettleOptions {
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
  readonly times?: typeof TIMES;
}

/**
 * Looks until nothing is missing any more, or until it should no longer be. A busy sandbox refuses a call now and
 * then, so a look that fails is repeated.
 *
 * @returns what was seen last
 * @throws Error of a look that fails when all should be there
 */
export async function settle(
  look: () => Promise<Seen>,
  { progress, signal, times = TIMES }: SettleOptions,
): Promise<Seen> {
  const { sayEveryMs } = times;
  let saidAt = Date.now();
  const end = Date.now() + times.patienceMs;
  for (; ; await pause(times.lookEveryMs, undefined, { signal })) {
    const seen = await look().catch((error: unknown) => {
      if (Date.now() > end) throw error;
      if (Date.now() - saidAt >= sayEveryMs) {
        saidAt = Date.now();
        progress(`A look failed, and is repeated: ${firstLine(error)}`);
      }
      return undefined;
    });
    if (seen === undefined) continue;
    const judged = EVENTUAL.filter(({ applies }) => applies?.(seen) ?? true);
    const missing = judged.flatMap(({ judge }) => judge(seen)).filter(({ isFinal }) => !isFinal);
    const [first] = missing;
    if (first === undefined || Date.now() > end) return seen;
    if (Date.now() - saidAt < sayEveryMs) continue;
    saidAt = Date.now();
    progress(
      `${missing.length} things are still to come, such as: ${first.request} ${first.detail}`,
    );
  }
}
