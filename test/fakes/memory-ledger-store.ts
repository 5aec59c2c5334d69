import type { Ledger } from "../../shared/domain/entries/ledger.ts";
import { LedgerConflict, type LedgerStore } from "../../shared/ports/ledger-store.ts";

/** Ledgers in memory, which tests can inspect. */
export interface MemoryLedgerStore extends LedgerStore {
  readonly ledgers: Map<string, Ledger>;
}

/** @param ledgers by binding */
export function memoryLedgerStore(ledgers = new Map<string, Ledger>()): MemoryLedgerStore {
  return {
    ledgers,
    load: async (binding) => ledgers.get(binding),
    save: async (ledger) => {
      const stored = ledgers.get(ledger.binding)?.revision ?? 0;
      if (stored !== ledger.revision)
        throw new LedgerConflict(`The ledger is at revision ${stored}, not ${ledger.revision}.`);
      // Copied, because a caller may change the object later, which a real table would not notice.
      const saved = { ...structuredClone(ledger), revision: stored + 1 };
      ledgers.set(ledger.binding, saved);
      return saved;
    },
  };
}
