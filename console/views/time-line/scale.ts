/** The interval that a time line shows, and the lines of its clock. Instants are ISO 8601 UTC. */

/** The lengths of a look, from an hour to CloudTrail's ninety days. */
export const SPANS = [
  { label: "1 hour", seconds: 3_600 },
  { label: "6 hours", seconds: 6 * 3_600 },
  { label: "1 day", seconds: 86_400 },
  { label: "7 days", seconds: 7 * 86_400 },
  { label: "30 days", seconds: 30 * 86_400 },
  { label: "90 days", seconds: 90 * 86_400 },
] as const;

export interface Interval {
  readonly from: string;
  readonly to: string;
}

/** How many steps a look has. One that follows the clock moves on by a step, so that its reads stay the same meanwhile. */
const STEPS = 12;

const instantAt = (millis: number): string => new Date(millis).toISOString();

/**
 * The interval of a look.
 *
 * @param end the end of a look at the past; undefined to follow `now`, with a step of what is to come
 */
export function intervalOf(seconds: number, end: string | undefined, now: string): Interval {
  const step = (seconds * 1_000) / STEPS;
  const to = end === undefined ? (Math.floor(Date.parse(now) / step) + 2) * step : Date.parse(end);
  return { from: instantAt(to - seconds * 1_000), to: instantAt(to) };
}

/** The end of a look with this instant in its middle, though it may reach what is to come. */
export const endAround = (seconds: number, at: string): string =>
  instantAt(Date.parse(at) + seconds * 500);

/**
 * The end of the look that lies half of it earlier or later; undefined once it would reach what follows `now`.
 *
 * @param by -1 for earlier, 1 for later
 */
export function movedEnd({ from, to }: Interval, by: -1 | 1, now: string): string | undefined {
  const half = (Date.parse(to) - Date.parse(from)) / 2;
  const end = Date.parse(to) + by * half;
  return end > Date.parse(now) ? undefined : instantAt(end);
}

/**
 * The end of a look that was dragged; undefined once it would reach what follows `now`.
 *
 * @param share of the look's length; more than 0 for earlier
 */
export function draggedEnd({ from, to }: Interval, share: number, now: string): string | undefined {
  const end = Date.parse(to) - share * (Date.parse(to) - Date.parse(from));
  return end > Date.parse(now) ? undefined : instantAt(end);
}

export interface Look {
  readonly seconds: number;
  /** Undefined to follow the clock. */
  readonly end: string | undefined;
}

/**
 * The look of the next length, in which an instant keeps its place; undefined where there is no such length.
 *
 * @param by -1 for a shorter one, 1 for a longer one @param share the place of the instant, from 0 to 1
 */
export function zoomed(
  { from, to }: Interval,
  by: -1 | 1,
  share: number,
  now: string,
): Look | undefined {
  const [start, length] = [Date.parse(from), Date.parse(to) - Date.parse(from)];
  const at = SPANS.findIndex(({ seconds }) => seconds * 1_000 >= length);
  const next = SPANS[at + by];
  if (at < 0 || !next) return undefined;
  const end = start + share * length + (1 - share) * next.seconds * 1_000;
  return { seconds: next.seconds, end: end > Date.parse(now) ? undefined : instantAt(end) };
}

/** The place of an instant, as a share of the interval; beyond 0 and 1 for one outside of it. */
export const shareOf = ({ from, to }: Interval, instant: string): number =>
  (Date.parse(instant) - Date.parse(from)) / (Date.parse(to) - Date.parse(from));

export interface Tick {
  readonly at: string;
  readonly label: string;
}

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** Distances of lines, in milliseconds. */
const DISTANCES: readonly number[] = [
  ...[5, 10, 15, 30, 60, 120, 180, 360, 720].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 7, 14, 30].map((days) => days * DAY),
];

/** Lines at round times of the local clock. @param most how many labels have room */
export function ticksOf({ from, to }: Interval, most: number): readonly Tick[] {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const distance = DISTANCES.find((each) => (end - start) / each <= most) ?? 30 * DAY;
  const ticks: Tick[] = [];
  for (let at = firstAfter(start, distance); at < end; at = nextOf(at, distance))
    ticks.push({ at: instantAt(at), label: labelOf(new Date(at), distance) });
  return ticks;
}

/** The first round time of the local clock at or after an instant. */
function firstAfter(start: number, distance: number): number {
  const day = new Date(start);
  day.setHours(0, 0, 0, 0);
  let at = day.getTime();
  while (at < start) at = nextOf(at, distance);
  return at;
}

/** Days go by the local date, since clocks change. */
function nextOf(at: number, distance: number): number {
  if (distance < DAY) return at + distance;
  const next = new Date(at);
  next.setDate(next.getDate() + distance / DAY);
  return next.getTime();
}

const two = (number: number): string => String(number).padStart(2, "0");

/** `10:30`; `11-24` where a day begins. */
function labelOf(at: Date, distance: number): string {
  const isMidnight = at.getHours() === 0 && at.getMinutes() === 0;
  return distance >= DAY || isMidnight
    ? `${two(at.getMonth() + 1)}-${two(at.getDate())}`
    : `${two(at.getHours())}:${two(at.getMinutes())}`;
}
