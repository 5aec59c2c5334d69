/** Schedules as the broker wants them: the end of a grant, and a fuse. */
import { randomUUID } from "node:crypto";
import type { CreateScheduleCommandInput } from "@aws-sdk/client-scheduler";
import { GROUPS } from "../../domain/entries/access.ts";
import { type ClusterArn, fuseRoleArn, lostFusesArn } from "../../domain/values/arn.ts";
import type { Cause } from "../../ports/converge-queue.ts";
import type { FuseOrder } from "../../ports/schedules.ts";

export interface ScheduleSettings {
  /** The deployment's name, which fuse roles elsewhere carry. */
  readonly deployment: string;
  /** The schedule group of all schedules. It has the same name in every account and region. */
  readonly group: string;
  readonly convergeQueueArn: string;
  /** The role that sends to the queue. */
  readonly scheduleRoleArn: string;
  /** The role that removes access in the broker's account and region. */
  readonly fuseRoleArn: string;
  /** The ARN of a standard queue for events that Scheduler could not deliver. */
  readonly deadLetterArn: string;
  readonly brokerAccount: string;
  readonly brokerRegion: string;
}

export type WantedSchedule = Pick<
  CreateScheduleCommandInput,
  "Name" | "ScheduleExpression" | "Target"
>;

/** A revocation that cannot be delivered is retried for a day, Scheduler's maximum. */
const REVOCATION_RETRY = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };
/**
 * A fuse that fires hours late could hit a later grant, so its age is limited. The number of
 * retries is not limited: the pauses between them are unknown, and few could be over within
 * minutes.
 */
const FUSE_RETRY = { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 185 };

/** Whether the broker's own Scheduler is the cluster's. */
export const isOwn = (
  { brokerAccount, brokerRegion }: ScheduleSettings,
  { account, region }: ClusterArn,
): boolean => account === brokerAccount && region === brokerRegion;

/** At most 64 characters: a UUID has 36. The binding's part keeps equal ids of two bindings apart. */
export const revocationName = (grantId: string, binding: string) =>
  `g-${grantId}-${binding.slice(0, 24)}`;

/**
 * The input contains the grant as well as the binding. Scheduler's messages are deduplicated by
 * content, and two grants of one binding may end within SQS's five minutes.
 */
export function revocation(
  settings: ScheduleSettings,
  grantId: string,
  binding: string,
  revokeAt: string,
): WantedSchedule {
  const cause: Cause = "revocation-time";
  return waking(settings, revocationName(grantId, binding), revokeAt, { binding, cause, grantId });
}

/** A binding's next attempt to remove what is left. Its name holds its time: an earlier one stays. */
export function retry(settings: ScheduleSettings, binding: string, at: string): WantedSchedule {
  const cause: Cause = "retry";
  const name = `r-${binding.slice(0, 40)}-${Math.ceil(Date.parse(at) / 1_000)}`;
  return waking(settings, name, at, { binding, cause, at });
}

/**
 * A schedule that sends a binding to converge. SQS drops a message whose body it had within five
 * minutes, and others can send to the queue. So the body has a nonce that nobody else can read.
 */
const waking = (
  settings: ScheduleSettings,
  Name: string,
  at: string,
  input: { readonly binding: string } & Readonly<Record<string, string>>,
): WantedSchedule => ({
  Name,
  ScheduleExpression: atExpression(at),
  Target: {
    Arn: settings.convergeQueueArn,
    RoleArn: settings.scheduleRoleArn,
    SqsParameters: { MessageGroupId: input.binding },
    Input: JSON.stringify({ ...input, nonce: randomUUID() }),
    RetryPolicy: REVOCATION_RETRY,
    DeadLetterConfig: { Arn: settings.deadLetterArn },
  },
});

/** A fuse is wholly where the cluster is: its role, and the queue that keeps it if it cannot fire. */
export const fuseSchedule = (
  settings: ScheduleSettings,
  { name, address: { cluster, principalArn }, target, at }: FuseOrder,
): WantedSchedule => ({
  Name: name,
  ScheduleExpression: atExpression(at),
  Target: {
    ...fuseTarget(cluster, principalArn, target),
    RetryPolicy: FUSE_RETRY,
    ...(isOwn(settings, cluster)
      ? { RoleArn: settings.fuseRoleArn, DeadLetterConfig: { Arn: settings.deadLetterArn } }
      : {
          RoleArn: fuseRoleArn(cluster, settings.deployment),
          DeadLetterConfig: { Arn: lostFusesArn(cluster, settings.deployment) },
        }),
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
function atExpression(instant: string): string {
  const seconds = Math.ceil(Date.parse(instant) / 1_000);
  return `at(${new Date(seconds * 1_000).toISOString().slice(0, "2026-11-24T10:00:00".length)})`;
}

/** Whether the stored schedule would do the same as ours. It has a nonce of its own. */
export function isSame(
  stored: Partial<Pick<CreateScheduleCommandInput, "ScheduleExpression" | "Target" | "State">>,
  wanted: WantedSchedule,
): boolean {
  const essence = ({ ScheduleExpression, Target }: typeof stored) =>
    JSON.stringify([
      ScheduleExpression,
      Target?.Arn,
      Target?.RoleArn,
      isNonced(Target?.Input),
      withoutNonce(Target?.Input),
      Target?.SqsParameters?.MessageGroupId,
    ]);
  return stored.State !== "DISABLED" && essence(stored) === essence(wanted);
}

const NONCE = /,"nonce":"[0-9a-f-]{36}"\}$/;

const isNonced = (input = ""): boolean => NONCE.test(input);
const withoutNonce = (input = ""): string => input.replace(NONCE, "}");
