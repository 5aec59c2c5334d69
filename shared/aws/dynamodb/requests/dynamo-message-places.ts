import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../../../ports/clock.ts";
import type { MessagePlaces } from "../../../ports/message-places.ts";
import type { Random } from "../../../ports/random.ts";
import { SCHEMA } from "../keys.ts";
import { writeItem } from "../write-item.ts";
import { placeKey, placeTtl } from "./message-place-keys.ts";

/**
 * Places of messages in the requests table, each under its mark; see `message-place-keys.ts`.
 * @param machine its random numbers spread retries
 */
export function dynamoMessagePlaces(
  client: DynamoDBDocumentClient,
  table: string,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): MessagePlaces {
  return {
    async put(mark, { channel, timestamp }) {
      const ttl = placeTtl(clock.now());
      const Item = { ...placeKey(mark), schema: SCHEMA, ttl, channel, timestamp };
      const ConditionExpression = "attribute_not_exists(pk)";
      const command = new PutCommand({ TableName: table, Item, ConditionExpression });
      try {
        await writeItem(random, () => client.send(command));
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    async find(mark) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: placeKey(mark), ConsistentRead: true }),
      );
      return Item && { channel: String(Item["channel"]), timestamp: String(Item["timestamp"]) };
    },
  };
}
