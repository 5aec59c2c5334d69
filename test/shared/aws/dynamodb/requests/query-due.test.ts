/** How much is read of an index of what is due, where others put any number of items before ours. */
import type { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../../lab/fakes/builders.ts";
import { INDEX } from "../../../../../shared/aws/dynamodb/indexes.ts";
import { duePk } from "../../../../../shared/aws/dynamodb/keys.ts";
import type { Item } from "../../../../../shared/aws/dynamodb/query-items.ts";
import { dueItems } from "../../../../../shared/aws/dynamodb/requests/due-items.ts";
import { queryDue } from "../../../../../shared/aws/dynamodb/requests/query-due.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

/**
 * A table whose first shard holds this, and whose others hold nothing.
 * @param most how many are on a page at most, whatever is asked for
 */
function shardOf(items: readonly Item[], most = items.length) {
  const read: number[] = [];
  const send = async ({ input }: QueryCommand) => {
    if (input.ExpressionAttributeValues?.[":pk"] !== duePk(0)) return { Items: [] };
    const from = Number(input.ExclusiveStartKey?.["sk"] ?? 0);
    const until = from + Math.min(input.Limit ?? most, most);
    read.push(until - from);
    return {
      Items: items.slice(from, until),
      ...(until < items.length ? { LastEvaluatedKey: { pk: "x", sk: String(until) } } : {}),
    };
  };
  return { read, client: { send } as unknown as DynamoDBDocumentClient };
}

const isOurs = ({ pk }: Item): boolean => pk === "ours";
const due = { index: INDEX.due, pk: duePk };
const strays = (count: number): readonly Item[] =>
  Array.from({ length: count }, (_, at) => ({ pk: "stray", sk: `${at}` }));

describe("A read of what is due", () => {
  it("Items of others before ours are passed over, and two hundred of them are kept", async () => {
    const { client } = shardOf([...strays(450), { pk: "ours", sk: "1" }]);
    const found = await queryDue(client, "requests", due, T0, 10, { isOurs });
    expect(found.filter(isOurs)).toHaveLength(1);
    expect(found).toHaveLength(201);
  });

  it("Two hundred items of others are kept also behind more of ours", async () => {
    const ours = strays(250).map((each) => ({ ...each, pk: "ours" }));
    const { client } = shardOf([...ours, ...strays(450)]);
    const every = Number.POSITIVE_INFINITY;
    const found = await queryDue(client, "requests", due, T0, every, { isOurs });
    expect(found.filter(isOurs)).toHaveLength(250);
    expect(found).toHaveLength(450);
  });

  it("It ends after fifty pages, however many items of others there are", async () => {
    const { client, read } = shardOf(strays(10_000));
    expect((await queryDue(client, "requests", due, T0, 10, { isOurs })).filter(isOurs)).toEqual(
      [],
    );
    expect(read).toHaveLength(50);
  });

  it("It ends after fifty pages also where all of ours are asked for", async () => {
    const { client, read } = shardOf(strays(1_000), 10);
    const every = Number.POSITIVE_INFINITY;
    expect((await queryDue(client, "requests", due, T0, every, { isOurs })).filter(isOurs)).toEqual(
      [],
    );
    expect(read).toHaveLength(50);
  });

  it("It ends once its time is over, with what it has read", async () => {
    const ours = strays(1_000).map((each) => ({ ...each, pk: "ours" }));
    const { client, read } = shardOf(ours, 10);
    const every = Number.POSITIVE_INFINITY;
    const isLate = () => read.length >= 3;
    const found = await queryDue(client, "requests", due, T0, every, { isOurs, isLate });
    expect(found).toEqual(ours.slice(0, 30));
  });

  it("A sweep reads for seconds only, and has the rest of its time for what it found", async () => {
    const { client, read } = shardOf(strays(1_000), 10);
    const clock = { now: () => plusSeconds(T0, 2 * read.length) };
    expect(await dueItems(client, "requests", { now: T0, limit: 10, turns: [], clock })).toEqual(
      [],
    );
    expect(read).toHaveLength(8);
  });

  it("It ends with as many of ours as are asked for", async () => {
    const ours = strays(100).map((each) => ({ ...each, pk: "ours" }));
    const { client, read } = shardOf(ours);
    expect(await queryDue(client, "requests", due, T0, 10, { isOurs })).toEqual(ours.slice(0, 10));
    expect(read).toHaveLength(1);
  });

  it("Where all are asked for, all pages are read", async () => {
    const ours = strays(1_000).map((each) => ({ ...each, pk: "ours" }));
    const { client } = shardOf(ours);
    const every = Number.POSITIVE_INFINITY;
    expect(await queryDue(client, "requests", due, T0, every, { isOurs })).toHaveLength(1_000);
  });
});
