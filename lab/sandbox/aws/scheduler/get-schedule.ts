import { CONSTRAINTS, checkConstraints } from "./constraints.ts";
import { epochSeconds, groupIn, groupNameOf, type Handler, scheduleIn } from "./operation.ts";

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
