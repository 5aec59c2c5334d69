/** How long the demo's grants last: just long enough for this machine to check them. */

/** The sandbox's `marginSeconds`: from a grant's `revokeAt` to its `expiresAt`. */
export const MARGIN_SECONDS = 10;

export interface Pace {
  /** How long this machine took to run a few clients at once, in seconds: one round. */
  readonly roundSeconds: number;
  /** How many times slower than that it may become. */
  readonly slack: number;
}

/** The time of each grant: a number of rounds, and the minimum in seconds. */
const WINDOWS = {
  /** It is checked by itself, and again when the second grant overlaps it. */
  first: { rounds: 1.8, least: 9 },
  /** It is checked after the first has ended. */
  second: { rounds: 1.2, least: 6 },
  breakGlass: { rounds: 1.2, least: 6 },
  /** It is checked by itself. */
  onCall: { rounds: 1.2, least: 6 },
} as const;

/** How long access must last for its checks, in whole seconds, without the margin. */
export const windowSeconds = (
  name: keyof typeof WINDOWS,
  { roundSeconds, slack }: Pace,
): number => {
  const { rounds, least } = WINDOWS[name];
  return Math.max(least, Math.ceil(rounds * roundSeconds * slack));
};
