/** The people on call in the schedules that somebody's rules name. Pure. */
import { idAt, scheduleKey } from "../facts/on-call-schedule.ts";
import { askedFirstBy, askedOf, isOnCall, type Readings } from "./known-on-call.ts";
import type { AccessPolicy, Member, Rule } from "./policy.ts";

/** One schedule, as it is known now. */
export interface OnCallNow {
  /** Its name in `access.yaml`. */
  readonly schedule: string;
  /** The people of `access.yaml` who are on call, and until when. Empty where nobody is, or it is unknown. */
  readonly people: readonly { readonly person: string; readonly until: string }[];
  /**
   * The service's own ids of everybody else who is on call: nobody of `access.yaml` has them. Absent where no answer
   * counts.
   */
  readonly unnamed?: readonly string[];
  /** Whether the reader is. */
  readonly you: "yes" | "no" | "unknown";
  /** When the answer was read. Absent where no answer counts. ISO 8601 UTC. */
  readonly readAt?: string;
  /** Why it is unknown whether the reader is, and since when. Absent where that is known. */
  readonly unknown?: { readonly why: string; readonly since: string | null };
}

/** The schedules that rules name, for their requesters and for their approvers. */
export const schedulesOf = (rules: readonly Rule[]): readonly string[] => [
  ...new Set([...askedOf(rules), ...askedFirstBy(rules)]),
];

export const onCallIn = (
  policy: AccessPolicy,
  reader: Member,
  names: readonly string[],
  readings: Readings,
  now: string,
): readonly OnCallNow[] =>
  names.map((schedule) => {
    const you = isOnCall(policy, reader, schedule, readings, now);
    const people = Object.entries(policy.people).flatMap(([person, member]) => {
      const found = isOnCall(policy, member, schedule, readings, now);
      return found.is === "yes" ? [{ person, until: found.fact.until }] : [];
    });
    const unknown = you.is === "unknown" ? { unknown: { why: you.why, since: you.since } } : {};
    const answer = answerOf(policy, schedule, readings, now);
    return { schedule, people, ...answer, you: you.is, ...unknown };
  });

function answerOf(policy: AccessPolicy, name: string, readings: Readings, now: string) {
  const { schedules = {} } = policy;
  // If the answer counts, it is only unknown of people without an id.
  const anybody = isOnCall(policy, {}, name, readings, now);
  if (anybody.is === "unknown" && anybody.why !== "no-id") return {};
  const schedule = Object.hasOwn(schedules, name) ? schedules[name] : undefined;
  const answer = schedule && readings.get(scheduleKey(schedule))?.answer;
  if (!schedule || !answer) return {};
  const named = new Set(Object.values(policy.people).map(({ outside }) => idAt(schedule, outside)));
  const ids = answer.shifts.filter(({ until }) => now < until).map(({ person }) => person);
  const unnamed = [...new Set(ids)].filter((id) => !named.has(id));
  return { unnamed, readAt: answer.readAt };
}
