import type { Actor } from "../../domain/policy/actor.ts";
import { type OnCallNow, onCallIn, schedulesOf } from "../../domain/policy/on-call-now.ts";
import type { OwnRule } from "../../domain/policy/own-rule.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { readSchedules } from "./read-schedules.ts";

/**
 * The people on call in the schedules that somebody's rules name, for that person to know. Reads nothing where
 * they name no schedule.
 */
export async function readOnCall(
  ports: Pick<FrontPorts, "policy" | "facts">,
  { member }: Pick<Actor, "member">,
  own: readonly OwnRule[],
  now: string,
): Promise<readonly OnCallNow[]> {
  const names = schedulesOf(own.map(({ rule }) => rule));
  if (names.length === 0) return [];
  return onCallIn(ports.policy, member, names, await readSchedules(ports, names), now);
}
