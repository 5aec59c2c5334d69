import { PRODUCTION, type StackSettings } from "../../infra/synth/settings.ts";
import type { DeployedPolicy } from "./deployed-policy.ts";
import type { Hardships } from "./faults/hardship.ts";
import type { Tally } from "./oracle/tally.ts";
import type { Profile } from "./profile.ts";
import type { Random } from "./random.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** Production's. */
export const STACK: StackSettings = PRODUCTION;

/** The parts that one run of the simulation shares. */
export interface Stage {
  /** The policy that the broker's functions are deployed with. */
  readonly deployed: DeployedPolicy;
  readonly time: VirtualTime;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly random: Random;
  readonly profile: Profile;
  readonly tally: Tally;
  readonly hardships: Hardships;
  /** Adds a line to the trace; `what` is evaluated only when there is a trace. */
  readonly note: (actor: string, what: () => string) => void;
}
