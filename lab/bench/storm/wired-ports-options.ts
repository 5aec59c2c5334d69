import type { ConvergePorts, SweepPorts } from "../../../shared/ports/function-ports.ts";
import type { Random } from "../../simulation/random.ts";
import type { VirtualTime } from "../../simulation/virtual-time.ts";
import type { TokenBucket } from "./token-bucket.ts";

/** How many calls were made so far. */
export interface CallCounts {
  /** Calls that EKS accepted, including those that it never answered. */
  eks: number;
  /** Attempts that EKS throttled. */
  throttled: number;
  /** Reads of the tables by converge. */
  reads: number;
}

export interface WiredPortsOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly bucket: TokenBucket;
  readonly counts: CallCounts;
  /** Whether a cluster answers at the moment. */
  readonly answers: (cluster: string) => boolean;
  /** Milliseconds that a call of Scheduler takes, at least and at most; by default those of other AWS calls. */
  readonly schedulerMillis?: readonly [number, number];
  readonly behind: ConvergePorts & SweepPorts;
}
