import type { StopCopy, StopDraft, StopRecord, Stops } from "../domain/stops/stops.ts";

/** How many records are read at once. Far more than people make between two runs of converge. */
export const MOST_STOPS = 500;

/**
 * The chain of stops. Nobody changes or deletes a record. Reads see the latest write.
 * `test/contracts/stop-store.contract.ts` is this contract in code.
 */
export interface StopStore {
  /** The stops, as the last record says; `NO_STOPS` before the first. */
  latest(): Promise<Stops>;

  /**
   * The items after that place, in order: at most `MOST_STOPS` of them. Others may have put there what is no record, or a
   * record at another place than its number says, which is absent.
   */
  since(seq: number): Promise<readonly StopRecord[]>;

  /**
   * Adds one record after the last, and makes its notices due. `next` sees who is stopped, and throws to refuse. After a lost
   * race it is asked again.
   *
   * @throws whatever `next` throws
   * @throws BrokerError `dependency-unavailable` where others were faster every time
   */
  append(next: (stops: Stops) => StopDraft): Promise<StopRecord>;
}

/** Converge's own copy of who is stopped. Only converge writes it. */
export interface StopCopyStore {
  /** `NO_STOPS` before the first `keep`. Reads see the latest write. */
  load(): Promise<StopCopy>;
  /**
   * Keeps a copy in the place of the one that it was made from.
   *
   * @param before as it was loaded
   * @returns false, and nothing is kept, where another run has kept another one since
   */
  keep(copy: StopCopy, before: StopCopy): Promise<boolean>;
}
