import type { Ledger } from "../../shared/domain/ledger.ts";
import type { LedgerStore } from "../../shared/ports/ledger-store.ts";

/** Ledgers in memory, by binding; a test may look into `ledgers`. */
export function memoryLedgerStore(ledgers = new Map<string, Ledger>()): LedgerStore {
  return {
    load: async (binding) => ledgers.get(binding),
    save: async (ledger) => {
      ledgers.set(ledger.binding, ledger);
    },
    remove: async (binding) => {
      ledgers.delete(binding);
    },
  };
}
