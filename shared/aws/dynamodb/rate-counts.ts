/** Counts of calls and of automatic approvals, each in its window. */
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type AutomaticLimit, tooManyAutomatic } from "../../domain/policy/automatic-limit.ts";
import type { Random } from "../../ports/random.ts";
import type { RateWindow, RequestStore } from "../../ports/request-store.ts";
import { rateKey, rateTtl, SCHEMA } from "./keys.ts";
import type { Write } from "./transact.ts";
import { writeItem } from "./write-item.ts";

/** The condition that a number, 0 where it is absent, is at most `:most`. */
export const atMostOf = (attribute: string, most: number, number = attribute): string =>
  `${most < 0 ? "" : `attribute_not_exists(${attribute}) OR `}${number} <= :most`;

/** The update that adds to the count of a window, on condition that there is room for it. */
const countUpdate = (table: string, window: RateWindow, most: number, more = 1) => ({
  TableName: table,
  Key: rateKey(window),
  UpdateExpression: "SET #schema = :schema, #ttl = :ttl ADD calls :more",
  ConditionExpression: atMostOf("calls", most - more),
  ExpressionAttributeNames: { "#schema": "schema", "#ttl": "ttl" },
  ExpressionAttributeValues: {
    ":schema": SCHEMA,
    ":ttl": rateTtl(window),
    ":more": more,
    ":most": most - more,
  },
});

/** Counts automatic approvals that are stored at once in their window, on condition that they are within the limit. */
export function automaticWrite(table: string, limit: AutomaticLimit, more = 1): Write {
  const { person, rule, from, until, times } = limit;
  const window = { person, operation: `approve ${rule}`, from, until };
  return {
    item: { Update: countUpdate(table, window, times, more) },
    refused: (_reason, cause) => tooManyAutomatic(limit, { cause }, more),
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
