import { randomUUID } from "node:crypto";
import { markOf, wasDone, withMark } from "./client-token.ts";
import { quotaReached, scheduleExists, validation } from "./errors.ts";
import { checkExecutionRole } from "./execution-role.ts";
import { firstOccurrence } from "./occurrence.ts";
import {
  changeSchedules,
  groupIn,
  groupNameOf,
  type Handler,
  type SchedulerContext,
} from "./operation.ts";
import { settingsFrom } from "./schedule-settings.ts";
import { type ScheduleSettings, scheduleArn, scheduleKey } from "./state.ts";

/**
 * `CreateSchedule`.
 *
 * @throws ValidationException, ResourceNotFoundException (no such group), ConflictException,
 *   ServiceQuotaExceededException
 */
export const createSchedule: Handler = (context, { input, now }) => {
  const settings = settingsFrom("CreateSchedule", input, now.getTime());
  const name = String(input["Name"]);
  const groupName = groupNameOf(input);
  groupIn(context.scheduler.state, groupName);
  const arn = scheduleArn(context.region, context.account, groupName, name);
  const key = scheduleKey(groupName, name);
  const mark = markOf("CreateSchedule", input);
  const existing = context.scheduler.state.schedules[key];
  if (existing !== undefined && wasDone(existing.requests, mark)) return { ScheduleArn: arn };
  if (existing !== undefined) throw scheduleExists(name);
  checkExecutionRole(context.iam.state, context.mayAssume, settings.Target.RoleArn, arn);
  const next = nextFor(context, settings, now);
  const { mostSchedules } = context.behaviour;
  if (Object.keys(context.scheduler.state.schedules).length >= mostSchedules)
    throw quotaReached(mostSchedules);
  const at = now.toISOString();
  changeSchedules(context, (state) => {
    state.schedules[key] = {
      name,
      groupName,
      arn,
      creationDate: at,
      lastModificationDate: at,
      settings,
      seed: randomUUID(),
      next,
      invocations: [],
      requests: withMark({}, mark),
    };
  });
  return { ScheduleArn: arn };
};

/**
 * The first occurrence of settings that are accepted now. `behaviour.pastAt` decides what an `at()`
 * in the past means.
 *
 * @throws ValidationException under `reject`
 */
export function nextFor(
  { behaviour }: SchedulerContext,
  settings: ScheduleSettings,
  now: Date,
): string | null {
  const { instant, past } = firstOccurrence(settings, now.getTime());
  if (past && behaviour.pastAt === "reject")
    throw validation(
      `Invalid Schedule Expression ${settings.ScheduleExpression}. It lies in the past.`,
    );
  if (instant === null || (past && behaviour.pastAt === "accept-never-fire")) return null;
  return new Date(instant).toISOString();
}
