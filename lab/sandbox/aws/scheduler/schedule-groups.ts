import { markOf, rememberDeletion, wasDeleted, wasDone, withMark } from "./client-token.ts";
import { CONSTRAINTS, checkConstraints } from "./constraints.ts";
import { groupExists, validation } from "./errors.ts";
import { pageOf } from "./listing.ts";
import { changeSchedules, epochSeconds, groupIn, type Handler } from "./operation.ts";
import type { ScheduleGroup } from "./state.ts";
import { DEFAULT_GROUP, groupArn } from "./state.ts";
import { tagsFrom } from "./tags.ts";

/** `CreateScheduleGroup`. @throws ConflictException */
export const createScheduleGroup: Handler = (context, { input, now }) => {
  checkConstraints(input, CONSTRAINTS.CreateScheduleGroup);
  const name = String(input["Name"]);
  const arn = groupArn(context.region, context.account, name);
  const tags = tagsFrom(input);
  const mark = markOf("CreateScheduleGroup", input);
  const existing = context.scheduler.state.groups[name];
  if (existing !== undefined && wasDone(existing.requests, mark)) return { ScheduleGroupArn: arn };
  if (existing !== undefined) throw groupExists(name);
  const at = now.toISOString();
  changeSchedules(context, (state) => {
    state.groups[name] = {
      name,
      arn,
      creationDate: at,
      lastModificationDate: at,
      tags,
      requests: withMark({}, mark),
    };
  });
  return { ScheduleGroupArn: arn };
};

/** `GetScheduleGroup`. @throws ResourceNotFoundException */
export const getScheduleGroup: Handler = ({ scheduler }, { input }) => {
  checkConstraints(input, CONSTRAINTS.GetScheduleGroup);
  return groupOnWire(groupIn(scheduler.state, String(input["Name"])));
};

/** Always ACTIVE: a group is deleted at once. */
function groupOnWire(group: ScheduleGroup): Readonly<Record<string, unknown>> {
  return {
    Arn: group.arn,
    Name: group.name,
    State: "ACTIVE",
    CreationDate: epochSeconds(group.creationDate),
    LastModificationDate: epochSeconds(group.lastModificationDate),
  };
}

/** `ListScheduleGroups`. */
export const listScheduleGroups: Handler = ({ scheduler }, { input }) => {
  checkConstraints(input, CONSTRAINTS.ListScheduleGroups);
  const { items, nextToken } = pageOf(input, Object.entries(scheduler.state.groups));
  return {
    ScheduleGroups: items.map(groupOnWire),
    ...(nextToken === undefined ? {} : { NextToken: nextToken }),
  };
};

/**
 * `DeleteScheduleGroup`, with all its schedules. AWS takes a while, in which the group is DELETING
 * and its schedules may still fire. Here everything happens at once.
 *
 * @throws ResourceNotFoundException, ValidationException (the default group)
 */
export const deleteScheduleGroup: Handler = (context, { input, now }) => {
  checkConstraints(input, CONSTRAINTS.DeleteScheduleGroup);
  const name = String(input["Name"]);
  if (name === DEFAULT_GROUP) throw validation("The default schedule group cannot be deleted.");
  const { state } = context.scheduler;
  const mark = markOf("DeleteScheduleGroup", input);
  if (state.groups[name] === undefined && wasDeleted(state, mark)) return {};
  groupIn(state, name);
  changeSchedules(context, (changing) => {
    delete changing.groups[name];
    changing.schedules = Object.fromEntries(
      Object.entries(changing.schedules).filter(([, { groupName }]) => groupName !== name),
    );
    rememberDeletion(changing, mark, now);
  });
  return {};
};
