import { CONSTRAINTS, checkConstraints } from "./constraints.ts";
import { groupOnWire } from "./get-schedule-group.ts";
import { pageOf } from "./listing.ts";
import type { Handler } from "./operation.ts";

/** `ListScheduleGroups`. */
export const listScheduleGroups: Handler = ({ scheduler }, { input }) => {
  checkConstraints(input, CONSTRAINTS.ListScheduleGroups);
  const { items, nextToken } = pageOf(input, Object.entries(scheduler.state.groups));
  return {
    ScheduleGroups: items.map(groupOnWire),
    ...(nextToken === undefined ? {} : { NextToken: nextToken }),
  };
};
