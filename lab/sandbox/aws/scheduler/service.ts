import type { IamState } from "../iam/state.ts";
import type { Operation, RestRoute, Service } from "../service.ts";
import type { Store } from "../store.ts";
import type { Behaviour } from "./behaviour.ts";
import { createSchedule } from "./create-schedule.ts";
import type { MayAssume } from "./execution-role.ts";
import type { Handler } from "./operation.ts";
import { type ActsOn, permissionsOf } from "./permissions.ts";
import {
  createScheduleGroup,
  deleteScheduleGroup,
  getScheduleGroup,
  listScheduleGroups,
} from "./schedule-groups.ts";
import type { SchedulerState } from "./state.ts";
import { deleteSchedule, getSchedule, listSchedules, updateSchedule } from "./stored-schedules.ts";
import { listTagsForResource, tagResource, untagResource } from "./tags.ts";

interface Entry {
  readonly method: RestRoute["method"];
  readonly path: string;
  readonly on: ActsOn;
  readonly run: Handler;
  readonly query?: NonNullable<RestRoute["query"]>;
}

const text = (member: string) => ({ member, type: "string" }) as const;
const PAGE = {
  MaxResults: { member: "MaxResults", type: "number" },
  NamePrefix: text("NamePrefix"),
  NextToken: text("NextToken"),
} as const;
const TOKEN = { clientToken: text("ClientToken") };
const GROUP = { groupName: text("GroupName") };

/** All operations of the API, with their places on the wire. */
const OPERATIONS: Readonly<Record<string, Entry>> = {
  CreateSchedule: {
    method: "POST",
    path: "/schedules/{Name}",
    on: "schedule",
    run: createSchedule,
  },
  GetSchedule: {
    method: "GET",
    path: "/schedules/{Name}",
    on: "schedule",
    run: getSchedule,
    query: GROUP,
  },
  UpdateSchedule: { method: "PUT", path: "/schedules/{Name}", on: "schedule", run: updateSchedule },
  DeleteSchedule: {
    method: "DELETE",
    path: "/schedules/{Name}",
    on: "schedule",
    run: deleteSchedule,
    query: { ...TOKEN, ...GROUP },
  },
  ListSchedules: {
    method: "GET",
    path: "/schedules",
    on: "account",
    run: listSchedules,
    query: { ...PAGE, ScheduleGroup: text("GroupName"), State: text("State") },
  },
  CreateScheduleGroup: {
    method: "POST",
    path: "/schedule-groups/{Name}",
    on: "group",
    run: createScheduleGroup,
  },
  GetScheduleGroup: {
    method: "GET",
    path: "/schedule-groups/{Name}",
    on: "group",
    run: getScheduleGroup,
  },
  DeleteScheduleGroup: {
    method: "DELETE",
    path: "/schedule-groups/{Name}",
    on: "group",
    run: deleteScheduleGroup,
    query: TOKEN,
  },
  ListScheduleGroups: {
    method: "GET",
    path: "/schedule-groups",
    on: "account",
    run: listScheduleGroups,
    query: PAGE,
  },
  TagResource: {
    method: "POST",
    path: "/tags/{ResourceArn}",
    on: "tagged-group",
    run: tagResource,
  },
  UntagResource: {
    method: "DELETE",
    path: "/tags/{ResourceArn}",
    on: "tagged-group",
    run: untagResource,
    query: { TagKeys: { member: "TagKeys", type: "strings" } },
  },
  ListTagsForResource: {
    method: "GET",
    path: "/tags/{ResourceArn}",
    on: "tagged-group",
    run: listTagsForResource,
  },
};

/**
 * Amazon EventBridge Scheduler over REST-JSON. It keeps schedules; `startEngine` on the same store
 * fires them.
 *
 * @param options.mayAssume whether a role trusts `scheduler.amazonaws.com`
 * @param options.behaviour the engine's; operations read what an `at()` in the past means
 */
export function schedulerService(options: {
  readonly scheduler: Store<SchedulerState>;
  readonly iam: Store<IamState>;
  readonly account: string;
  readonly region: string;
  readonly mayAssume: MayAssume;
  readonly behaviour: Readonly<Behaviour>;
}): Service {
  const { region, account, scheduler } = options;
  const operations = Object.entries(OPERATIONS).map(([name, { on, run }]) => {
    const operation: Operation = {
      permissions: (input) =>
        permissionsOf(name, on, input, { region, account, state: scheduler.state }),
      run: (call) => run(options, call),
    };
    return [name, operation] as const;
  });
  const routes = Object.entries(OPERATIONS).map(([operation, { method, path, query }]) => ({
    operation,
    method,
    path,
    ...(query === undefined ? {} : { query }),
  }));
  return {
    name: "scheduler",
    protocol: { kind: "rest-json", routes, errorMember: "Message" },
    operations: Object.fromEntries(operations),
  };
}
