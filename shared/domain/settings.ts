/** The most that two of our clocks differ: each is at most five seconds fast or slow. */
export const CLOCKS_APART_SECONDS = 10;

/**
 * The broker's times and limits. The values for production and the sandbox are in
 * `infra/synth/settings.ts`. Functions receive them as one environment variable.
 */
export interface Settings {
  /**
   * How long before `expiresAt` removal starts. At least the delay of a schedule, plus the queue's
   * visibility timeout, plus one run.
   */
  readonly marginSeconds: number;
  /** `expiresAt` is a multiple of this. */
  readonly granularitySeconds: number;
  /** The shortest duration that a request may ask for. */
  readonly minimumDurationSeconds: number;
  /** Whether durations may contain seconds (`30s`). */
  readonly secondsAllowed: boolean;
  /** Access is not added with less than this left before `revokeAt`. */
  readonly tooLateSeconds: number;
  /**
   * How stale a read of EKS or IAM may be. AWS says "within seconds" and gives no figure.
   * https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
   */
  readonly readLagSeconds: number;
  /**
   * How long after signing an unanswered call may still take effect.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-signing.html
   */
  readonly landsWithinSeconds: number;
  /** The most that two of our clocks, or ours and AWS's, may differ. */
  readonly clockDifferenceSeconds: number;
  /** How long after `expiresAt` of the last grant the fuse fires. */
  readonly fuseDelaySeconds: number;
  /** How long to retry a temporary refusal, such as while a policy or permission is deployed. */
  readonly policySkewSeconds: number;
  /** How often to compare a binding with live grants with EKS, if the sweep has room for it. */
  readonly driftCheckSeconds: number;
  /** The longest pause between two attempts at one binding. */
  readonly retryCeilingSeconds: number;
  /** Converge starts no further step with less than this left of its own timeout. */
  readonly reserveSeconds: number;
  /** How often to check each cluster. */
  readonly clusterCheckSeconds: number;
  /** How often the sweep runs. It sends a binding at most twice in this period. */
  readonly sweepPeriodSeconds: number;
  /** The most due items that one sweep sends, including drift checks. */
  readonly sweepLimit: number;
  /**
   * How many approved and active grants a person may have per binding, including the reserved ones.
   */
  readonly openGrantsPerPerson: number;
  /** How many of those are reserved for break-glass. */
  readonly reservedGrantsPerPerson: number;
  /** How many `ending` grants a person may have on a binding when another is approved. */
  readonly endingGrantsPerPerson: number;
  /**
   * How long after its own time an audit event is in every list at the latest. It is stored within
   * one run, and the index that lists read usually follows within a second.
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
   */
  readonly auditLagSeconds: number;
  /** After an event of a role of ours, how long its call may take to be stored, in seconds. */
  readonly evidenceSettleSeconds: number;
  /** How long after a call, and after each look, correlate looks for it in CloudTrail, in seconds. */
  readonly evidenceLookupSeconds: number;
  /** How long after a call CloudTrail may take to show it, in seconds. Then it counts as missing. */
  readonly evidenceMissingSeconds: number;
  /** After a grant's end, how long its last requests may take to be in the audit log, in seconds. */
  readonly activityDelaySeconds: number;
  /** How far back ended grants without a summary of their use are looked for, in seconds. */
  readonly activityLookBackSeconds: number;
  /** From the start of one reading of a cluster's standing access to the next, in seconds. */
  readonly standingEverySeconds: number;
  /** After each entry of those, in milliseconds, so that EKS has calls left for converge. */
  readonly standingPauseMillis: number;
  /** A schedule is looked at no more often than this, whoever asks for it, in seconds. */
  readonly lookPauseSeconds: number;
  /** How many pending requests a person may have. */
  readonly pendingRequestsPerPerson: number;
  /** How many requests a person may make per window. */
  readonly requestsPerWindow: number;
  /** The length of a window. Windows start at multiples of it. */
  readonly requestWindowSeconds: number;
}
