import type { Random } from "../../simulation/random.ts";

/** How long an answer takes, in milliseconds: at least and at most. */
const MILLIS = {
  aws: [20, 120],
  table: [3, 12],
  /** From one message to the next: the event source, and the start of the function. */
  invocation: [5, 25],
  /** A service that `outside` asks. */
  service: [100, 500],
} as const;

export type CallKind = keyof typeof MILLIS;

/** Draws how long one call takes, in milliseconds. */
export const callTime = (random: Random, kind: CallKind): number => {
  const [least, most] = MILLIS[kind];
  return random.between(least, most);
};

/** How long such a call takes on average, in milliseconds. */
export const meanCallTime = (kind: CallKind): number => (MILLIS[kind][0] + MILLIS[kind][1]) / 2;
