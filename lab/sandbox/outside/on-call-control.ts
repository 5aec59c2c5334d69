/** `/_sandbox/on-call`: who is on call, as a test or a person sets it. */
import { InvalidRule, members } from "./faults.ts";
import { ON_CALL } from "./service-names.ts";
import { iso, type OutsideState, type Schedule, type Turn, turnsOf } from "./state.ts";

const SCHEDULE = ["service", "schedule", "cloudId", "kind", "shifts"];
const SHIFT = ["person", "start", "end", "seconds", "override"];
const ID = /^[A-Za-z0-9:_-]{1,128}$/;
/** A shift that says no end lasts for a working day. */
const USUAL_MS = 8 * 3_600_000;

/** The schedules as they are shown: with the turns around now. */
export const shownSchedules = ({ schedules }: OutsideState, nowMs: number) =>
  schedules.map((schedule) => ({
    service: schedule.service,
    schedule: schedule.id,
    ...(schedule.cloudId === undefined ? {} : { cloudId: schedule.cloudId }),
    kind: schedule.kind,
    shifts: turnsOf(schedule, nowMs).map(({ person, start, end, isOverride }) => ({
      ...{ person, start: iso(start), end: iso(end) },
      ...(isOverride ? { override: true } : {}),
    })),
  }));

/**
 * Sets the shifts of one schedule, which is made if it is new. Without shifts, the schedule is gone.
 *
 * @throws InvalidRule where the body is not of that form
 */
export function setOnCall(state: OutsideState, body: unknown, nowMs: number): void {
  const { shifts, ...named } = members(body, SCHEDULE, "A schedule");
  const schedule = parseSchedule(named);
  const others = state.schedules.filter(
    ({ service, id, cloudId }) =>
      service !== schedule.service || id !== schedule.id || cloudId !== schedule.cloudId,
  );
  if (shifts === undefined) {
    state.schedules = others;
    return;
  }
  if (!Array.isArray(shifts)) throw new InvalidRule("shifts is a list.");
  state.schedules = [...others, { ...schedule, turns: shifts.map((one) => turnIn(one, nowMs)) }];
}

function parseSchedule(named: Readonly<Record<string, unknown>>): Schedule {
  const { service = "pagerduty", schedule, cloudId, kind = "shifts" } = named;
  const known = ON_CALL.find((each) => each === service);
  if (!known) throw new InvalidRule(`service is one of ${ON_CALL.join(", ")}.`);
  if (typeof schedule !== "string" || !ID.test(schedule))
    throw new InvalidRule("schedule is the service's id of it.");
  if ((known === "jiraOperations") !== (typeof cloudId === "string"))
    throw new InvalidRule("cloudId is for schedules of jiraOperations, which need it.");
  if (kind !== "shifts" && !(kind === "layers" && known === "pagerduty"))
    throw new InvalidRule("kind is shifts, or layers for pagerduty.");
  const site = typeof cloudId === "string" ? { cloudId } : {};
  return { service: known, id: schedule, ...site, kind };
}

function turnIn(body: unknown, nowMs: number): Turn {
  const shift = members(body, SHIFT, "A shift");
  const { person, seconds, override = false } = shift;
  if (person !== null && !(typeof person === "string" && ID.test(person)))
    throw new InvalidRule("person is the service's id of somebody, or null for nobody.");
  if (typeof override !== "boolean") throw new InvalidRule("override is true or false.");
  if (seconds !== undefined && !(typeof seconds === "number" && seconds > 0))
    throw new InvalidRule("seconds is how long the shift lasts.");
  const start = instant(shift, "start") ?? nowMs;
  const lasts = typeof seconds === "number" ? seconds * 1_000 : USUAL_MS;
  const end = instant(shift, "end") ?? start + lasts;
  if (end <= start) throw new InvalidRule("end is after start.");
  return { person, start, end, isOverride: override };
}

function instant(shift: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const text = shift[name];
  if (text === undefined) return undefined;
  const at = typeof text === "string" && /(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at))
    throw new InvalidRule(`${name} is an instant such as 2026-11-24T10:00:00Z.`);
  return at;
}
