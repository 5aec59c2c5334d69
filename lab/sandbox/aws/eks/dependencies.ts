import type { IamState } from "../iam/state.ts";
import type { Store } from "../store.ts";
import type { EksReads } from "./reads.ts";
import type { EksState } from "./state.ts";

/** The parts that the EKS service is made from. */
export interface EksOptions {
  readonly eks: Store<EksState>;
  /** Read only: a principal of this account must exist in it to get an entry. */
  readonly iam: Store<IamState>;
  /** Starts, or finds, the Kubernetes API of a cluster: its URL and base64 PEM authority. */
  readonly newCluster: (name: string) => ClusterAddress;
  /** How long a change of a cluster takes: a creation, a deletion, a change of its mode. */
  readonly updateSeconds: number;
  /** The age of the oldest state that reads show and changes are judged by; 0 if absent. */
  readonly readLagSeconds?: number;
  /** A role younger than this is an invalid principal; 0 if absent. */
  readonly iamLagSeconds?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Draws how old a state is; `Math.random` if absent. */
  readonly random?: () => number;
}

/** The context of its operations: the same, with the past that calls see. */
export interface EksDependencies extends EksOptions {
  readonly reads: EksReads;
}

export interface ClusterAddress {
  readonly endpoint: string;
  readonly certificateAuthority: string;
}
