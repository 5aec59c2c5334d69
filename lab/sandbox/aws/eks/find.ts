import { clusterNotFound, entryNotFound, invalidParameter, modeHasNoEntries } from "./errors.ts";
import { ownValue } from "./own-value.ts";
import type { AccessEntry, Cluster, EksState } from "./state.ts";

const CLUSTER_NAME = /^[0-9A-Za-z][A-Za-z0-9_-]*$/;

/** Throws InvalidParameterException for what can be no cluster's name. */
export function validClusterName(name: string): string {
  if (!CLUSTER_NAME.test(name) || name.length > 100) {
    throw invalidParameter(
      `The cluster name ${name} is invalid: it must match ^[0-9A-Za-z][A-Za-z0-9-_]* and have at most 100 characters`,
    );
  }
  return name;
}

/** Throws ResourceNotFoundException. */
export function requireCluster(state: EksState, name: string): Cluster {
  const cluster = ownValue(state.clusters, name);
  if (cluster === undefined) throw clusterNotFound(name);
  return cluster;
}

/**
 * The cluster, if access entries work in its authentication mode. Throws
 * ResourceNotFoundException, or InvalidRequestException in mode CONFIG_MAP.
 */
export function requireEntryCluster(state: EksState, name: string): Cluster {
  const cluster = requireCluster(state, name);
  if (cluster.authenticationMode === "CONFIG_MAP") throw modeHasNoEntries();
  return cluster;
}

/** By the principal's ARN exactly as it was written at creation. Throws ResourceNotFoundException. */
export function requireEntry(cluster: Cluster, principalArn: string): AccessEntry {
  const entry = ownValue(cluster.entries, principalArn);
  if (entry === undefined) throw entryNotFound();
  return entry;
}
