import type { Shift } from "../domain/facts/schedule-reading.ts";
import { NoAnswer } from "./no-answer.ts";

/** A stretch of time of a schedule, as its service says it. Times are milliseconds since 1970. */
export interface Turn {
  /** The service's id of a person; "nobody" in a gap; "odd" for anything else. */
  readonly who: { readonly id: string } | "nobody" | "odd";
  readonly from: number;
  readonly to: number;
  readonly byOverride?: boolean;
}

/**
 * The people whose turns hold an instant. Each is there once, until the end of the last turn that
 * follows without a gap.
 *
 * @param readTo up to where the turns were read: what is later is not known
 * @throws NoAnswer where a turn of this instant is of nobody that can be told
 */
export function peopleOnCall(
  turns: readonly Turn[],
  now: number,
  readTo = Number.POSITIVE_INFINITY,
): readonly Shift[] {
  const current = turns.filter((turn) => holds(turn, now));
  if (current.some(({ who }) => who === "odd")) throw new NoAnswer("odd");
  const ids = new Set(current.flatMap(({ who }) => (typeof who === "string" ? [] : [who.id])));
  return [...ids].sort().map((id) => shiftOf(id, turns, now, readTo));
}

const holds = ({ from, to }: Turn, now: number) => from <= now && now < to;

function shiftOf(person: string, turns: readonly Turn[], now: number, readTo: number): Shift {
  const own = turns
    .filter(({ who }) => typeof who !== "string" && who.id === person)
    .toSorted((a, b) => a.from - b.from);
  const last = own.reduce((end, { from, to }) => (from <= end && to > end ? to : end), now);
  const current = own.filter((turn) => holds(turn, now));
  return {
    person,
    until: new Date(Math.min(last, readTo)).toISOString(),
    ...(last >= readTo ? { goesOn: true } : {}),
    // In two turns at once, they are on call by the one that nobody changed.
    ...(current.every(({ byOverride }) => byOverride === true) ? { byOverride: true } : {}),
  };
}
