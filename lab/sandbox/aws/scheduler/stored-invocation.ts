/** Changes of invocations, which are stored until their last attempt is settled. */
import type { Store } from "../store.ts";
import { type Invocation, type Schedule, type SchedulerState, scheduleKey } from "./state.ts";

/** Changes an invocation; undefined if its schedule was deleted or replaced in the meantime. */
export function changeInvocation<Result>(
  store: Store<SchedulerState>,
  { groupName, name }: Schedule,
  id: string,
  mutate: (invocation: Invocation) => Result,
): Result | undefined {
  const find = (state: SchedulerState) =>
    state.schedules[scheduleKey(groupName, name)]?.invocations.find((each) => each.id === id);
  if (find(store.state) === undefined) return undefined;
  return store.change((state) => {
    const invocation = find(state);
    return invocation === undefined ? undefined : mutate(invocation);
  });
}

/** Deletes an invocation whose last attempt is over, and with it a schedule that is completed. */
export function settleInvocation(
  store: Store<SchedulerState>,
  schedule: Schedule,
  id: string,
): void {
  store.change((state) => {
    const stored = state.schedules[scheduleKey(schedule.groupName, schedule.name)];
    if (stored === undefined || !stored.invocations.some((each) => each.id === id)) return;
    stored.invocations = stored.invocations.filter((each) => each.id !== id);
    deleteIfCompleted(state, stored);
  });
}

/** A schedule is completed when its last occurrence has passed and every attempt is settled. */
export function deleteIfCompleted(state: SchedulerState, schedule: Schedule): void {
  if (schedule.next !== null || schedule.invocations.length > 0) return;
  if (schedule.settings.ActionAfterCompletion === "DELETE")
    delete state.schedules[scheduleKey(schedule.groupName, schedule.name)];
}
