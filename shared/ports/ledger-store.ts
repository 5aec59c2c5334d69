import type { Ledger } from "../domain/ledger.ts";

/** Where ledgers are kept. One worker at a time writes one: the queue's message group sees to it. */
export interface LedgerStore {
  /** Read consistently; undefined for a binding without one. */
  load(binding: string): Promise<Ledger | undefined>;
  /** Stores the ledger whole, in place of what was there. */
  save(ledger: Ledger): Promise<void>;
  /** Forgets it; no error where there is none. */
  remove(binding: string): Promise<void>;
}
