/** How long calls take, and how long callers wait, in milliseconds. */
import type { Service } from "../profile.ts";

/** Milliseconds that an answer takes. */
export const LATENCY: Readonly<Record<Service, readonly [number, number]>> = {
  dynamodb: [3, 20],
  eks: [60, 350],
  iam: [30, 120],
  scheduler: [30, 200],
  sqs: [5, 30],
};

/** Milliseconds until a caller gives a call up; its outcome is unknown then. */
export const PATIENCE = 2_000;
/** Milliseconds that a caller waits out a throttle before it fails. */
export const THROTTLE = 4_000;
/** With fewer milliseconds left, an adapter starts no call to AWS. */
export const LEAST = 200;
/** How long after a call was given up it may still take effect, in milliseconds. */
export const LATE: Readonly<Record<Exclude<Service, "eks" | "scheduler">, number>> = {
  iam: 0,
  sqs: 20_000,
  // Less than a failed message stays invisible after its run is over.
  dynamodb: 20_000,
};
