import type { InvariantId } from "../invariants.ts";
import type { ScenarioName } from "../scenarios.ts";

/** A text of a source file, and what takes its place. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly from: string;
  readonly to: string;
}

interface Broken {
  /** What the broken broker does. */
  readonly name: string;
  readonly edits: readonly Edit[];
}

/** A protocol that is broken on purpose, in one way, and that some seed shows. */
export interface SeedMutant extends Broken {
  /** The first seed that catches it, and what it breaks there. */
  readonly seed: number;
  readonly breaks: InvariantId;
}

/** One that random runs show too seldom: a scenario does. */
export interface ScenarioMutant extends Broken {
  readonly scenario: ScenarioName;
  /** What it would break in a seed. */
  readonly breaks: InvariantId;
}

export type Mutant = SeedMutant | ScenarioMutant;
