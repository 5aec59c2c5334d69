import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
} from "@aws-sdk/lib-dynamodb";

export type Item = Readonly<Record<string, unknown>>;

/** The condition of a query for all items of one partition of the table itself. */
export const inPartition = (pk: string) => ({
  KeyConditionExpression: "pk = :pk",
  ExpressionAttributeValues: { ":pk": pk },
});

/**
 * The first `count` items that a query matches, or all. Combines pages, because DynamoDB ends a
 * page at 1 MB, whatever the limit.
 */
export async function queryItems(
  client: DynamoDBDocumentClient,
  query: Omit<QueryCommandInput, "Limit" | "ExclusiveStartKey">,
  count = Number.POSITIVE_INFINITY,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let from: QueryCommandInput["ExclusiveStartKey"];
  do {
    const page = await client.send(
      new QueryCommand({
        ...query,
        ...(Number.isFinite(count) ? { Limit: count - items.length } : {}),
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from && items.length < count);
  return items;
}
