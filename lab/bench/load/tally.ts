/**
 * The counts of a load: how long each call took, what failed, and each grant as it was in the end.
 */
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";

export const OPERATIONS = ["ask", "approve", "return", "read"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** A grant that ended, as the API answers it, and which access it gave. */
export interface EndedGrant {
  readonly request: RequestAnswer;
  /** Whether its person gave it back, before its time was over. */
  readonly isReturned: boolean;
}

export interface Tally {
  /** Milliseconds until each answer. */
  readonly took: Readonly<Record<Operation, number[]>>;
  /** By what failed, how often. */
  readonly errors: Map<string, number>;
  readonly ended: EndedGrant[];
  fail(what: string): void;
}

export function newTally(): Tally {
  const errors = new Map<string, number>();
  return {
    took: { ask: [], approve: [], return: [], read: [] },
    errors,
    ended: [],
    fail: (what) => void errors.set(what, (errors.get(what) ?? 0) + 1),
  };
}
