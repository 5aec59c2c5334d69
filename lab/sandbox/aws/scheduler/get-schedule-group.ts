import { CONSTRAINTS, checkConstraints } from "./constraints.ts";
import { epochSeconds, groupIn, type Handler } from "./operation.ts";
import type { ScheduleGroup } from "./state.ts";

/** `GetScheduleGroup`. @throws ResourceNotFoundException */
export const getScheduleGroup: Handler = ({ scheduler }, { input }) => {
  checkConstraints(input, CONSTRAINTS.GetScheduleGroup);
  return groupOnWire(groupIn(scheduler.state, String(input["Name"])));
};

/** Always ACTIVE: a group is deleted at once. */
export function groupOnWire(group: ScheduleGroup): Readonly<Record<string, unknown>> {
  return {
    Arn: group.arn,
    Name: group.name,
    State: "ACTIVE",
    CreationDate: epochSeconds(group.creationDate),
    LastModificationDate: epochSeconds(group.lastModificationDate),
  };
}
