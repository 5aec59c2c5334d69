import { markOf, rememberDeletion, wasDeleted } from "./client-token.ts";
import { CONSTRAINTS, checkConstraints } from "./constraints.ts";
import { validation } from "./errors.ts";
import { changeSchedules, groupIn, type Handler } from "./operation.ts";
import { DEFAULT_GROUP } from "./state.ts";

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
