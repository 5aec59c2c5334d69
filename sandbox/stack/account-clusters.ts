/** Starts the Kubernetes APIs of the clusters of both accounts. */
import type { Lifetime } from "../process/lifetime.ts";
import type { Logs } from "../process/logs.ts";
import type { SandboxOptions } from "../process/options.ts";
import type { SandboxState } from "../process/state.ts";
import { type Clusters, startClusters } from "../world/clusters.ts";

export interface AccountClusters {
  readonly clusters: Clusters;
  /** Those of the second account. */
  readonly spokeClusters: Clusters;
}

/** They end with `life`. */
export async function startAccountClusters(
  life: Lifetime,
  { authorizerLagSeconds }: SandboxOptions,
  { eks, spokeEks, iam, tls, dir: stateDir }: SandboxState,
  { dir: logDir, say: log }: Logs,
): Promise<AccountClusters> {
  const start = async (of: typeof eks): Promise<Clusters> => {
    const started = await startClusters({
      ...{ eks: of, iam, tls, stateDir, logDir, authorizerLagSeconds, log },
    });
    life.keepsBy(() => started.flush());
    life.endsWith(() => started.stop());
    return started;
  };
  const [clusters, spokeClusters] = await Promise.all([start(eks), start(spokeEks)]);
  return { clusters, spokeClusters };
}
