import { type Hours, isWithin, nextOpening } from "../../domain/policy/hours.ts";
import type { HoursAnswer } from "./access-answer.ts";

/** A rule's hours as they are at `now`. */
export function hoursAnswer(hours: Hours | null, now: string): HoursAnswer | null {
  if (hours === null) return null;
  const isOpen = isWithin(hours, now);
  return { ...hours, isOpen, opensAt: isOpen ? null : (nextOpening(hours, now) ?? null) };
}
