import type { CallRecord } from "../ports/access-entries.ts";
import type { Verdict } from "./judge-grants.ts";

/** What one pass leaves to the next of the same run. Both are by grant. */
export interface PassMemory {
  /** Calls that were made and are not on record yet, since somebody else wrote first. */
  readonly calls: ReadonlyMap<string, readonly CallRecord[]>;
  /** Additions that AWS refused: the next pass plans without them, and takes down what is left. */
  readonly rejected: ReadonlyMap<string, Verdict>;
}

export const NOTHING_BEFORE: PassMemory = { calls: new Map(), rejected: new Map() };

/** The calls of two passes, the earlier ones first. */
export function joinCalls(
  earlier: PassMemory["calls"],
  later: PassMemory["calls"],
): PassMemory["calls"] {
  const ids = new Set([...earlier.keys(), ...later.keys()]);
  return new Map(
    [...ids].map((id) => [id, [...(earlier.get(id) ?? []), ...(later.get(id) ?? [])]]),
  );
}
