/** Requests read by their ids, many with one call. */
import { BatchGetCommand, type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, PROD } from "../../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../../lab/fakes/counted-ids.ts";
import { LIVE, stateKey } from "../../../../../shared/aws/dynamodb/keys.ts";
import { dynamoRequestStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import { findRequests } from "../../../../../shared/aws/dynamodb/requests/find-request.ts";
import type { RequestTables } from "../../../../../shared/aws/dynamodb/requests/request-writes.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

let local: LocalTables;
beforeAll(async () => {
  local = await sharedTables();
});
afterAll(() => local.stop());

async function lent(count: number) {
  const names = await local.requestTables();
  const stored = dynamoRequestStore(local.client, names, systemRandom);
  const ids = Array.from({ length: count }, (_, at) => countedId(at + 1));
  for (const [at, id] of ids.entries()) {
    const cluster = { name: `c${at}`, arn: `${PROD.arn}-${at}` };
    const first = aFirstStep({ id, cluster });
    await stored.create([first, anApproval(first.request)]);
  }
  return { names, stored, ids };
}

/** DynamoDB reads at most `most` keys of each call, and says which it left unread. */
function reading(most: number) {
  const sizes: number[] = [];
  const send = async ({ input }: BatchGetCommand) => {
    const [found] = Object.entries(input.RequestItems ?? {});
    if (!found) throw new Error("A batch names its table.");
    const [table, { Keys: keys = [], ...how }] = found;
    sizes.push(keys.length);
    const later = keys.slice(most);
    const unread = later.length > 0 ? { [table]: { ...how, Keys: later } } : {};
    const now = keys.slice(0, most);
    const { Responses } =
      now.length === 0
        ? { Responses: {} }
        : await local.client.send(
            new BatchGetCommand({ RequestItems: { [table]: { ...how, Keys: now } } }),
          );
    return { Responses, UnprocessedKeys: unread };
  };
  return { client: { send } as unknown as DynamoDBDocumentClient, sizes };
}

const idsOf = (found: ReadonlyMap<string, { readonly id: string }>) =>
  [...found].map(([id, request]) => {
    expect(request.id).toBe(id);
    return id;
  });

describe("Requests that are read by their ids", () => {
  it("An id without a request, and one that is there twice, spoil no call", async () => {
    const { names, ids } = await lent(3);
    const asked = [...ids, ids[0] ?? "", countedId(99), "x".repeat(3_000), ""];
    expect(idsOf(await findRequests(local.client, names.requests, asked)).sort()).toEqual(ids);
  });

  it("A record of another id, which others wrote, is about the request at whose place it is", async () => {
    const { names, stored, ids } = await lent(1);
    const [id = ""] = ids;
    const request = { ...(await stored.load(id)), id: countedId(99) };
    const Item = { ...stateKey(id), schema: 1, version: request.version, request };
    await local.client.send(new PutCommand({ TableName: names.requests, Item }));
    expect(await stored.load(id)).toMatchObject({ id, state: "approved" });
  });

  it("Keys that a call leaves unread are asked for again until all are read", async () => {
    const { names, ids } = await lent(7);
    const { client, sizes } = reading(3);
    expect(idsOf(await findRequests(client, names.requests, ids)).sort()).toEqual(ids);
    expect(sizes).toEqual([7, 4, 1]);
  });

  it("A call that reads nothing is an error, and no shorter list", async () => {
    const { names, ids } = await lent(2);
    const { client } = reading(0);
    await expect(findRequests(client, names.requests, ids)).rejects.toMatchObject({
      code: "dependency-unavailable",
      message: expect.stringContaining("Nothing was changed"),
    });
  });

  it("More than a hundred take a call for each hundred", async () => {
    const { names, ids } = await lent(1);
    const { client, sizes } = reading(100);
    const many = [...Array.from({ length: 230 }, (_, at) => countedId(at + 2)), ...ids];
    expect(idsOf(await findRequests(client, names.requests, many))).toEqual(ids);
    expect(sizes).toEqual([100, 100, 31]);
  });
});

/** Items in the list of grants that the broker did not put there. */
async function plantedIn({ requests }: RequestTables, items: readonly Record<string, string>[]) {
  for (const item of items)
    await local.client.send(
      new PutCommand({ TableName: requests, Item: { livePk: LIVE, liveSk: "2026", ...item } }),
    );
}

describe("A list of grants with planted items", () => {
  it("Another item of the same request, and a key as long as may be, hide no grant", async () => {
    const { names, stored, ids } = await lent(2);
    await plantedIn(names, [
      { pk: `REQ#${ids[0]}`, sk: "PLANTED" },
      { pk: `REQ#${"x".repeat(2_000)}`, sk: "STATE" },
      { pk: "x", sk: "STATE" },
    ]);
    const { items } = await stored.grants({ limit: 100 });
    expect([...new Set(items.map(({ id }) => id))].sort()).toEqual(ids);
  });
});
