/** Something that may hold up the end of access beyond the margin, as it happened. */
export interface Disturbance {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** How many seconds after `to` the broker may still need. */
  readonly holdsUpSeconds: number;
  /** In words: `DynamoDB Local was stopped`. */
  readonly what: string;
}

/**
 * What a removal needs in the sandbox once nothing holds it up any more: the message is visible again (6 s), a run
 * (5 s), and where that one fails, a retry (5 s), a sweep (2 s) and a run.
 */
export const RECOVERY_SECONDS = 23;

/** An open circuit keeps everybody from a cluster for so long. */
export const CIRCUIT_SECONDS = 30;
