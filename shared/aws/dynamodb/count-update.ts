import type { RateWindow } from "../../ports/request-store.ts";
import { rateKey, rateTtl, SCHEMA } from "./keys.ts";

/** The update that adds one to the count of a window, on condition that there is room for it. */
export const countUpdate = (table: string, window: RateWindow, most: number) => ({
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
