/** The people on call in a question to a policy: a test says it, and no service. Pure. */
import type { OnCall } from "../domain/facts/on-call.ts";
import { scheduleKey } from "../domain/facts/on-call-schedule.ts";
import type { KnownOnCall } from "../domain/policy/known-on-call.ts";
import type { AccessPolicy } from "../domain/policy/policy.ts";

/** Schedules in which the asker is on call, and in no others; or that nothing is known. */
export type OnCallWorld = "unknown" | readonly string[];

/** The judgements about the asker, at an instant of such a world. */
export const knownIn = (
  { schedules = {} }: AccessPolicy,
  world: OnCallWorld,
  at: string,
): KnownOnCall =>
  world === "unknown"
    ? new Map()
    : new Map(
        Object.entries(schedules).map(([name, schedule]): readonly [string, OnCall] => [
          name,
          world.includes(name)
            ? {
                is: "yes",
                fact: {
                  onCall: name,
                  schedule: scheduleKey(schedule),
                  person: "",
                  readAt: at,
                  until: NEVER_OVER,
                },
              }
            : { is: "no", readAt: at },
        ]),
      );

/** A question names no end of a shift. */
const NEVER_OVER = "9999-12-31T23:59:59.999Z";
