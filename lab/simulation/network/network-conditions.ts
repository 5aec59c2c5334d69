import type { Hardships } from "../faults/hardship.ts";
import type { Tally } from "../oracle/tally.ts";
import type { Profile, Service } from "../profile.ts";
import type { Random } from "../random.ts";
import type { VirtualTime } from "../virtual-time.ts";
import type { CallWatch } from "./call-watch.ts";

/** The conditions under which calls are made in one run of the simulation. */
export interface NetworkConditions {
  readonly time: VirtualTime;
  readonly startedAt: number;
  readonly random: Random;
  readonly profile: Profile;
  readonly watch: CallWatch;
  readonly tally: Tally;
  readonly hardships: Hardships;
  /** How much of its time an adapter keeps when it waits out a throttle. */
  readonly reserveMillis: number;
}

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
