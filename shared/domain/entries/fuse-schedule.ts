/** The schedule by which EventBridge Scheduler itself takes access away. Pure. */
import { type ClusterArn, fuseRoleArn, lostFusesArn } from "../values/arn.ts";
import { GROUPS } from "./access.ts";

/** One fuse to arm. */
export interface FuseOrder {
  /** At most 64 characters, used only once: a late deletion cannot hit another fuse. */
  readonly name: string;
  readonly address: { readonly cluster: ClusterArn; readonly principalArn: string };
  /** The policy's ARN, or `groups`. */
  readonly target: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** Settings of the deployment for fuses. */
export interface FuseSettings {
  /** The deployment's name, which fuse roles elsewhere carry. */
  readonly deployment: string;
  readonly brokerAccount: string;
  readonly brokerRegion: string;
}

/** Members of CreateSchedule. */
export interface FuseSchedule {
  readonly Name: string;
  readonly ScheduleExpression: string;
  readonly Target: {
    readonly Arn: string;
    readonly RoleArn: string;
    readonly Input: string;
    readonly RetryPolicy: {
      readonly MaximumEventAgeInSeconds: number;
      readonly MaximumRetryAttempts: number;
    };
    readonly DeadLetterConfig: { readonly Arn: string };
  };
}

/**
 * A fuse that fires hours late could hit a later grant, so its age is limited. The number of
 * retries is not limited: the pauses between them are unknown, and few could be over within
 * minutes.
 */
const FUSE_RETRY = { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 185 };

/** Whether the broker's own Scheduler is the cluster's. */
export const isOwn = (
  { brokerAccount, brokerRegion }: Pick<FuseSettings, "brokerAccount" | "brokerRegion">,
  { account, region }: ClusterArn,
): boolean => account === brokerAccount && region === brokerRegion;

/** A fuse is wholly where the cluster is: its role, and the queue that keeps it if it cannot fire. */
export const fuseSchedule = (
  { deployment }: Pick<FuseSettings, "deployment">,
  { name, address: { cluster, principalArn }, target, at }: FuseOrder,
): FuseSchedule => ({
  Name: name,
  ScheduleExpression: atExpression(at),
  Target: {
    ...fuseTarget(cluster, principalArn, target),
    RetryPolicy: FUSE_RETRY,
    RoleArn: fuseRoleArn(cluster, deployment),
    DeadLetterConfig: { Arn: lostFusesArn(cluster, deployment) },
  },
});

/**
 * A universal target: Scheduler makes the call itself. Members have the SDK's names with a capital
 * letter, including members of the path.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
 */
function fuseTarget({ partition, name }: ClusterArn, principalArn: string, target: string) {
  const entry = { ClusterName: name, PrincipalArn: principalArn };
  const arn = (action: string) => `arn:${partition}:scheduler:::aws-sdk:eks:${action}`;
  return target === GROUPS
    ? { Arn: arn("deleteAccessEntry"), Input: JSON.stringify(entry) }
    : {
        Arn: arn("disassociateAccessPolicy"),
        Input: JSON.stringify({ ...entry, PolicyArn: target }),
      };
}

/** Rounded up to whole seconds and without a zone, which Scheduler takes separately. */
export function atExpression(instant: string): string {
  const seconds = Math.ceil(Date.parse(instant) / 1_000);
  return `at(${new Date(seconds * 1_000).toISOString().slice(0, "2026-11-24T10:00:00".length)})`;
}

/** Fields that every schedule of ours has: it fires once, at its time in UTC, and is then gone. */
export const onceInGroup = <Schedule extends object>(schedule: Schedule, GroupName: string) => ({
  ...schedule,
  GroupName,
  ScheduleExpressionTimezone: "UTC",
  FlexibleTimeWindow: { Mode: "OFF" as const },
  ActionAfterCompletion: "DELETE" as const,
});
