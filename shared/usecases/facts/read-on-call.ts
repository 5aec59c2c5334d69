import type { Actor } from "../../domain/policy/actor.ts";
import { type OnCallNow, onCallIn, schedulesOf } from "../../domain/policy/on-call-now.ts";
import type { OwnRule } from "../../domain/policy/own-rule.ts";
import { hasRole } from "../../domain/policy/policy.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { readSchedules } from "./read-schedules.ts";

/**
 * The people on call in the schedules that somebody's rules name, for that person to know. Admins and auditors
 * know all schedules. Reads nothing where there are no such schedules.
 */
export async function readOnCall(
  ports: Pick<FrontPorts, "policy" | "facts">,
  { member }: Pick<Actor, "member">,
  own: readonly OwnRule[],
  now: string,
): Promise<readonly OnCallNow[]> {
  const { policy } = ports;
  const mayKnowAll = hasRole(policy, member, "admins") || hasRole(policy, member, "auditors");
  const ofRules = schedulesOf(own.map(({ rule }) => rule));
  const names = mayKnowAll ? Object.keys(policy.schedules ?? {}) : ofRules;
  if (names.length === 0) return [];
  return onCallIn(policy, member, names, await readSchedules(ports, names), now);
}
