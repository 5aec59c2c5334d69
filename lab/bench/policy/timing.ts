import { performance } from "node:perf_hooks";

/**
 * How long each of several acts takes, in milliseconds. It is the fastest of many rounds in which
 * every act has its turn. On a busy machine a slower round says how long it waited, not what it
 * cost.
 *
 * @param batch how often an act is done in one turn
 */
export function timesOf(
  acts: readonly (() => unknown)[],
  rounds: number,
  batch = 1,
): readonly number[] {
  const times = acts.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [at, act] of acts.entries()) {
      const began = performance.now();
      for (let turn = 0; turn < batch; turn += 1) act();
      times[at]?.push((performance.now() - began) / batch);
    }
  return times.map((each) => Math.min(...each));
}
