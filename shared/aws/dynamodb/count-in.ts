import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Random } from "../../ports/random.ts";
import type { RequestStore } from "../../ports/request-store.ts";
import { rateKey, rateTtl, SCHEMA } from "./keys.ts";
import { writeItem } from "./write-item.ts";

/** Counts calls in a window of the rate limit. @returns whether there was room for one more */
export async function countIn(
  client: DynamoDBDocumentClient,
  table: string,
  random: Random,
  ...[window, most]: Parameters<RequestStore["countIn"]>
): Promise<boolean> {
  const command = new UpdateCommand({
    TableName: table,
    Key: rateKey(window),
    UpdateExpression: "SET #schema = :schema, #ttl = :ttl ADD calls :one",
    ConditionExpression: "attribute_not_exists(calls) OR calls < :most",
    ExpressionAttributeNames: { "#schema": "schema", "#ttl": "ttl" },
    ExpressionAttributeValues: {
      ":schema": SCHEMA,
      ":ttl": rateTtl(window),
      ":one": 1,
      ":most": most,
    },
  });
  try {
    await writeItem(random, () => client.send(command));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
