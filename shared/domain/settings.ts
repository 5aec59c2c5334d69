/**
 * The broker's times and limits. Production's and the sandbox's values stand in
 * `infra/synth/settings.ts`; functions receive them as one environment variable.
 */
export interface Settings {
  /** How long before `expiresAt` revocation is armed. At least the lateness of a schedule, plus visibility, plus one run. */
  readonly marginSeconds: number;
  /** `expiresAt` is a whole multiple of this. */
  readonly granularitySeconds: number;
  /** The shortest duration that may be asked for. */
  readonly minimumDurationSeconds: number;
  /** Whether a duration may be written in seconds (`30s`). */
  readonly secondsAllowed: boolean;
  /** An unanswered request lapses after this. */
  readonly lapseSeconds: number;
  /** Access does not start with less than this left before `revokeAt`. */
  readonly tooLateSeconds: number;
  /**
   * How far behind a read of EKS or IAM may be. AWS says "within seconds" and gives no figure.
   * https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
   */
  readonly readLagSeconds: number;
  /**
   * How long after it was signed a call without an answer may still take effect.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-signing.html
   */
  readonly landsWithinSeconds: number;
  /** How far apart two clocks of ours, or ours and AWS's, may be. */
  readonly clockDifferenceSeconds: number;
  /** How long after the last grant's `expiresAt` the fuse fires. */
  readonly fuseDelaySeconds: number;
  /** How long a refusal that may pass is retried: a policy or permission that is being deployed. */
  readonly policySkewSeconds: number;
  /** How often a binding with live grants is compared with what EKS has, where sweeps have room for it. */
  readonly driftCheckSeconds: number;
  /** The longest pause between two attempts at the same binding. */
  readonly retryCeilingSeconds: number;
  /** Converge takes no further step with less than this left of its own time. */
  readonly reserveSeconds: number;
  /** How often each cluster is looked at. */
  readonly clusterCheckSeconds: number;
  /** How often the sweep runs: it sends a binding at most twice in so long. */
  readonly sweepPeriodSeconds: number;
  /** How many due items one sweep sends at most, drift checks among them. */
  readonly sweepLimit: number;
  /** How many approved and active grants one person may have in one binding, reserved ones included. */
  readonly openGrantsPerPerson: number;
  /** How many of those are kept for break-glass. */
  readonly reservedGrantsPerPerson: number;
  /** How many grants of one person in one binding may be `ending` when another is approved. */
  readonly endingGrantsPerPerson: number;
  /**
   * How long after its time an audit event is in every list at the latest: it is stored within a run,
   * and the index that lists read follows, as a rule within a second.
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
   */
  readonly auditLagSeconds: number;
  /** How many requests one person may make in one window. */
  readonly requestsPerWindow: number;
  /** How long a window is; windows are whole multiples of it. */
  readonly requestWindowSeconds: number;
}
