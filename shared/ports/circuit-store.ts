import type { Circuit } from "../domain/clusters/circuit.ts";

/** The circuits of clusters. Several workers may write one; the last write wins. */
export interface CircuitStore {
  /** Read consistently. A circuit that was never written is closed. */
  load(clusterArn: string): Promise<Circuit>;
  save(clusterArn: string, circuit: Circuit): Promise<void>;
}
