/** Every number that operators may tune. The sandbox differs from production only in these values. */
import { ARCHIVE_BY_DEFAULT, type ArchivePolicy } from "../../shared/domain/policy/archive.ts";
import { CLOCKS_APART_SECONDS, type Settings } from "../../shared/domain/settings.ts";

/** The broker's own settings, and those of its AWS resources. */
export interface StackSettings {
  readonly broker: Settings;
  readonly convergeTimeoutSeconds: number;
  /** How long SQS hides a message from others. AWS advises six times converge's timeout. */
  readonly convergeVisibilitySeconds: number;
  /** How many bindings converge works on at once: the event source's maximum concurrency. */
  readonly convergeConcurrency: number;
  /** How often SQS delivers a message before it goes to the dead-letter queue. A throttle counts too. */
  readonly convergeReceives: number;
  /** Notify's timeout: it waits some seconds for steps that follow at once, and for Slack's pace. */
  readonly notifyTimeoutSeconds: number;
  /** How long SQS hides notify's messages from others: six times its timeout, as for converge. */
  readonly notifyVisibilitySeconds: number;
  /** How many runs of notify there are at once: fewer than what keeps converge from running. */
  readonly notifyConcurrency: number;
  /** How many requests a run of notify speaks about at once. Most of its time it waits for Slack's pace. */
  readonly notifyBatch: number;
  /** Correlate's timeout: it looks for calls in CloudTrail, which answers two look-ups a second. */
  readonly correlateTimeoutSeconds: number;
  /** How long SQS hides correlate's messages from others: six times its timeout, as for converge. */
  readonly correlateVisibilitySeconds: number;
  /** How many of CloudTrail's events correlate takes at once. */
  readonly correlateConcurrency: number;
  /**
   * How much concurrency the account has in the region for functions that reserve none. New accounts
   * have 10. From 110 on, some functions reserve theirs: `reserved-concurrency.ts`.
   */
  readonly lambdaConcurrency: number;
  /** Whether there is a CloudWatch dashboard, which costs USD 3 a month beyond an account's first three. */
  readonly dashboard: boolean;
  /** ARNs of SNS topics that every alarm tells when it fires, and when it is over. */
  readonly alarmTopics: readonly string[];
  /** Restored tables that take the place of the stack's own, by what they hold. */
  readonly tables: AdoptedTables;
  /** How the archive is kept where access.yaml says nothing. */
  readonly archive: ArchivePolicy;
}

/** Names of tables that were restored, and that no stack makes. */
export interface AdoptedTables {
  readonly requests?: string;
  readonly audit?: string;
  readonly ledger?: string;
}

export const PRODUCTION: StackSettings = {
  broker: {
    marginSeconds: 120,
    granularitySeconds: 60,
    minimumDurationSeconds: 300,
    secondsAllowed: false,
    tooLateSeconds: 90,
    readLagSeconds: 45,
    landsWithinSeconds: 300,
    clockDifferenceSeconds: CLOCKS_APART_SECONDS,
    fuseDelaySeconds: 300,
    policySkewSeconds: 600,
    driftCheckSeconds: 300,
    // Below a sweep's period by a run, so that the next sweep retries what fails after this one.
    retryCeilingSeconds: 52,
    reserveSeconds: 2,
    clusterCheckSeconds: 300,
    sweepPeriodSeconds: 60,
    sweepLimit: 200,
    openGrantsPerPerson: 20,
    reservedGrantsPerPerson: 2,
    endingGrantsPerPerson: 40,
    pendingRequestsPerPerson: 20,
    auditLagSeconds: 60,
    // CloudTrail takes about five minutes, and an unanswered call lands within as many.
    evidenceSettleSeconds: 600,
    // EventBridge brings what is not lost in a few minutes.
    evidenceLookupSeconds: 1_200,
    evidenceMissingSeconds: 86_400,
    // EKS delivers audit logs "within minutes" and gives no figure.
    activityDelaySeconds: 900,
    activityLookBackSeconds: 86_400,
    standingEverySeconds: 21_600,
    // Two calls to EKS and one to IAM a second. AWS publishes no limit.
    standingPauseMillis: 1_000,
    lookPauseSeconds: 20,
    requestsPerWindow: 30,
    requestWindowSeconds: 600,
  },
  convergeTimeoutSeconds: 8,
  convergeVisibilitySeconds: 48,
  convergeConcurrency: 4,
  convergeReceives: 5,
  notifyTimeoutSeconds: 30,
  notifyVisibilitySeconds: 180,
  notifyConcurrency: 4,
  // The most that Lambda takes from a FIFO queue.
  notifyBatch: 10,
  correlateTimeoutSeconds: 30,
  correlateVisibilitySeconds: 180,
  correlateConcurrency: 2,
  // The concurrency that every account has, so that the stack deploys everywhere.
  lambdaConcurrency: 10,
  dashboard: false,
  alarmTopics: [],
  tables: {},
  archive: ARCHIVE_BY_DEFAULT,
};

/** Small enough to watch a grant's whole life in a minute. Access ends 10 s before `expiresAt`, not 120. */
export const SANDBOX: StackSettings = {
  broker: {
    ...PRODUCTION.broker,
    marginSeconds: 10,
    granularitySeconds: 1,
    minimumDurationSeconds: 15,
    secondsAllowed: true,
    tooLateSeconds: 2,
    readLagSeconds: 1,
    landsWithinSeconds: 5,
    clockDifferenceSeconds: 1,
    fuseDelaySeconds: 60,
    policySkewSeconds: 5,
    driftCheckSeconds: 30,
    retryCeilingSeconds: 5,
    clusterCheckSeconds: 30,
    // The sandbox may run its minutes faster.
    sweepPeriodSeconds: 1,
    reserveSeconds: 1,
    // DynamoDB Local lists an event as soon as it is stored.
    auditLagSeconds: 0,
    evidenceSettleSeconds: 20,
    evidenceLookupSeconds: 20,
    evidenceMissingSeconds: 300,
    // The sandbox's audit logs are complete at once.
    activityDelaySeconds: 2,
    standingEverySeconds: 30,
    standingPauseMillis: 0,
    lookPauseSeconds: 1,
    pendingRequestsPerPerson: 60,
    requestsPerWindow: 60,
    requestWindowSeconds: 60,
  },
  convergeTimeoutSeconds: 5,
  convergeVisibilitySeconds: 6,
  convergeConcurrency: 4,
  convergeReceives: 5,
  notifyTimeoutSeconds: 30,
  notifyVisibilitySeconds: 36,
  notifyConcurrency: 4,
  notifyBatch: 10,
  correlateTimeoutSeconds: 30,
  correlateVisibilitySeconds: 36,
  correlateConcurrency: 2,
  lambdaConcurrency: 1_000,
  dashboard: false,
  alarmTopics: [],
  tables: {},
  archive: { mode: "GOVERNANCE", days: 1 },
};
