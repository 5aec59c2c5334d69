/** Whether a person is on call: yes, no, or unknown. Only *yes* lets anybody in. Pure. */
import { plusSeconds, secondsBetween } from "../values/instant.ts";
import { idAt, type OnCallSchedule, type OutsideIds, scheduleKey } from "./on-call-schedule.ts";
import type { ScheduleReading, UnknownWhy } from "./schedule-reading.ts";

/** How long an answer counts. After its end a shift does not, however new the answer is. */
export const ON_CALL_COUNTS_SECONDS = 300;

/** How far the clock of whoever read may be ahead of ours. */
const CLOCKS_DIFFER_SECONDS = 60;

/** The fact that a step leans on: that a service said that a person was on call. Stored with the step. */
export interface OnCallFact {
  /** The schedule's name in `access.yaml`. */
  readonly onCall: string;
  /** See `scheduleKey`. */
  readonly schedule: string;
  /** The service's own id of the person. */
  readonly person: string;
  readonly readAt: string;
  readonly until: string;
  readonly byOverride?: true;
}

/** Why it is not known. `no-id`: `access.yaml` has no id of the person. `old`: nobody looked in time. */
type NotKnown = UnknownWhy | "no-id" | "old" | "never-read";

/** A judgement about one person and one schedule. */
export type OnCall =
  | { readonly is: "yes"; readonly fact: OnCallFact }
  | { readonly is: "no"; readonly readAt: string }
  | {
      readonly is: "unknown";
      readonly why: NotKnown;
      /** Since when it is not known; null where it never was. */
      readonly since: string | null;
    };

/**
 * Whether a person is on call at `now`.
 *
 * @param name the schedule's name in `access.yaml`
 * @param ids the person's
 * @param reading undefined where nothing was stored
 */
export function onCallNow(
  name: string,
  schedule: OnCallSchedule,
  ids: OutsideIds | undefined,
  reading: ScheduleReading | undefined,
  now: string,
): OnCall {
  const unknown = unknownOf(schedule, reading, now);
  if (unknown || !reading?.answer) return unknown ?? NEVER_READ;
  const person = idAt(schedule, ids);
  if (person === undefined) return { is: "unknown", why: "no-id", since: null };
  const { readAt, shifts } = reading.answer;
  const own = shifts.filter((shift) => shift.person === person);
  // Somebody may have several turns at once. The one that lasts longest counts.
  const [last] = own.toSorted((a, b) => (a.until < b.until ? 1 : -1));
  if (last && now < last.until) {
    const { until, byOverride } = last;
    const fact = { onCall: name, schedule: reading.schedule, person, readAt, until };
    return { is: "yes", fact: byOverride ? { ...fact, byOverride: true } : fact };
  }
  // Nobody has read yet who follows a shift that is over.
  const over = shifts.map(({ until }) => until).filter((until) => until <= now);
  const [since] = over.toSorted();
  return since === undefined ? { is: "no", readAt } : { is: "unknown", why: "old", since };
}

const NEVER_READ: OnCall = { is: "unknown", why: "never-read", since: null };

/** Why a whole reading says nothing at `now`; undefined where its answer counts. */
function unknownOf(
  schedule: OnCallSchedule,
  reading: ScheduleReading | undefined,
  now: string,
): OnCall | undefined {
  if (!reading || reading.schedule !== scheduleKey(schedule)) return NEVER_READ;
  const { answer, failing } = reading;
  if (!answer)
    return failing ? { is: "unknown", why: failing.why, since: failing.since } : NEVER_READ;
  const age = secondsBetween(answer.readAt, now);
  if (age < -CLOCKS_DIFFER_SECONDS) return { is: "unknown", why: "unclear", since: answer.readAt };
  if (age < ON_CALL_COUNTS_SECONDS) return undefined;
  return {
    is: "unknown",
    why: failing?.why ?? "old",
    since: plusSeconds(answer.readAt, ON_CALL_COUNTS_SECONDS),
  };
}
