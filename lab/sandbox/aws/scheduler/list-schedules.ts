import { CONSTRAINTS, checkConstraints } from "./constraints.ts";
import { pageOf } from "./listing.ts";
import { epochSeconds, groupIn, type Handler } from "./operation.ts";

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
