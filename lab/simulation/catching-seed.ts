/** The seed that catches a mutant: the recorded one, or else the first other one. */
import { loadMutant } from "./load-mutant.ts";
import type { ForgedMutant, Mutant, SeedMutant } from "./mutants/mutant.ts";

/** A mutant that a seed catches. */
export type SeededMutant = SeedMutant | ForgedMutant;

export const isSeeded = (mutant: Mutant): mutant is SeededMutant => !("scenario" in mutant);

/** A change in the order of calls changes every seed, so the recorded seed may no longer catch a mutant. */
const MORE_SEEDS = 800;

/** The seed that stands in the mutant's file. */
export const recordedSeed = (mutant: SeededMutant): number =>
  "seed" in mutant ? mutant.seed : mutant.forgedSeed;

/** The seed in which a mutant breaks its invariant; undefined where no tried one does. */
export async function catchingSeed(mutant: SeededMutant): Promise<number | undefined> {
  const broken = await loadMutant(mutant);
  const play = "seed" in mutant ? broken.simulate : broken.forgedLife;
  const isCaught = async (seed: number) =>
    (await play(seed)).violations.some(({ invariant }) => invariant === mutant.breaks);
  const recorded = recordedSeed(mutant);
  if (await isCaught(recorded)) return recorded;
  for (let seed = 1; seed <= MORE_SEEDS; seed += 1) if (await isCaught(seed)) return seed;
  return undefined;
}
