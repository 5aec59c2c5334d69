import { scheduleKey } from "../../domain/facts/on-call-schedule.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";

/** A fact of a policy, as `policy-facts.ts` has it. */
interface OnCallPart {
  readonly kind: "schedule" | "outside-id";
  readonly of: string;
  readonly is: string;
}

/** The schedules that names mean, and the ids of people: they decide who is on call. */
export const onCallFacts = ({ schedules = {}, people }: AccessPolicy): readonly OnCallPart[] => [
  ...Object.entries(schedules).map(
    ([of, schedule]): OnCallPart => ({ kind: "schedule", of, is: scheduleKey(schedule) }),
  ),
  ...Object.entries(people).flatMap(([of, { outside = {} }]) =>
    Object.entries(outside).map(
      ([service, id]): OnCallPart => ({ kind: "outside-id", of, is: `${service} ${id}` }),
    ),
  ),
];
