/** Tables of a memory broker as they were at an instant, to restore each of them. */
import type { MemoryBroker } from "./memory-broker.ts";

type Content = readonly (readonly [unknown, unknown])[];

/** Restores tables to the instant at which `tablesAsOf` was called. */
export interface PastTables {
  readonly ledgers: () => void;
  /** With the calls and intents, which are in the same table. */
  readonly requests: () => void;
}

export function tablesAsOf({ tables, ledgers, evidence }: MemoryBroker): PastTables {
  const { requests, heads, grants, pending, windows, notices } = tables;
  const keys = [tables.idempotency, tables.delegationKeys];
  const ofRequests = [requests, heads, grants, ...keys, pending, windows, notices];
  return {
    ledgers: restoring([ledgers.ledgers]),
    requests: restoring([...ofRequests, ...evidence.kept]),
  };
}

function restoring(tables: readonly unknown[]): () => void {
  const maps = tables as readonly Map<unknown, unknown>[];
  const past = maps.map((map): Content => structuredClone([...map]));
  return () => {
    for (const [at, map] of maps.entries()) {
      map.clear();
      for (const [key, value] of structuredClone(past[at]) ?? []) map.set(key, value);
    }
  };
}
