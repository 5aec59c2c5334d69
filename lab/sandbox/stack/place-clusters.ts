/** Starts the Kubernetes APIs of the clusters of every account and region. */
import type { Lifetime } from "../process/lifetime.ts";
import type { Logs } from "../process/logs.ts";
import type { SandboxOptions } from "../process/options.ts";
import type { SandboxState } from "../process/state.ts";
import { type AccountRegion, isSamePlace } from "../world/account.ts";
import { type Clusters, startClusters } from "../world/clusters.ts";

/** The running clusters of a place. */
export type PlaceClusters = (place: AccountRegion) => Clusters;

/** They end with `life`. */
export async function startPlaceClusters(
  life: Lifetime,
  { authorizerLagSeconds }: SandboxOptions,
  { places, iam, tls, dir: stateDir }: SandboxState,
  { dir: logDir, say: log }: Logs,
): Promise<PlaceClusters> {
  const started = await Promise.all(
    places.map(async (place) => {
      const clusters = await startClusters({
        eks: place.eks,
        iam,
        tls,
        stateDir,
        logDir,
        authorizerLagSeconds,
        log,
      });
      life.keepsBy(() => clusters.flush());
      life.endsWith(() => clusters.stop());
      return { place, clusters };
    }),
  );
  return (at) => {
    const found = started.find(({ place }) => isSamePlace(place, at));
    if (found) return found.clusters;
    throw new Error(`No clusters were started in ${at.region} of account ${at.account}.`);
  };
}
