import type { StandingEntry } from "../domain/standing/standing-entry.ts";
import type { StandingRecord } from "../domain/standing/standing-record.ts";
import type { Page, PageQuery } from "./request-store.ts";

/**
 * Stores what was read of standing access. One writer at a time: the reader's function runs once at
 * a time. `test/contracts/standing-store.contract.ts` is this contract in code.
 */
export interface StandingStore {
  /** The record of a cluster, read consistently; undefined before the first pass. */
  load(clusterArn: string): Promise<StandingRecord | undefined>;

  save(record: StandingRecord): Promise<void>;

  /** Stores an entry of a pass; the same entry again replaces it. Kept for a week. */
  put(clusterArn: string, passId: string, entry: StandingEntry): Promise<void>;

  /**
   * Entries of a pass: ordinary ones first, then those of capabilities, services and nodes. In each
   * part by power, then by principal. Eventually consistent.
   */
  entries(clusterArn: string, passId: string, page: PageQuery): Promise<Page<StandingEntry>>;

  /** Every entry of a pass, a page in memory at a time, in the order of `entries`. Read consistently. */
  all(clusterArn: string, passId: string): AsyncIterable<StandingEntry>;

  /**
   * The entry of one principal in a pass, as it was read last; undefined where nothing stood on it. A pass that was
   * broken off may have read it twice. Read consistently.
   */
  entryOf(
    clusterArn: string,
    passId: string,
    principalArn: string,
  ): Promise<StandingEntry | undefined>;
}
