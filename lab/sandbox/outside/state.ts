/** The schedules of the services outside, as tests and people set them. */

import { initialPeople, type KnownPerson } from "./people.ts";
import type { OnCallName } from "./service-names.ts";
import type { Ticket } from "./tickets.ts";

/** One turn of a schedule. Times are milliseconds since 1970. */
export interface Turn {
  /** The service's id of the person; null in a gap. */
  readonly person: string | null;
  readonly start: number;
  readonly end: number;
  readonly isOverride: boolean;
}

export interface Schedule {
  readonly service: OnCallName;
  readonly id: string;
  /** The site of a schedule of Jira. */
  readonly cloudId?: string;
  /** PagerDuty's older schedules have layers. */
  readonly kind: "shifts" | "layers";
  /** Turns that somebody set. */
  readonly turns?: readonly Turn[];
  /** The people who take the weeks in turn, where nobody set anything. */
  readonly weekly?: readonly string[];
}

export interface OutsideState {
  schedules: readonly Schedule[];
  tickets: readonly Ticket[];
  people: readonly KnownPerson[];
  /** The key that signs the tokens of jobs, as PEM; absent until somebody wants one. */
  issuerKey?: string;
}

/** The schedule of the sample policy, and its people: carol's week now, and somebody else's next. */
export const initialOutsideState = (): OutsideState => ({
  tickets: [],
  people: initialPeople(),
  schedules: [
    { service: "pagerduty", id: "PI7DH85", kind: "shifts", weekly: ["PCAROL1", "PDAVE01"] },
  ],
});

const WEEK_MS = 7 * 86_400_000;
/** 1970-01-05 was a Monday; weeks are handed over at nine. */
const FIRST_HANDOVER_MS = 4 * 86_400_000 + 9 * 3_600_000;
/** Weeks ahead that are known: more than any client reads. */
const WEEKS_AHEAD = 5;

/** The turns of a schedule, those of the weeks around an instant where nobody set any. */
export function turnsOf({ turns, weekly = [] }: Schedule, nowMs: number): readonly Turn[] {
  if (turns) return turns;
  const week = Math.floor((nowMs - FIRST_HANDOVER_MS) / WEEK_MS);
  return Array.from({ length: weekly.length > 0 ? WEEKS_AHEAD : 0 }, (_, ahead) => {
    const start = FIRST_HANDOVER_MS + (week + ahead) * WEEK_MS;
    const person = weekly[ahead % weekly.length] ?? null;
    return { person, start, end: start + WEEK_MS, isOverride: false };
  });
}

/** The turns as they are after overrides: an override takes the place of whoever else has its time. */
export function finalTurns(turns: readonly Turn[]): readonly Turn[] {
  const overrides = turns.filter(({ isOverride }) => isOverride);
  const rest = overrides.reduce(
    (left: readonly Turn[], over) => left.flatMap((turn) => without(turn, over)),
    turns.filter(({ isOverride }) => !isOverride),
  );
  return [...rest, ...overrides].toSorted((a, b) => a.start - b.start);
}

const without = (turn: Turn, { start, end }: Turn): readonly Turn[] =>
  [
    { ...turn, end: Math.min(turn.end, start) },
    { ...turn, start: Math.max(turn.start, end) },
  ].filter((left) => left.start < left.end);

/** The turns of a time, cut at its bounds. */
export const cutTo = (turns: readonly Turn[], from: number, to: number): readonly Turn[] =>
  turns
    .map((turn) => ({
      ...turn,
      start: Math.max(turn.start, from),
      end: Math.min(turn.end, to),
    }))
    .filter(({ start, end }) => start < end);

export const touching = (turns: readonly Turn[], from: number, to: number): readonly Turn[] =>
  turns.filter(({ start, end }) => start < to && end > from);

export const iso = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(".000Z", "Z");
