import type { ActualEntry } from "../domain/entries/actual-entry.ts";
import type { ClusterSetup } from "../domain/standing/cluster-setup.ts";
import type { PrincipalState } from "../domain/standing/standing-entry.ts";
import type { ClusterArn } from "../domain/values/arn.ts";
import type { EntryAddress } from "./access-entries.ts";

/**
 * Reads the access entries of clusters, under a role that can do nothing else. All calls throw
 * CallFailed. None waits for a throttle: whoever is throttled here stops, so that removals have
 * what EKS gives.
 */
export interface StandingReader {
  /** The cluster as it is now; undefined for an unknown name. */
  setup(cluster: ClusterArn): Promise<ClusterSetup | undefined>;

  /**
   * A page of the principals with entries. A token that EKS no longer takes throws CallFailed
   * `refused` with code `InvalidParameterException`: AWS says not how long one is good.
   */
  principals(cluster: ClusterArn, token: string | null): Promise<PrincipalPage>;

  /** The entry with its associations; undefined unless it exists. */
  entry(address: EntryAddress): Promise<ActualEntry | undefined>;

  /** Whether the principal is the one for whom the entry was made. @param madeAt the entry's own */
  principal(address: EntryAddress, madeAt: string): Promise<PrincipalState>;
}

export interface PrincipalPage {
  readonly principalArns: readonly string[];
  /** Null after the last page. */
  readonly next: string | null;
}
