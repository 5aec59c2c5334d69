import type { Ledger } from "../../shared/domain/ledger.ts";
import type { LedgerStore } from "../../shared/ports/ledger-store.ts";

/** Ledgers in memory, by binding; a test may look into `ledgers`. */
export function memoryLedgerStore(ledgers = new Map<string, Ledger>()): LedgerStore {
  return {
    load: async (binding) => ledgers.get(binding),
    save: async (ledger) => {
      // Whoever saved it may go on with its parts; a table would not hear of that.
      ledgers.set(ledger.binding, structuredClone(ledger));
    },
    remove: async (binding) => {
      ledgers.delete(binding);
    },
  };
}
