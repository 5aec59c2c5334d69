import type { InvariantId } from "../oracle/invariants.ts";
import type { ScenarioName } from "../scenarios/scenarios.ts";

/** A text of a source file, and what replaces it. */
interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly from: string;
  readonly to: string;
}

interface Broken {
  /** The broken broker's behaviour: it completes "a broker that …". */
  readonly name: string;
  readonly edits: readonly Edit[];
}

/** A protocol that is broken on purpose, in one way, and that some seed catches. */
export interface SeedMutant extends Broken {
  /** The first seed that catches it, and which invariant it breaks there. */
  readonly seed: number;
  readonly breaks: InvariantId;
}

/** A mutant that seeds catch too seldom, or never: a scenario catches it. */
export interface ScenarioMutant extends Broken {
  readonly scenario: ScenarioName;
  /** The invariant that it breaks in a seed; absent if the simulator has no fault that shows it. */
  readonly breaks?: InvariantId;
}

/** A mutant that a life with a forger catches. */
export interface ForgedMutant extends Broken {
  /** The seed of a life with a forger that catches it. */
  readonly forgedSeed: number;
  readonly breaks: InvariantId;
}

export type Mutant = SeedMutant | ScenarioMutant | ForgedMutant;

/**
 * The history of a grant is the last guard of what it may lend. So a broker that lacks an earlier guard
 * believes any history.
 */
export const BELIEVES_HISTORIES: Edit = {
  file: "shared/domain/requests/on-record.ts",
  from: 'return isTrue ? "borne-out" : "false";',
  to: 'return isTrue ? "borne-out" : "borne-out";',
};
