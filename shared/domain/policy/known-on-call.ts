/** The knowledge of who is on call, as rules judge by it. Pure. */
import { type OnCall, type OnCallFact, onCallNow } from "../facts/on-call.ts";
import { scheduleKey } from "../facts/on-call-schedule.ts";
import type { ScheduleReading } from "../facts/schedule-reading.ts";
import type { AccessRequest } from "../requests/request.ts";
import { approversOf } from "./approvers.ts";
import type { AccessPolicy, Member, Rule } from "./policy.ts";

/** Readings by their keys, as they are stored. */
export type Readings = ReadonlyMap<string, ScheduleReading>;

/** Nothing was read. Where a rule asks, that is unknown. */
export const NOTHING_READ: Readings = new Map();

/**
 * One person's judgements by names of schedules. A schedule that is absent is unknown. `everyone`:
 * whatever a rule lends to somebody on call is judged as lent.
 */
export type KnownOnCall = "everyone" | ReadonlyMap<string, OnCall>;

const NEVER_READ: OnCall = { is: "unknown", why: "never-read", since: null };

/** Whether a person is on call in a schedule of the policy. */
export function isOnCall(
  { schedules = {} }: AccessPolicy,
  { outside }: Pick<Member, "outside">,
  name: string,
  readings: Readings,
  now: string,
): OnCall {
  const schedule = Object.hasOwn(schedules, name) ? schedules[name] : undefined;
  if (!schedule) return NEVER_READ;
  return onCallNow(name, schedule, outside, readings.get(scheduleKey(schedule)), now);
}

/** Whether a person is on call in each of some schedules. */
export const knownOnCall = (
  policy: AccessPolicy,
  member: Pick<Member, "outside">,
  names: readonly string[],
  readings: Readings,
  now: string,
): KnownOnCall =>
  new Map(names.map((name) => [name, isOnCall(policy, member, name, readings, now)]));

/** The fact that a rule leans on; undefined for a rule that asks for none, and where it does not hold. */
export function factOf({ who }: Rule, known: KnownOnCall | undefined): OnCallFact | undefined {
  if (who.onCall === undefined || known === undefined || known === "everyone") return undefined;
  const found = known.get(who.onCall);
  return found?.is === "yes" ? found.fact : undefined;
}

/** The judgement that a rule asks for; undefined for a rule that asks for nothing, and for everyone on call. */
export const judgementOf = ({ who }: Rule, known: KnownOnCall | undefined): OnCall | undefined =>
  who.onCall === undefined || known === "everyone"
    ? undefined
    : (known?.get(who.onCall) ?? NEVER_READ);

/** The keys of schedules, by their names in the policy. Names that it does not have are left out. */
export const keysOf = ({ schedules = {} }: AccessPolicy, names: readonly string[]) =>
  [...new Set(names)].flatMap((name) => {
    const schedule = Object.hasOwn(schedules, name) ? schedules[name] : undefined;
    return schedule ? [scheduleKey(schedule)] : [];
  });

/** The schedules that rules ask for their requesters. */
export const askedOf = (rules: readonly Rule[]): readonly string[] => [
  ...new Set(rules.flatMap(({ who }) => who.onCall ?? [])),
];

/** The schedules by which rules say who is asked first. */
export const askedFirstBy = (
  rules: readonly Pick<Rule, "approval" | "agents">[],
): readonly string[] => [
  ...new Set(
    rules.flatMap(({ approval, agents = [] }) =>
      [...approval, ...agents].flatMap(({ onCall }) => onCall ?? []),
    ),
  ),
];

/** The asker and the principal, with what is known of who is on call. */
interface Asking {
  readonly readings: Readings;
  readonly member: Member;
  readonly principalArn: string;
  readonly now: string;
}

/**
 * The approvers who are on call in the schedules by which a rule says who is asked first, as a request
 * stores them.
 */
export function askedFirstUnder(
  policy: AccessPolicy,
  rule: Rule,
  { readings, member, principalArn, now }: Asking,
): Pick<AccessRequest, "askedFirst"> {
  const names = askedFirstBy([{ approval: rule.approval }]);
  if (names.length === 0) return {};
  const able = new Set(
    approversOf(policy, rule, member, [principalArn]).flatMap(({ people }) => people),
  );
  const found = names.flatMap((name) => {
    const people = peopleOnCall(policy, name, readings, now).filter((one) => able.has(one));
    return people.length === 0 ? [] : [[name, people] as const];
  });
  return found.length === 0 ? {} : { askedFirst: Object.fromEntries(found) };
}

/** Everyone of the policy who is on call in a schedule, by name. Empty where nobody is, or it is unknown. */
const peopleOnCall = (
  policy: AccessPolicy,
  name: string,
  readings: Readings,
  now: string,
): readonly string[] =>
  Object.entries(policy.people).flatMap(([person, member]) =>
    isOnCall(policy, member, name, readings, now).is === "yes" ? [person] : [],
  );
