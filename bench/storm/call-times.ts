import type { Random } from "../../simulation/random.ts";

/** Milliseconds that an answer takes, at least and at most. */
const MILLIS = {
  aws: [20, 120],
  table: [3, 12],
  /** From one message to the next: the event source, and the function's own beginning. */
  invocation: [5, 25],
} as const;

export type CallKind = keyof typeof MILLIS;

/** How long one call takes. */
export const callTime = (random: Random, kind: CallKind): number => {
  const [least, most] = MILLIS[kind];
  return random.between(least, most);
};
