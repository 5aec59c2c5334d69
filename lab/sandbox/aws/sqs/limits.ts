import { LONGEST_VISIBILITY_SECONDS } from "./queue.ts";

/** Bounds of the numeric members, with SQS's words for what lies outside. */
const within = (min: number, max: number) => ({
  min,
  max,
  reason: `Must be >= ${min} and <= ${max}, if provided.`,
});

export const DELAY = within(0, 900);
export const VISIBILITY = within(0, LONGEST_VISIBILITY_SECONDS);
export const WAIT = within(0, 20);
export const MAXIMUM_MESSAGES = {
  min: 1,
  max: 10,
  reason: "Must be between 1 and 10, if provided.",
};
export const MAXIMUM_RESULTS = {
  min: 1,
  max: 1000,
  reason: "Must be between 1 and 1000, if provided.",
};
