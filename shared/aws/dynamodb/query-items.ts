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

type Query = Omit<QueryCommandInput, "Limit">;

/**
 * The first `count` items that a query matches, or all, behind its `ExclusiveStartKey` if there is one. Combines pages, because DynamoDB ends a
 * page at 1 MB, whatever the limit.
 */
export const queryItems = async (
  client: DynamoDBDocumentClient,
  query: Query,
  count = Number.POSITIVE_INFINITY,
): Promise<readonly Item[]> => (await queryPages(client, query, { count })).items;

/** The limits of one query. */
interface Most {
  readonly count: number;
  /** Pages of 1 MB; any number by default. Set where others may have put large items. */
  readonly pages?: number;
}

/** Like `queryItems`, and whether there may be more than was read. */
export async function queryPages(
  client: DynamoDBDocumentClient,
  query: Query,
  { count, pages = Number.POSITIVE_INFINITY }: Most,
): Promise<{ readonly items: readonly Item[]; readonly hasMore: boolean }> {
  const items: Item[] = [];
  let from = query.ExclusiveStartKey;
  let read = 0;
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
    read += 1;
  } while (from && items.length < count && read < pages);
  return { items, hasMore: from !== undefined };
}

/** The pages of a query, one after the other. */
export async function* inPages(
  client: DynamoDBDocumentClient,
  query: QueryCommandInput,
): AsyncGenerator<readonly Item[]> {
  let from: QueryCommandInput["ExclusiveStartKey"];
  do {
    const page = await client.send(
      new QueryCommand({ ...query, ...(from ? { ExclusiveStartKey: from } : {}) }),
    );
    yield page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from);
}
