import { randomUUID } from "node:crypto";
import { markOf, wasDone, withMark } from "./client-token.ts";
import { nextFor } from "./create-schedule.ts";
import { checkExecutionRole } from "./execution-role.ts";
import { changeSchedules, groupIn, groupNameOf, type Handler, scheduleIn } from "./operation.ts";
import { settingsFrom } from "./schedule-settings.ts";

/**
 * `UpdateSchedule`: replaces everything; what is left out goes back to its default. Occurrences of
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
