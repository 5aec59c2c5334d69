import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  TransactGetCommand,
} from "@aws-sdk/lib-dynamodb";
import type { StandingEntry } from "../../../domain/standing/standing-entry.ts";
import type { StandingRecord } from "../../../domain/standing/standing-record.ts";
import type { StandingStore } from "../../../ports/standing-store.ts";
import { SCHEMA } from "../keys.ts";
import { inPages, queryItems } from "../query-items.ts";
import {
  standingEntryKey,
  standingEntryKeys,
  standingEntryPrefix,
  standingKey,
  standingPk,
  standingTtl,
} from "./standing-keys.ts";

/** Standing access in the requests table, so that the API can read it. One item an entry. */
export function dynamoStandingStore(client: DynamoDBDocumentClient, table: string): StandingStore {
  return {
    async load(clusterArn) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: standingKey(clusterArn), ConsistentRead: true }),
      );
      return Item?.["record"] as StandingRecord | undefined;
    },

    async save(record) {
      const Item = { ...standingKey(record.clusterArn), schema: SCHEMA, record };
      await client.send(new PutCommand({ TableName: table, Item }));
    },

    async put(clusterArn, passId, entry) {
      const key = standingEntryKey(clusterArn, passId, entry);
      const Item = { ...key, schema: SCHEMA, ttl: standingTtl(entry), entry };
      await client.send(new PutCommand({ TableName: table, Item }));
    },

    async *all(clusterArn, passId) {
      const query = { TableName: table, ...inPass(clusterArn, passId), ConsistentRead: true };
      for await (const items of inPages(client, query))
        yield* items.map(({ entry }) => entry as StandingEntry);
    },

    entryOf: (clusterArn, passId, principalArn) =>
      newestOf(client, table, standingEntryKeys(clusterArn, passId, principalArn)),

    async entries(clusterArn, passId, { limit, after }) {
      const prefix = standingEntryPrefix(passId);
      const items = await queryItems(
        client,
        { TableName: table, ...inPass(clusterArn, passId, after) },
        // One more than is wanted, because the first is the last of the page before.
        limit + (after === undefined ? 1 : 2),
      );
      const rest = after === undefined ? items : items.filter(({ sk }) => sk !== prefix + after);
      const page = rest.slice(0, limit);
      const last = page.at(-1)?.["sk"];
      return {
        items: page.map(({ entry }) => entry as StandingEntry),
        ...(rest.length > limit && last !== undefined
          ? { next: String(last).slice(prefix.length) }
          : {}),
      };
    },
  };
}

/** The condition of a query for the entries of a pass. @param after the place of the last of the page before */
const inPass = (clusterArn: string, passId: string, after = "") => ({
  KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
  ExpressionAttributeValues: {
    ":pk": standingPk(clusterArn),
    ":from": standingEntryPrefix(passId) + after,
    ":to": `${standingEntryPrefix(passId)}~`,
  },
});

/** The entry under one of these keys. A pass that was broken off may have read it twice. */
async function newestOf(
  client: DynamoDBDocumentClient,
  table: string,
  keys: ReturnType<typeof standingEntryKeys>,
): Promise<StandingEntry | undefined> {
  const TransactItems = keys.map((Key) => ({ Get: { TableName: table, Key } }));
  const { Responses = [] } = await client.send(new TransactGetCommand({ TransactItems }));
  const found = Responses.flatMap(({ Item }) => (Item ? [Item["entry"] as StandingEntry] : []));
  return found.toSorted((a, b) => (a.readAt < b.readAt ? 1 : -1))[0];
}
