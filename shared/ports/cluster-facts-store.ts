import type { ClusterFacts } from "../domain/clusters/cluster-facts.ts";

/** Converge's facts about clusters, for functions that cannot call EKS. */
export interface ClusterFactsStore {
  /** The latest facts, which may lag behind; undefined for a cluster that was not checked yet. */
  load(clusterArn: string): Promise<ClusterFacts | undefined>;
  /** Replaces the stored facts. */
  save(facts: ClusterFacts): Promise<void>;
}
