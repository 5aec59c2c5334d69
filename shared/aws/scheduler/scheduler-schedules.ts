import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  type SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { GROUPS } from "../../domain/entries/access.ts";
import type { ClusterArn } from "../../domain/values/arn.ts";
import { CallFailed } from "../../ports/access-entries.ts";
import type { Schedules } from "../../ports/schedules.ts";
import { type AwsCallOptions, awsCaller } from "../calls/aws-call.ts";

export interface ScheduleSettings {
  /** The schedule group of all schedules. */
  readonly group: string;
  readonly convergeQueueArn: string;
  /** The role that sends to the queue. */
  readonly scheduleRoleArn: string;
  /** The role that removes access. */
  readonly fuseRoleArn: string;
  /** The ARN of a standard queue for events that Scheduler could not deliver. */
  readonly deadLetterArn: string;
  readonly brokerAccount: string;
  readonly brokerRegion: string;
}

type Schedule = Pick<CreateScheduleCommandInput, "Name" | "ScheduleExpression" | "Target">;

/** Scheduler is called with the function's own role, whose session Lambda names. */
const OWN_SESSION = "converge";
const NOT_FOUND = "ResourceNotFoundException";
const CONFLICT = "ConflictException";
/** Scheduler's answer to a target that it does not accept. It documents no EKS targets. */
const INVALID = "ValidationException";

/** A revocation that cannot be delivered is retried for a day, Scheduler's maximum. */
const REVOCATION_RETRY = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };
/**
 * A fuse that fires hours late could hit a later grant, so its age is limited. The number of
 * retries is not limited: the pauses between them are unknown, and few could be over within
 * minutes.
 */
const FUSE_RETRY = { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 185 };

/**
 * Timers in EventBridge Scheduler. A revocation's name follows from its grant, so arming twice
 * makes one. A fuse's name is used once.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 */
export function schedulerSchedules(
  client: SchedulerClient,
  settings: ScheduleSettings,
  options: AwsCallOptions,
): Schedules {
  const { create, update, get, remove } = scheduleCalls(client, settings.group, options);

  /**
   * Makes sure that the schedule exists as wanted. A schedule that fires between two of our calls
   * deletes itself; it is then created again.
   */
  const arm = async (schedule: Schedule): Promise<void> => {
    if (await unless(CONFLICT, () => create(schedule))) return;
    const isThere = await unless(NOT_FOUND, async () => {
      const { output } = await get(schedule.Name);
      if (!isSame(output, schedule)) await update(schedule);
    });
    if (!isThere) await create(schedule);
  };

  return {
    async armRevocation(grantId, binding, revokeAt) {
      await arm(revocation(settings, grantId, binding, revokeAt));
    },

    async disarmRevocation(grantId) {
      await unless(NOT_FOUND, () => remove(revocationName(grantId)));
    },

    async armFuse({ name, address: { cluster, principalArn }, target, at }) {
      if (cluster.account !== settings.brokerAccount || cluster.region !== settings.brokerRegion)
        return "unreachable";
      const fuse = fuseSchedule(settings, name, at, fuseTarget(cluster, principalArn, target));
      // The name is used only once, so an existing schedule is this fuse, whose answer was lost.
      const taken = await unless(INVALID, () => unless(CONFLICT, () => create(fuse)));
      return taken ? "armed" : "refused";
    },

    async disarmFuse(name) {
      await unless(NOT_FOUND, () => remove(name));
    },
  };
}

/** The calls to Scheduler, for one schedule of the group each. */
function scheduleCalls(client: SchedulerClient, GroupName: string, options: AwsCallOptions) {
  const make = awsCaller(options);
  const called = (operation: string) => ({ operation, sessionName: OWN_SESSION });
  const whole = (schedule: Schedule) => ({
    ...schedule,
    GroupName,
    ScheduleExpressionTimezone: "UTC",
    FlexibleTimeWindow: { Mode: "OFF" as const },
    ActionAfterCompletion: "DELETE" as const,
  });
  return {
    create: (schedule: Schedule) =>
      make({
        ...called("CreateSchedule"),
        send: (within) => client.send(new CreateScheduleCommand(whole(schedule)), within),
      }),
    /** Replaces the whole schedule: a field that is left out gets its default. */
    update: (schedule: Schedule) =>
      make({
        ...called("UpdateSchedule"),
        send: (within) => client.send(new UpdateScheduleCommand(whole(schedule)), within),
      }),
    get: (Name: string | undefined) =>
      make({
        ...called("GetSchedule"),
        isRead: true,
        send: (within) => client.send(new GetScheduleCommand({ Name, GroupName }), within),
      }),
    remove: (Name: string) =>
      make({
        ...called("DeleteSchedule"),
        send: (within) => client.send(new DeleteScheduleCommand({ Name, GroupName }), within),
      }),
  };
}

/** Whether the call succeeded; false if it failed with exactly this code. */
async function unless(code: string, attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch (error) {
    if (error instanceof CallFailed && error.code === code) return false;
    throw error;
  }
}

/** At most 64 characters: a UUID has 36. */
const revocationName = (grantId: string) => `g-${grantId}`;

/**
 * The input contains the grant as well as the binding. Scheduler's messages are deduplicated by
 * content, and two grants of one binding may end within SQS's five minutes.
 */
function revocation(
  settings: ScheduleSettings,
  grantId: string,
  binding: string,
  revokeAt: string,
): Schedule {
  return {
    Name: revocationName(grantId),
    ScheduleExpression: atExpression(revokeAt),
    Target: {
      Arn: settings.convergeQueueArn,
      RoleArn: settings.scheduleRoleArn,
      SqsParameters: { MessageGroupId: binding },
      Input: JSON.stringify({ binding, cause: "revocation-time", grantId }),
      RetryPolicy: REVOCATION_RETRY,
      DeadLetterConfig: { Arn: settings.deadLetterArn },
    },
  };
}

const fuseSchedule = (
  settings: ScheduleSettings,
  Name: string,
  at: string,
  target: ReturnType<typeof fuseTarget>,
): Schedule => ({
  Name,
  ScheduleExpression: atExpression(at),
  Target: {
    ...target,
    RoleArn: settings.fuseRoleArn,
    RetryPolicy: FUSE_RETRY,
    DeadLetterConfig: { Arn: settings.deadLetterArn },
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

/** Whether the stored schedule would do the same as ours. */
function isSame(
  stored: Partial<Pick<CreateScheduleCommandInput, "ScheduleExpression" | "Target" | "State">>,
  wanted: Schedule,
): boolean {
  const essence = ({ ScheduleExpression, Target }: typeof stored) =>
    JSON.stringify([
      ScheduleExpression,
      Target?.Arn,
      Target?.RoleArn,
      Target?.Input,
      Target?.SqsParameters?.MessageGroupId,
    ]);
  return stored.State !== "DISABLED" && essence(stored) === essence(wanted);
}
