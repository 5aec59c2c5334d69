import { type AutomaticLimit, tooManyAutomatic } from "../../domain/policy/automatic-limit.ts";
import { rateKey, rateTtl, SCHEMA } from "./keys.ts";
import type { Write } from "./transact.ts";

/** Counts one more automatic approval in its window, on condition that it is within the limit. */
export function automaticWrite(table: string, limit: AutomaticLimit): Write {
  const { person, rule, from, until, times } = limit;
  const window = { person, operation: `approve ${rule}`, from, until };
  return {
    item: {
      Update: {
        TableName: table,
        Key: rateKey(window),
        UpdateExpression: "SET #schema = :schema, #ttl = :ttl ADD calls :one",
        ConditionExpression: "attribute_not_exists(calls) OR calls < :most",
        ExpressionAttributeNames: { "#schema": "schema", "#ttl": "ttl" },
        ExpressionAttributeValues: {
          ":schema": SCHEMA,
          ":ttl": rateTtl(window),
          ":one": 1,
          ":most": times,
        },
      },
    },
    refused: (_reason, cause) => tooManyAutomatic(limit, { cause }),
  };
}
