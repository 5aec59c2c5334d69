import type { ReadingDetails } from "../domain/standing/reading.ts";

/**
 * Keeps complete readings of standing access on record: a chain for each cluster, in the audit table. One writer at a
 * time: the reader's function runs once at a time. `test/contracts/reading-store.contract.ts` is this contract in code.
 */
export interface ReadingStore {
  /**
   * Adds a reading to the chain of its cluster, unless the last one there is of the same pass.
   *
   * @returns what is on record of the pass: a run that was broken off behind this call repeats it at another time
   * @throws where another writer took the place; nothing was written then
   */
  keep(clusterArn: string, details: ReadingDetails): Promise<ReadingDetails>;
}
