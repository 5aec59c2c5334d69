import { type Circuit, CLOSED } from "../../shared/domain/clusters/circuit.ts";
import type { ClusterFacts } from "../../shared/domain/clusters/cluster-facts.ts";
import type { CircuitStore } from "../../shared/ports/circuit-store.ts";
import type { ClusterFactsStore } from "../../shared/ports/cluster-facts-store.ts";

export function memoryClusterFactsStore(
  facts = new Map<string, ClusterFacts>(),
): ClusterFactsStore {
  return {
    load: async (clusterArn) => facts.get(clusterArn),
    save: async (found) => {
      facts.set(found.clusterArn, found);
    },
  };
}

export function memoryCircuitStore(circuits = new Map<string, Circuit>()): CircuitStore {
  return {
    load: async (clusterArn) => circuits.get(clusterArn) ?? CLOSED,
    save: async (clusterArn, circuit) => {
      circuits.set(clusterArn, circuit);
    },
  };
}
