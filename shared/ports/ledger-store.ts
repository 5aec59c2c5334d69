import type { Ledger } from "../domain/entries/ledger.ts";

/**
 * Where ledgers are kept. A ledger is a fence: whoever saves it holds the revision that was loaded,
 * and a run whose save is refused must make no further call.
 *
 * `test/contracts/ledger-store.contract.ts` says the same in code; docs/assumptions.md names what
 * DynamoDB promises.
 */
export interface LedgerStore {
  /** Read consistently; undefined for a binding without one, whose revision counts as 0. */
  load(binding: string): Promise<Ledger | undefined>;

  /**
   * Stores the ledger whole, if the stored revision is still `ledger.revision`. A retry inside
   * that finds its own write counts as success. A ledger is never deleted: an emptied one keeps its
   * revision, and the store may forget it a day later.
   *
   * @returns the ledger as stored, with the next revision
   * @throws LedgerConflict when another run saved first; nothing was written
   */
  save(ledger: Ledger): Promise<Ledger>;
}

/** Another run saved this ledger since it was loaded. Nothing was written; begin again from a load. */
export class LedgerConflict extends Error {
  override readonly name = "LedgerConflict";
}
