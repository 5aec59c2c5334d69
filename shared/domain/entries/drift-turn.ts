/**
 * The turns in which lent bindings are compared with EKS: once in every period, each at a place
 * that never changes. Nothing has to be stored for the next turn. A binding's key is a SHA-256, so
 * that the turns of many are spread over the period.
 */

/** A binding's turn: its place in one period. */
export interface DriftTurn {
  /** The number of the period, counted from the epoch. */
  readonly round: number;
  /** Hexadecimal digits, which sort as text: a binding's key, or how much of the period has passed. */
  readonly place: string;
}

/** Places after `after`, up to and with `upTo`. */
export interface Places {
  readonly after: string;
  readonly upTo: string;
}

/** Whether a place is among these. */
export const isAmong = ({ after, upTo }: Places, place: string): boolean =>
  after < place && place <= upTo;

/** Before and after the place of every binding. */
const [FIRST, LAST] = ["", "g"] as const;
const EVERY: Places = { after: FIRST, upTo: LAST };

/** Digits of a place in time: far shorter than a millisecond of any period. */
const DIGITS = 12;

/** The turn that begins at `instant`. */
export function turnAt(instant: string, periodSeconds: number): DriftTurn {
  const periods = Date.parse(instant) / (periodSeconds * 1_000);
  const round = Math.floor(periods);
  const place = Math.floor((periods - round) * 16 ** DIGITS);
  return { round, place: place.toString(16).padStart(DIGITS, "0") };
}

/**
 * The places whose turn it is: all of them after `last`, in order, up to `now`. Each place is there
 * once, however long ago the last turn was. Where it is not known, or is still to come by this
 * clock, everybody's turn is now.
 *
 * @param last the last turn that was taken
 */
export function placesSince(last: DriftTurn | undefined, now: DriftTurn): readonly Places[] {
  if (last === undefined || isAfter(last, now)) return [EVERY];
  const { round, place } = last;
  const rest: Places = { after: place, upTo: LAST };
  if (!isAfter({ round: round + 1, place }, now)) return [rest, { after: FIRST, upTo: place }];
  if (round === now.round) return [{ after: place, upTo: now.place }];
  return [rest, { after: FIRST, upTo: now.place }];
}

/** The latest turn of a place that is not after `now`. */
export const latestTurn = (place: string, now: DriftTurn): DriftTurn => ({
  round: place <= now.place ? now.round : now.round - 1,
  place,
});

const isAfter = (one: DriftTurn, other: DriftTurn): boolean =>
  one.round > other.round || (one.round === other.round && one.place > other.place);
