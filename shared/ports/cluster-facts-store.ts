import type { ClusterFacts } from "../domain/clusters/cluster-facts.ts";

/** What converge found out about clusters, for the parts that cannot ask EKS. */
export interface ClusterFactsStore {
  /** The last facts; undefined for a cluster that was not looked at yet. */
  load(clusterArn: string): Promise<ClusterFacts | undefined>;
  /** Stores facts in place of those that were there. */
  save(facts: ClusterFacts): Promise<void>;
}
