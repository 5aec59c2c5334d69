import type { ConvergePorts, SweepPorts } from "../../shared/ports/function-ports.ts";
import type { Random } from "../../simulation/random.ts";
import type { VirtualTime } from "../../simulation/virtual-time.ts";
import type { TokenBucket } from "./token-bucket.ts";

/** What was called so far. */
export interface CallCounts {
  /** Calls that EKS let through, those that it then never answered among them. */
  eks: number;
  /** Attempts that EKS turned away: they took nothing of its rate. */
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
  /** Milliseconds that a call of Scheduler takes, at least and at most; as AWS's do unless it is set. */
  readonly schedulerMillis?: readonly [number, number];
  readonly behind: ConvergePorts & SweepPorts;
}
