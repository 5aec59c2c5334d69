import type { IamState } from "../iam/state.ts";
import type { Call } from "../service.ts";
import { signalOf } from "../sqs/signal.ts";
import type { Store } from "../store.ts";
import type { Behaviour } from "./behaviour.ts";
import type { Input } from "./constraints.ts";
import { SCHEDULES_CHANGED } from "./engine.ts";
import { groupDoesNotExist, scheduleDoesNotExist } from "./errors.ts";
import type { MayAssume } from "./execution-role.ts";
import {
  DEFAULT_GROUP,
  type Schedule,
  type ScheduleGroup,
  type SchedulerState,
  scheduleKey,
} from "./state.ts";

/** The context of every operation of Scheduler. */
export interface SchedulerContext {
  readonly scheduler: Store<SchedulerState>;
  readonly iam: Store<IamState>;
  readonly account: string;
  readonly region: string;
  readonly mayAssume: MayAssume;
  readonly behaviour: Readonly<Behaviour>;
}

export type Handler = (context: SchedulerContext, call: Call) => unknown;

/** The name of the group that a call is for. */
export function groupNameOf(input: Input): string {
  return typeof input["GroupName"] === "string" ? input["GroupName"] : DEFAULT_GROUP;
}

/** @throws ResourceNotFoundException */
export function groupIn(state: SchedulerState, name: string): ScheduleGroup {
  const group = state.groups[name];
  if (group === undefined) throw groupDoesNotExist(name);
  return group;
}

/** @throws ResourceNotFoundException */
export function scheduleIn(state: SchedulerState, groupName: string, name: string): Schedule {
  const schedule = state.schedules[scheduleKey(groupName, name)];
  if (schedule === undefined) throw scheduleDoesNotExist(name);
  return schedule;
}

/** Changes the state and makes the engine read its schedules again. */
export function changeSchedules<Result>(
  { scheduler }: SchedulerContext,
  mutate: (state: SchedulerState) => Result,
): Result {
  const result = scheduler.change(mutate);
  signalOf(scheduler, SCHEDULES_CHANGED).raise();
  return result;
}

/** A timestamp as restJson1 writes it: epoch seconds with a fraction. */
export function epochSeconds(iso: string): number {
  return Date.parse(iso) / 1000;
}
