import { type Behaviour, fractionFor } from "./behaviour.ts";
import { atInstant, parseExpression, rateOccurrence } from "./expression.ts";
import type { Schedule, ScheduleSettings } from "./state.ts";

/**
 * The first nominal instant of a schedule that is made or replaced now, in milliseconds since
 * 1970. Null if none will come; `past` for an `at()` that is over already.
 */
export function firstOccurrence(
  settings: ScheduleSettings,
  now: number,
): { readonly instant: number | null; readonly past: boolean } {
  const expression = parseExpression(settings.ScheduleExpression);
  if (expression.kind === "rate")
    return { instant: rateOccurrence(expression, boundsOf(settings, now), now), past: false };
  const instant = atInstant(expression, settings.ScheduleExpressionTimezone);
  return { instant, past: instant !== null && instant < now };
}

/** The nominal instant after those that came due by `now`; null if that was the last. */
export function nextOccurrence(schedule: Schedule, now: number): number | null {
  const { settings, lastModificationDate } = schedule;
  const expression = parseExpression(settings.ScheduleExpression);
  if (expression.kind === "at") return null;
  return rateOccurrence(expression, boundsOf(settings, Date.parse(lastModificationDate)), now + 1);
}

/** When the next occurrence comes: nominal, plus jitter and the flexible window's share. */
export function dueAt(schedule: Schedule, behaviour: Behaviour): number | null {
  if (schedule.next === null || schedule.settings.State === "DISABLED") return null;
  const { FlexibleTimeWindow: window } = schedule.settings;
  const windowSeconds = window.Mode === "FLEXIBLE" ? window.MaximumWindowInMinutes * 60 : 0;
  const late =
    fractionFor(schedule.seed, "jitter", schedule.next) * behaviour.jitterSeconds +
    fractionFor(schedule.seed, "window", schedule.next) * windowSeconds;
  return Date.parse(schedule.next) + late * 1000;
}

function boundsOf(settings: ScheduleSettings, made: number) {
  return {
    start: settings.StartDate === undefined ? made : Date.parse(settings.StartDate),
    end: settings.EndDate === undefined ? null : Date.parse(settings.EndDate),
  };
}
