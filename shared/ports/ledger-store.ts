import type { Ledger } from "../domain/entries/ledger.ts";

/**
 * Stores ledgers. A ledger is a fence. A save needs the revision that was loaded, and a run whose
 * save is refused must make no further call. `test/contracts/ledger-store.contract.ts` is this
 * contract in code. docs/assumptions.md lists what DynamoDB promises.
 */
export interface LedgerStore {
  /** Read consistently; undefined for a binding without a ledger, whose revision counts as 0. */
  load(binding: string): Promise<Ledger | undefined>;

  /**
   * Stores the whole ledger if the stored revision is still `ledger.revision`. An internal retry
   * that finds its own write counts as success. A ledger is never deleted. An emptied one keeps its
   * revision, and the store may drop it a day later.
   *
   * @returns the ledger as stored, with the next revision
   * @throws LedgerConflict when another run saved first; nothing was written
   * @throws LedgerTooLarge when the table takes no item of its size; nothing was written
   */
  save(ledger: Ledger): Promise<Ledger>;
}

/**
 * Another run saved this ledger since it was loaded. Nothing was written; load it and start again.
 */
export class LedgerConflict extends Error {
  override readonly name = "LedgerConflict";
}

/**
 * The ledger is larger than an item may be. Nothing was written, and no other run is kept out. Only a call
 * that needs no save may follow; see `callUnsaved`.
 */
export class LedgerTooLarge extends Error {
  override readonly name = "LedgerTooLarge";
}
