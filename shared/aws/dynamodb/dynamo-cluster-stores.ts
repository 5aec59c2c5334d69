/** The facts and the circuit of each cluster: one small item each. */
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { type Circuit, CLOSED } from "../../domain/clusters/circuit.ts";
import type { ClusterFacts } from "../../domain/clusters/cluster-facts.ts";
import type { CircuitStore } from "../../ports/circuit-store.ts";
import type { ClusterFactsStore } from "../../ports/cluster-facts-store.ts";
import { clusterKey, SCHEMA } from "./keys.ts";

/** Facts are in the requests table, so that the API can read them. */
export function dynamoClusterFactsStore(
  client: DynamoDBDocumentClient,
  table: string,
): ClusterFactsStore {
  return {
    async load(clusterArn) {
      const Key = clusterKey(clusterArn, "FACTS");
      const { Item } = await client.send(new GetCommand({ TableName: table, Key }));
      return Item?.["facts"] as ClusterFacts | undefined;
    },
    async save(facts) {
      const Item = { ...clusterKey(facts.clusterArn, "FACTS"), schema: SCHEMA, facts };
      await client.send(new PutCommand({ TableName: table, Item }));
    },
  };
}

/** Circuits are in the ledger table, which only converge may write. */
export function dynamoCircuitStore(client: DynamoDBDocumentClient, table: string): CircuitStore {
  return {
    async load(clusterArn) {
      const Key = clusterKey(clusterArn, "CIRCUIT");
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key, ConsistentRead: true }),
      );
      return (Item?.["circuit"] as Circuit | undefined) ?? CLOSED;
    },
    async save(clusterArn, circuit) {
      const Item = { ...clusterKey(clusterArn, "CIRCUIT"), schema: SCHEMA, circuit };
      await client.send(new PutCommand({ TableName: table, Item }));
    },
  };
}
