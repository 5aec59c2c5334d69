import type { StandingRecord } from "../../domain/standing/standing-record.ts";

/** One invocation of the reader of standing access. */
export interface StandingRun {
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
  /** Asked before each entry. */
  readonly isTimeUp: () => boolean;
}

/** The facts that a run has learned of one cluster so far. */
export interface Progress {
  record: StandingRecord;
}

/** The work of one run, for the log. */
export interface StandingReport {
  /** Entries that were read. */
  read: number;
  /** Clusters whose last entry was read. */
  completed: number;
  /** Clusters whose reading AWS stopped. */
  failed: number;
  /** The number of times that it waited because converge had work. */
  waits: number;
}

export const emptyReport = (): StandingReport => ({
  read: 0,
  completed: 0,
  failed: 0,
  waits: 0,
});
