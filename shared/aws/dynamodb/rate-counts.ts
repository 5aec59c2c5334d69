/** Counts of calls and of automatic approvals, each in its window. */
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type AutomaticLimit, tooManyAutomatic } from "../../domain/policy/automatic-limit.ts";
import type { Random } from "../../ports/random.ts";
import type { RateWindow, RequestStore } from "../../ports/request-store.ts";
import { rateKey, rateTtl, SCHEMA } from "./keys.ts";
import type { Write } from "./transact.ts";
import { writeItem } from "./write-item.ts";

/** The update that adds one to the count of a window, on condition that there is room for it. */
const countUpdate = (table: string, window: RateWindow, most: number) => ({
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

/** Counts one more automatic approval in its window, on condition that it is within the limit. */
export function automaticWrite(table: string, limit: AutomaticLimit): Write {
  const { person, rule, from, until, times } = limit;
  const window = { person, operation: `approve ${rule}`, from, until };
  return {
    item: { Update: countUpdate(table, window, times) },
    refused: (_reason, cause) => tooManyAutomatic(limit, { cause }),
  };
}

/** Counts calls in a window of the rate limit. @returns whether there was room for one more */
export async function countIn(
  client: DynamoDBDocumentClient,
  table: string,
  random: Random,
  ...[window, most]: Parameters<RequestStore["countIn"]>
): Promise<boolean> {
  const command = new UpdateCommand(countUpdate(table, window, most));
  try {
    await writeItem(random, () => client.send(command));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
