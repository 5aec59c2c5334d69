import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  type SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { bindingKey } from "../../domain/entries/binding.ts";
import {
  type FuseOrder,
  fuseSchedule,
  isOwn,
  onceInGroup,
} from "../../domain/entries/fuse-schedule.ts";
import { bindingSessionName } from "../../domain/entries/session-name.ts";
import { clusterArnOf } from "../../domain/values/arn.ts";
import { CallFailed, type EntryAddress } from "../../ports/access-entries.ts";
import type { Schedules } from "../../ports/schedules.ts";
import { type AwsCallOptions, awsCaller } from "../calls/aws-call.ts";
import type { ArmingClients, GrantorSessions } from "../eks/grantor-sessions.ts";
import {
  isSame,
  retry,
  revocation,
  revocationName,
  type ScheduleSettings,
  type WantedSchedule,
} from "./wanted-schedule.ts";

/** How Scheduler is reached. */
export interface Schedulers {
  /** The broker's own, with the function's role. */
  readonly client: SchedulerClient;
  /** Schedules of other accounts and regions, with the grantor role there. */
  readonly sessions: GrantorSessions<ArmingClients>;
}

const NOT_FOUND = "ResourceNotFoundException";
const CONFLICT = "ConflictException";
/** Scheduler's answer to a target that it does not accept. It documents no EKS targets. */
const INVALID = "ValidationException";

/**
 * Timers in EventBridge Scheduler. A revocation's name follows from its grant, so arming twice
 * makes one. A fuse's name is used once.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 */
export function schedulerSchedules(
  { client, sessions }: Schedulers,
  settings: ScheduleSettings,
  options: AwsCallOptions,
): Schedules {
  const callsBy = (reach: SchedulerReach) => scheduleCalls(reach, settings.group, options);
  const own = callsBy(ownScheduler(client));
  const { create, update, get, remove } = own;
  /** Fuses are where the cluster is, so that they fire without the broker's region. */
  const callsAt = (address: FuseOrder["address"]) =>
    isOwn(settings, address.cluster) ? own : callsBy(remoteScheduler(sessions, address));

  /**
   * Makes sure that the schedule exists as wanted. A schedule that fires between two of our calls
   * deletes itself; it is then created again.
   */
  const arm = async (schedule: WantedSchedule): Promise<void> => {
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

    async disarmRevocation(grantId, binding) {
      await unless(NOT_FOUND, () => remove(revocationName(grantId, binding)));
    },

    async armRetry(binding, at) {
      await unless(CONFLICT, () => create(retry(settings, binding, at)));
    },

    async armFuse(order) {
      const fuse = fuseSchedule(settings, order);
      // The name is used only once, so an existing schedule is this fuse, whose answer was lost.
      const taken = await unless(INVALID, () =>
        unless(CONFLICT, () => callsAt(order.address).create(fuse)),
      );
      return taken ? "armed" : "refused";
    },

    async disarmFuse(name, address) {
      await unless(NOT_FOUND, () => callsAt(address).remove(name));
    },
  };
}

/** The calls to Scheduler, for one schedule of the group each. */
function scheduleCalls(
  { sessionName, use }: SchedulerReach,
  GroupName: string,
  options: AwsCallOptions,
) {
  const make = awsCaller(options);
  const called = (operation: string) => ({ operation, sessionName });
  const whole = (schedule: WantedSchedule) => onceInGroup(schedule, GroupName);
  return {
    create: (schedule: WantedSchedule) =>
      use((client) =>
        make({
          ...called("CreateSchedule"),
          send: (within) => client.send(new CreateScheduleCommand(whole(schedule)), within),
        }),
      ),
    /** Replaces the whole schedule: a field that is left out gets its default. */
    update: (schedule: WantedSchedule) =>
      use((client) =>
        make({
          ...called("UpdateSchedule"),
          send: (within) => client.send(new UpdateScheduleCommand(whole(schedule)), within),
        }),
      ),
    get: (Name: string | undefined) =>
      use((client) =>
        make({
          ...called("GetSchedule"),
          isRead: true,
          send: (within) => client.send(new GetScheduleCommand({ Name, GroupName }), within),
        }),
      ),
    remove: (Name: string) =>
      use((client) =>
        make({
          ...called("DeleteSchedule"),
          send: (within) => client.send(new DeleteScheduleCommand({ Name, GroupName }), within),
        }),
      ),
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

/** Chooses the Scheduler to call, and the session. */
interface SchedulerReach {
  /** The session's name, for the record of a call. */
  readonly sessionName: string;
  /** Lets `make` call Scheduler. */
  readonly use: <Answer>(make: (client: SchedulerClient) => Promise<Answer>) => Promise<Answer>;
}

/** The broker's own Scheduler, under the function's own role, whose session Lambda names. */
const ownScheduler = (client: SchedulerClient): SchedulerReach => ({
  sessionName: "converge",
  use: (make) => make(client),
});

/**
 * The Scheduler of the entry's account and region, in the session of the entry's binding. The
 * entry's reads may share that session.
 */
function remoteScheduler(
  sessions: GrantorSessions<ArmingClients>,
  { cluster, principalArn }: EntryAddress,
): SchedulerReach {
  const sessionName = bindingSessionName(bindingKey(clusterArnOf(cluster), principalArn));
  const session = { sessionName, sourceIdentity: "timelatch" };
  return {
    sessionName,
    use: (make) =>
      sessions({ cluster, role: "policies", session }, ({ scheduler }) => make(scheduler())),
  };
}
