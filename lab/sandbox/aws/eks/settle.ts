import type { Store } from "../store.ts";
import type { Cluster, EksState } from "./state.ts";

/**
 * The state as of `now`: every creation, deletion and change of mode that was due has happened.
 * Nothing runs in between: every read of a cluster goes through this.
 */
export function settledState(eks: Store<EksState>, now: Date): EksState {
  const isDue = Object.values(eks.state.clusters).some((cluster) => dueAt(cluster, now));
  if (isDue) eks.change((state) => settle(state, now));
  return eks.state;
}

/** Lets everything happen in `state` that was due by `now`. */
export function settle(state: EksState, now: Date): void {
  for (const cluster of Object.values(state.clusters)) {
    for (const update of Object.values(cluster.updates)) {
      if (update.status !== "InProgress" || !isPast(update.completesAt, now)) continue;
      update.status = "Successful";
      if (update.authenticationMode) cluster.authenticationMode = update.authenticationMode;
      if (update.logTypes) cluster.logTypes = update.logTypes;
      if (cluster.status === "UPDATING") cluster.status = "ACTIVE";
    }
    if (cluster.settlesAt === undefined || !isPast(cluster.settlesAt, now)) continue;
    if (cluster.status === "DELETING") delete state.clusters[cluster.name];
    if (cluster.status === "CREATING") cluster.status = "ACTIVE";
    delete cluster.settlesAt;
  }
}

function dueAt(cluster: Cluster, now: Date): boolean {
  return (
    (cluster.settlesAt !== undefined && isPast(cluster.settlesAt, now)) ||
    Object.values(cluster.updates).some(
      (update) => update.status === "InProgress" && isPast(update.completesAt, now),
    )
  );
}

function isPast(instant: string, now: Date): boolean {
  return Date.parse(instant) <= now.getTime();
}
