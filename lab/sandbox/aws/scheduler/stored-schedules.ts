import { randomUUID } from "node:crypto";
import { markOf, rememberDeletion, wasDeleted, wasDone, withMark } from "./client-token.ts";
import { CONSTRAINTS, checkConstraints } from "./constraints.ts";
import { nextFor } from "./create-schedule.ts";
import { checkExecutionRole } from "./execution-role.ts";
import { pageOf } from "./listing.ts";
import {
  changeSchedules,
  epochSeconds,
  groupIn,
  groupNameOf,
  type Handler,
  scheduleIn,
} from "./operation.ts";
import { settingsFrom } from "./schedule-settings.ts";
import { scheduleKey } from "./state.ts";

/** `GetSchedule`. @throws ResourceNotFoundException */
export const getSchedule: Handler = ({ scheduler }, { input }) => {
  checkConstraints(input, CONSTRAINTS.GetSchedule);
  const groupName = groupNameOf(input);
  groupIn(scheduler.state, groupName);
  const schedule = scheduleIn(scheduler.state, groupName, String(input["Name"]));
  const { StartDate: start, EndDate: end, ...settings } = schedule.settings;
  return {
    Arn: schedule.arn,
    Name: schedule.name,
    GroupName: schedule.groupName,
    CreationDate: epochSeconds(schedule.creationDate),
    LastModificationDate: epochSeconds(schedule.lastModificationDate),
    ...settings,
    ...(start === undefined ? {} : { StartDate: epochSeconds(start) }),
    ...(end === undefined ? {} : { EndDate: epochSeconds(end) }),
  };
};

/** `ListSchedules`: summaries, of all groups or of one. @throws ResourceNotFoundException */
export const listSchedules: Handler = ({ scheduler }, { input }) => {
  checkConstraints(input, CONSTRAINTS.ListSchedules);
  const { GroupName: groupName, State: state } = input;
  if (typeof groupName === "string") groupIn(scheduler.state, groupName);
  const schedules = Object.entries(scheduler.state.schedules).filter(
    ([, schedule]) =>
      (groupName === undefined || schedule.groupName === groupName) &&
      (state === undefined || schedule.settings.State === state),
  );
  const { items, nextToken } = pageOf(input, schedules);
  return {
    Schedules: items.map((schedule) => ({
      Arn: schedule.arn,
      Name: schedule.name,
      GroupName: schedule.groupName,
      State: schedule.settings.State,
      CreationDate: epochSeconds(schedule.creationDate),
      LastModificationDate: epochSeconds(schedule.lastModificationDate),
      Target: { Arn: schedule.settings.Target.Arn },
    })),
    ...(nextToken === undefined ? {} : { NextToken: nextToken }),
  };
};

/**
 * `UpdateSchedule`: replaces everything; an absent setting goes back to its default. Occurrences of
 * the former settings that are still being retried end with them.
 *
 * @throws ValidationException, ResourceNotFoundException
 */
export const updateSchedule: Handler = (context, { input, now }) => {
  const settings = settingsFrom("UpdateSchedule", input, now.getTime());
  const name = String(input["Name"]);
  const groupName = groupNameOf(input);
  groupIn(context.scheduler.state, groupName);
  const { arn, requests } = scheduleIn(context.scheduler.state, groupName, name);
  const mark = markOf("UpdateSchedule", input);
  if (wasDone(requests, mark)) return { ScheduleArn: arn };
  checkExecutionRole(context.iam.state, context.mayAssume, settings.Target.RoleArn, arn);
  const next = nextFor(context, settings, now);
  changeSchedules(context, (state) => {
    const schedule = scheduleIn(state, groupName, name);
    schedule.settings = settings;
    schedule.lastModificationDate = now.toISOString();
    schedule.seed = randomUUID();
    schedule.next = next;
    schedule.invocations = [];
    schedule.requests = withMark(schedule.requests, mark);
  });
  return { ScheduleArn: arn };
};

/**
 * `DeleteSchedule`. Occurrences that are still being retried end with it.
 *
 * @throws ResourceNotFoundException
 */
export const deleteSchedule: Handler = (context, { input, now }) => {
  checkConstraints(input, CONSTRAINTS.DeleteSchedule);
  const name = String(input["Name"]);
  const groupName = groupNameOf(input);
  const { state } = context.scheduler;
  const mark = markOf("DeleteSchedule", input);
  const key = scheduleKey(groupName, name);
  if (state.schedules[key] === undefined && wasDeleted(state, mark)) return {};
  groupIn(state, groupName);
  scheduleIn(state, groupName, name);
  changeSchedules(context, (changing) => {
    delete changing.schedules[key];
    rememberDeletion(changing, mark, now);
  });
  return {};
};
