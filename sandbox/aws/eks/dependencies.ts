import type { IamState } from "../iam/state.ts";
import type { Store } from "../store.ts";
import type { EksState } from "./state.ts";

/** What the EKS operations stand on. */
export interface EksDependencies {
  readonly eks: Store<EksState>;
  /** Read only: a principal of this account must exist in it to get an entry. */
  readonly iam: Store<IamState>;
  /** Starts, or finds, the Kubernetes API of a cluster: its URL and base64 PEM authority. */
  readonly newCluster: (name: string) => ClusterAddress;
  /** How long a change of a cluster takes: a creation, a deletion, a change of its mode. */
  readonly updateSeconds: number;
}

export interface ClusterAddress {
  readonly endpoint: string;
  readonly certificateAuthority: string;
}
