/** Readings of a schedule: the last answer that was whole, and what failed since. Pure. */
import { listOf, matching, optional, type Test, withFields } from "../values/forms.ts";
import { isInstant, plusSeconds } from "../values/instant.ts";

/** One person's turn, by the service's own id of the person. */
export interface Shift {
  readonly person: string;
  /** Until when they are on call, as far as it was read. ISO 8601 UTC. */
  readonly until: string;
  /** Whether the turn may go on after `until`, because nothing later was read. */
  readonly goesOn?: true;
  /** Whether the service says that somebody put them there by an override. */
  readonly byOverride?: true;
}

/**
 * Why a look at a schedule found nothing.
 *
 * - `unreachable`: no answer, or none in time
 * - `busy`: the service asks for fewer calls
 * - `failing`: an error of the service's own
 * - `denied`: no token, or one that the service does not take
 * - `gone`: the service has no such schedule, or hides it
 * - `unclear`: an answer that is not whole, too long, from elsewhere, or not as documented
 */
export const UNKNOWN_WHYS = [
  "unreachable",
  "busy",
  "failing",
  "denied",
  "gone",
  "unclear",
] as const;

export type UnknownWhy = (typeof UNKNOWN_WHYS)[number];

/** The outcome of one look at a schedule. */
export type ScheduleLook = { readonly shifts: readonly Shift[] } | { readonly unknown: UnknownWhy };

/** The reading that is stored of one schedule. */
export interface ScheduleReading {
  /** See `scheduleKey`. */
  readonly schedule: string;
  /** When the last look began. ISO 8601 UTC, by our own clock. */
  readonly lookedAt: string;
  /** The last whole answer. Absent before the first one, and where a later look showed that it counts no longer. */
  readonly answer?: {
    /** When the look began. */
    readonly readAt: string;
    /** Everyone on call at that time; empty where nobody was. */
    readonly shifts: readonly Shift[];
  };
  /** The looks that failed since the last whole answer. Absent after a whole answer. */
  readonly failing?: { readonly since: string; readonly why: UnknownWhy };
}

/** The most people on call at once by one schedule. A reading of more would be larger than an item of a table. */
export const MOST_SHIFTS = 200;

/** Failures that say nothing about the schedule: the last answer counts until it is too old. */
const PASSING: ReadonlySet<UnknownWhy> = new Set(["unreachable", "busy", "failing"]);

/**
 * The reading after one more look. A look that failed for a moment keeps the last answer, which
 * grows old. After any other failure there is no answer.
 *
 * @param at when the look began, ISO 8601 UTC
 */
export function afterLook(
  schedule: string,
  before: ScheduleReading | undefined,
  look: ScheduleLook,
  at: string,
): ScheduleReading {
  if ("shifts" in look && look.shifts.length <= MOST_SHIFTS)
    return { schedule, lookedAt: at, answer: { readAt: at, shifts: look.shifts } };
  const why = "unknown" in look ? look.unknown : "unclear";
  const answer = PASSING.has(why) ? before?.answer : undefined;
  return {
    schedule,
    lookedAt: at,
    ...(answer ? { answer } : {}),
    failing: { since: before?.failing?.since ?? at, why },
  };
}

const isTrue: Test = (value) => value === true;
const isShift = withFields({
  person: matching(/^.{1,128}$/su),
  until: isInstant,
  goesOn: optional(isTrue),
  byOverride: optional(isTrue),
});
const HAS_FORM = withFields({
  lookedAt: isInstant,
  answer: optional(withFields({ readAt: isInstant, shifts: listOf(isShift) })),
  failing: optional(
    withFields({ since: isInstant, why: (value) => UNKNOWN_WHYS.includes(value as UnknownWhy) }),
  ),
});

/**
 * The reading of a schedule that an item holds. An intruder in `outside` may store anything there, and ledgers take
 * over parts of it. @returns undefined for what is no reading, as if nobody had looked
 */
export const readingIn = (schedule: string, found: unknown): ScheduleReading | undefined =>
  HAS_FORM(found) && (found as ScheduleReading).schedule === schedule
    ? (found as ScheduleReading)
    : undefined;

/** A stored look that is further ahead than this by a new one is of no time that was, in seconds. */
const FUTURE_SECONDS = 300;

/**
 * The instant from which a stored look gives way although it claims to be later: two looks of ours may overlap, and clocks
 * differ by seconds.
 *
 * @param lookedAt when the new look began
 */
export const futureFrom = (lookedAt: string): string => plusSeconds(lookedAt, FUTURE_SECONDS);
