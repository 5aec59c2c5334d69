/** How long the demo's grants last: long enough to look at them on this machine, and no longer. */

/** The sandbox's settings take access away so long before a grant's `expiresAt`. */
export const MARGIN_SECONDS = 10;

export interface Pace {
  /** How long a round of clients, run side by side, took on this machine, in seconds. */
  readonly roundSeconds: number;
  /** How many times slower it may become meanwhile. */
  readonly slack: number;
}

/** What has to be seen within a grant, in rounds of clients, and the least time for it in seconds. */
const WINDOWS = {
  /** Seen by itself, and overlapped by the second grant. */
  first: { rounds: 2.5, least: 12 },
  /** After the first has ended. */
  second: { rounds: 1.2, least: 6 },
  breakGlass: { rounds: 1.2, least: 6 },
} as const;

/** How long access must be there for what happens within it, in whole seconds. */
export const windowSeconds = (
  name: keyof typeof WINDOWS,
  { roundSeconds, slack }: Pace,
): number => {
  const { rounds, least } = WINDOWS[name];
  return Math.max(least, Math.ceil(rounds * roundSeconds * slack));
};
