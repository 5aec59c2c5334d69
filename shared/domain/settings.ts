/**
 * The broker's times and limits. Production's and the sandbox's values stand in
 * `infra/settings.ts`; functions receive them as one environment variable.
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
  /** How long the outcome of a call without an answer stays open. */
  readonly uncertainSeconds: number;
  /** How long after the last grant's `expiresAt` the fuse fires. */
  readonly fuseDelaySeconds: number;
  /** How long a refusal under another policy than the decision's is retried. */
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
  /** How many due items one sweep sends at most, looks among them. */
  readonly sweepLimit: number;
  /** How many requests one person may make in one window. */
  readonly requestsPerWindow: number;
  /** How long a window is; windows are whole multiples of it. */
  readonly requestWindowSeconds: number;
}
