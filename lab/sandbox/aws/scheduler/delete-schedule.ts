import { markOf, rememberDeletion, wasDeleted } from "./client-token.ts";
import { CONSTRAINTS, checkConstraints } from "./constraints.ts";
import { changeSchedules, groupIn, groupNameOf, type Handler, scheduleIn } from "./operation.ts";
import { scheduleKey } from "./state.ts";

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
