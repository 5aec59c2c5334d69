/** Queries that go on over pages, with a client that answers a page at a time. */
import type { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import {
  inPages,
  inPartition,
  queryItems,
  queryPages,
} from "../../../../shared/aws/dynamodb/query-items.ts";

/** A partition of this many items, of which a page has at most `most`. */
function partition(count: number, most: number) {
  const asked: (number | undefined)[] = [];
  const send = async ({ input }: QueryCommand) => {
    asked.push(input.Limit);
    const from = Number(input.ExclusiveStartKey?.["sk"] ?? 0);
    const until = Math.min(count, from + Math.min(input.Limit ?? most, most));
    return {
      Items: Array.from({ length: until - from }, (_, at) => ({ sk: from + at })),
      ...(until < count ? { LastEvaluatedKey: { sk: until } } : {}),
    };
  };
  return { asked, client: { send } as unknown as DynamoDBDocumentClient };
}

const QUERY = { TableName: "requests", ...inPartition("a") };

describe("A query", () => {
  it("It reads all pages where no number is asked for", async () => {
    const { client, asked } = partition(25, 10);
    const items = await queryItems(client, QUERY);
    expect(items.map(({ sk }) => sk)).toEqual(Array.from({ length: 25 }, (_, at) => at));
    expect(asked).toEqual([undefined, undefined, undefined]);
  });

  it("It asks each page for what is still missing, and never answers more", async () => {
    const { client, asked } = partition(100, 10);
    expect(await queryItems(client, QUERY, 25)).toHaveLength(25);
    expect(asked).toEqual([25, 15, 5]);
  });

  it("It says whether there is more, and reads no more pages than it may", async () => {
    const { client, asked } = partition(100, 10);
    const read = await queryPages(client, QUERY, { count: 95, pages: 2 });
    expect([read.items.length, read.hasMore, asked.length]).toEqual([20, true, 2]);
    const all = await queryPages(client, QUERY, { count: 100, pages: 10 });
    expect([all.items.length, all.hasMore]).toEqual([100, false]);
  });

  it("It gives page by page as they come", async () => {
    const { client, asked } = partition(25, 10);
    const sizes: number[] = [];
    for await (const page of inPages(client, QUERY)) {
      sizes.push(page.length);
      expect(asked).toHaveLength(sizes.length);
    }
    expect(sizes).toEqual([10, 10, 5]);
  });
});
