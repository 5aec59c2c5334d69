import type { CallRecord } from "../../ports/access-entries.ts";

/** By grant, the calls that served it and are not on record yet. */
export type Calls = ReadonlyMap<string, readonly CallRecord[]>;

export const NO_CALLS: Calls = new Map();

/** The calls of two steps or passes, the earlier ones first. */
export function joinCalls(earlier: Calls, later: Calls): Calls {
  const ids = new Set([...earlier.keys(), ...later.keys()]);
  return new Map(
    [...ids].map((id) => [id, [...(earlier.get(id) ?? []), ...(later.get(id) ?? [])]]),
  );
}

/** Notes a call for each grant that it served. */
export const noted = (calls: Calls, record: CallRecord, served: readonly string[]): Calls =>
  joinCalls(calls, new Map(served.map((id) => [id, [record]])));
