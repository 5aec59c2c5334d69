import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { fitting, NO_STOPS, type StopCopy } from "../../../domain/stops/stops.ts";
import type { StopCopyStore } from "../../../ports/stop-store.ts";
import { STOP_COPY } from "../evidence/record-keys.ts";
import { SCHEMA } from "../keys.ts";

/**
 * Converge's copy of who is stopped.
 * @param table the ledger table, which only converge may write
 */
export function dynamoStopCopyStore(client: DynamoDBDocumentClient, table: string): StopCopyStore {
  return {
    async load() {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: STOP_COPY, ConsistentRead: true }),
      );
      return (Item?.["stops"] as StopCopy | undefined) ?? NO_STOPS;
    },

    async keep(stops, before) {
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: { ...STOP_COPY, schema: SCHEMA, stops: fitting(stops) },
            ConditionExpression: "attribute_not_exists(pk) OR stops = :before",
            ExpressionAttributeValues: { ":before": before },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
