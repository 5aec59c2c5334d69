import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { countStops, followedTo, NO_STOPS, type StopCopy } from "../../../domain/stops/stops.ts";
import type { StopCopyStore } from "../../../ports/stop-store.ts";
import { STOP_COPY } from "../evidence/record-keys.ts";
import { SCHEMA } from "../keys.ts";

/** As `isLater` says. Earlier releases stored no `stopCount`, and still earlier ones no `copySeq`: theirs was `seq`. */
const IS_LATER =
  "attribute_not_exists(pk) OR seq < :seq OR (seq = :seq AND (copySeq < :copySeq OR " +
  "((attribute_not_exists(copySeq) OR copySeq = :copySeq) AND (attribute_not_exists(stopCount) OR stopCount < :count))))";

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

    async keep(stops) {
      const [seq, copySeq, count] = [followedTo(stops), stops.seq, countStops(stops)];
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: { ...STOP_COPY, schema: SCHEMA, seq, copySeq, stopCount: count, stops },
            ConditionExpression: IS_LATER,
            ExpressionAttributeValues: { ":seq": seq, ":copySeq": copySeq, ":count": count },
          }),
        );
      } catch (error) {
        // A later copy is kept already.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
