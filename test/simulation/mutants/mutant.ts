import type { InvariantId } from "../invariants.ts";

/** A text of a source file, and what takes its place. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly from: string;
  readonly to: string;
}

/** A protocol that is broken on purpose, in one way. */
export interface Mutant {
  /** What the broken broker does. */
  readonly name: string;
  readonly edits: readonly Edit[];
  /** The first seed that catches it, and what it breaks there. */
  readonly seed: number;
  readonly breaks: InvariantId;
}
