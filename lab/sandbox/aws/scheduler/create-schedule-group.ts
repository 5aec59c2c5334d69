import { markOf, wasDone, withMark } from "./client-token.ts";
import { CONSTRAINTS, checkConstraints } from "./constraints.ts";
import { groupExists } from "./errors.ts";
import { changeSchedules, type Handler } from "./operation.ts";
import { groupArn } from "./state.ts";
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
