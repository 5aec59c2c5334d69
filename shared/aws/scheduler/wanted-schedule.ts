/** Schedules by which the broker wakes itself: the end of a grant, and a further attempt. */
import { randomUUID } from "node:crypto";
import type { CreateScheduleCommandInput } from "@aws-sdk/client-scheduler";
import { atExpression, type FuseSettings } from "../../domain/entries/fuse-schedule.ts";
import type { Cause } from "../../ports/converge-queue.ts";

export interface ScheduleSettings extends FuseSettings {
  /** The schedule group of all schedules. It has the same name in every account and region. */
  readonly group: string;
  readonly convergeQueueArn: string;
  /** The role that sends to the queue. */
  readonly scheduleRoleArn: string;
  /** The broker's own standard queue for ends that Scheduler could not deliver. */
  readonly deadLetterArn: string;
}

export type WantedSchedule = Pick<
  CreateScheduleCommandInput,
  "Name" | "ScheduleExpression" | "Target"
>;

/** A revocation that cannot be delivered is retried for a day, Scheduler's maximum. */
const REVOCATION_RETRY = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };

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
