/** Objections that a rule may have to the instants of a request. */
import { formatDuration } from "../values/duration.ts";
import { latest, secondsBetween } from "../values/instant.ts";
import { clockText, describeHours, type Hours, isWithin, nextOpening } from "./hours.ts";
import type { Moments } from "./moments.ts";
import type { Rule } from "./policy.ts";

/** Whether an objection is raised, and which. */
type TimeCheck = readonly [boolean, TimeObjection, () => string];
type TimeObjection = "outside-hours" | "start-too-late" | "break-glass-later" | "lapsed";

/** Text that is no instant fails each check: a record can be forged. Pure. */
export function checksOfTimes(rule: Rule, moments: Moments): readonly TimeCheck[] {
  const { askedAt, startsAt, decidedAt } = moments;
  const within = (from: string | null, to: string | null, seconds: number) =>
    from === null || to === null || secondsBetween(from, to) <= seconds;
  return [
    ...checksOfHours(rule, moments),
    [
      !within(askedAt, startsAt, rule.startLatestSeconds),
      "start-too-late",
      () =>
        `${rule.name} lends with a start at most ${formatDuration(rule.startLatestSeconds)} after the request.`,
    ],
    [
      rule.breakGlass && startsAt !== null,
      "break-glass-later",
      () =>
        `${rule.name} is for an emergency, so its access starts now. Leave the start out, or ask by another rule.`,
    ],
    [
      !within(askedAt, decidedAt, rule.lapseSeconds),
      "lapsed",
      () =>
        `Requests under ${rule.name} lapse after ${formatDuration(rule.lapseSeconds)}, and this was approved later.`,
    ],
  ];
}

/** The request first: where both are outside, its start need not be said. */
function checksOfHours(
  { name, hours }: Rule,
  { askedAt, startsAt, decidedAt }: Moments,
): readonly TimeCheck[] {
  if (hours === null) return [];
  const start = latest([startsAt, decidedAt].filter((instant) => instant !== null)) ?? null;
  const outside = [
    ["was asked for", askedAt],
    ["would start", start],
  ] as const;
  return outside
    .flatMap(([what, instant]): readonly TimeCheck[] =>
      instant === null || isWithin(hours, instant)
        ? []
        : [[true, "outside-hours", () => outsideText(name, hours, what, instant)]],
    )
    .slice(0, 1);
}

function outsideText(name: string, hours: Hours, what: string, instant: string): string {
  const next = nextOpening(hours, instant);
  const opens = next === undefined ? "" : ` It opens next on ${clockText(hours, next)}.`;
  return `${name} lends ${describeHours(hours)}, and this ${what} on ${clockText(hours, instant)}.${opens}`;
}
