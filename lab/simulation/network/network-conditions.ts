import type { Hardships } from "../faults/hardship.ts";
import type { Tally } from "../oracle/tally.ts";
import type { Profile } from "../profile.ts";
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
