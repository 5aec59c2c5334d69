import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Index } from "./indexes.ts";
import { SHARDS } from "./keys.ts";
import { type Item, queryItems } from "./query-items.ts";

/** An index of what is due: its sort key starts with an instant. */
interface DueKeys {
  readonly index: Index & { readonly holds: readonly string[] };
  /** The partition key of a shard. */
  readonly pk: (shard: number) => string;
}

/**
 * What is due at `now` in all shards of an index, longest due first in each shard. An item has
 * what the index holds.
 *
 * @param count the most items of each shard
 */
export async function queryDue(
  client: DynamoDBDocumentClient,
  table: string,
  { index, pk }: DueKeys,
  now: string,
  count: number,
): Promise<readonly Item[]> {
  const shards = Array.from({ length: SHARDS }, (_, shard) =>
    queryItems(
      client,
      {
        TableName: table,
        IndexName: index.name,
        KeyConditionExpression: "#pk = :pk AND #sk <= :now",
        ExpressionAttributeNames: { "#pk": index.pk, "#sk": index.sk },
        ExpressionAttributeValues: { ":pk": pk(shard), ":now": now },
        ProjectionExpression: ["pk", "sk", "#sk", ...index.holds].join(", "),
      },
      count,
    ),
  );
  return (await Promise.all(shards)).flat();
}
