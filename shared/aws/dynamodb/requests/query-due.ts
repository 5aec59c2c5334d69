import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Index } from "../indexes.ts";
import { SHARDS } from "../keys.ts";
import { type Item, inPages } from "../query-items.ts";

/** An index of due items: its sort key starts with an instant. */
interface DueKeys {
  readonly index: Index & { readonly holds: readonly string[] };
  /** The partition key of a shard. */
  readonly pk: (shard: number) => string;
}

/** How many items that do not count are kept of a shard: more than one sweep takes off. */
const MOST_OTHERS = 200;

/** The most pages that are read of a shard, each of `LEAST_ON_PAGE` items or those asked for, or of 1 MB. */
const MOST_PAGES = 50;
const LEAST_ON_PAGE = 100;

/** How a read treats what others put into an index. */
interface Reading {
  /**
   * Whether an item counts: others may have put any number before it, and the first of those come
   * too.
   */
  readonly isOurs: (item: Item) => boolean;
  /** Cuts an item to the part to keep: others may have put any size there. */
  readonly kept?: (item: Item) => Item;
  /** Whether the time for it is over: others may have put there what takes all of a sweep's time. */
  readonly isLate?: () => boolean;
}

/**
 * The items that are due at `now` in all shards of an index, longest due first in each shard. An
 * item has what the index holds.
 *
 * @param count the most items of each shard
 */
export async function queryDue(
  client: DynamoDBDocumentClient,
  table: string,
  { index, pk }: DueKeys,
  now: string,
  count: number,
  { isOurs, kept = (item) => item, isLate = () => false }: Reading,
): Promise<readonly Item[]> {
  const shards = Array.from({ length: SHARDS }, async (_, shard) => {
    const pages = inPages(client, {
      TableName: table,
      IndexName: index.name,
      KeyConditionExpression: "#pk = :pk AND #sk <= :now",
      ExpressionAttributeNames: { "#pk": index.pk, "#sk": index.sk },
      ExpressionAttributeValues: { ":pk": pk(shard), ":now": now },
      ProjectionExpression: ["pk", "sk", "#sk", ...index.holds].join(", "),
      ...(Number.isFinite(count) ? { Limit: Math.max(count, LEAST_ON_PAGE) } : {}),
    });
    const items: Item[] = [];
    let [ours, read] = [0, 0];
    for await (const page of pages) {
      for (const item of page) {
        if (ours === count) return items;
        const counts = isOurs(item);
        if (counts) ours += 1;
        if (counts || items.length - ours < MOST_OTHERS) items.push(kept(item));
      }
      read += 1;
      if (ours === count || read === MOST_PAGES || isLate()) return items;
    }
    return items;
  });
  return (await Promise.all(shards)).flat();
}
