/** Something that may hold up the end of access beyond the margin, as it happened. */
export interface Disturbance {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** How many seconds after `to` the broker may still need. */
  readonly holdsUpSeconds: number;
  /** The only cluster that is disturbed; absent for all. */
  readonly cluster?: string;
  /** Whether it holds up only the broker, and no fuse. */
  readonly leavesFuse?: true;
  /** In words: `DynamoDB Local was stopped`. */
  readonly what: string;
}

/**
 * The time of a removal in the sandbox after its run was cut off or had no answer. The message is
 * visible again (6 s), and a run (5 s) and its call take their time.
 */
export const RERUN_SECONDS = 13;

/**
 * The time of a removal after everything stood still: the same, then a retry (5 s) and a sweep's
 * run (5 s) if that run fails too.
 */
export const RECOVERY_SECONDS = 23;

/** How long a ledger that does not know adds nothing, and proves no end: what may still land, a read's lag, and clocks. */
export const UNSURE_SECONDS = 8;
