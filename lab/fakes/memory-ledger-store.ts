import { storedLedger } from "../../shared/aws/dynamodb/ledger/ledger-item.ts";
import { ITEM_BYTES } from "../../shared/domain/entries/bounds.ts";
import type { Ledger } from "../../shared/domain/entries/ledger.ts";
import { itemBytes } from "../../shared/domain/values/item-bytes.ts";
import {
  LedgerConflict,
  type LedgerStore,
  LedgerTooLarge,
} from "../../shared/ports/ledger-store.ts";

/** Ledgers in memory, which tests can inspect. */
export interface MemoryLedgerStore extends LedgerStore {
  readonly ledgers: Map<string, Ledger>;
}

/** The attributes of an item besides the ledger, at their greatest length. */
const itemOf = (ledger: Ledger) => ({
  pk: `BIND#${ledger.binding}`,
  sk: "LEDGER",
  schema: 1,
  revision: ledger.revision,
  savedBy: "00000000-0000-4000-8000-000000000000",
  ledger: storedLedger(ledger),
});

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
      if (itemBytes(itemOf(saved)) > ITEM_BYTES)
        throw new LedgerTooLarge("Item size has exceeded the maximum allowed size.");
      ledgers.set(ledger.binding, saved);
      return saved;
    },
  };
}
