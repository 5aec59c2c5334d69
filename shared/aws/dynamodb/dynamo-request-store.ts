import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { AuditEvent } from "../../domain/requests/audit-event.ts";
import type { Step } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { noRequest } from "../../domain/values/errors.ts";
import type { Random } from "../../ports/random.ts";
import type { IdempotencyKey, Page, PageQuery, RequestStore } from "../../ports/request-store.ts";
import { auditEvents } from "./audit-events.ts";
import { cursorAfter, type ListName, positionIn } from "./cursor.ts";
import { type Change, headWrite } from "./head-write.ts";
import { INDEX } from "./indexes.ts";
import {
  approverPk,
  auditPk,
  idempotencyKey,
  LIVE,
  minePk,
  rateKey,
  rateTtl,
  SCHEMA,
  stateKey,
} from "./keys.ts";
import { inPartition, queryItems } from "./query-items.ts";
import {
  grantWrites,
  idempotencyWrite,
  noticeWrite,
  pendingWrites,
  stateWrites,
} from "./request-writes.ts";
import { transactWrite, type Write } from "./transact.ts";
import { writeItem } from "./write-item.ts";

/** How many requests are read at once for a list of pointers. */
const READS_AT_ONCE = 25;

/**
 * Requests in DynamoDB: one `STATE` item each, one audit event per version, and the items that
 * lists and bindings need. Each step writes them in one transaction. Nothing here scans.
 * @param random spreads retries
 */
export function dynamoRequestStore(
  client: DynamoDBDocumentClient,
  table: string,
  random: Random,
): RequestStore {
  const find = async (id: string): Promise<AccessRequest | undefined> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: stateKey(id), ConsistentRead: true }),
    );
    return Item?.["request"] as AccessRequest | undefined;
  };

  const transact = (writes: readonly Write[]) => transactWrite(client, writes, random);

  const writesOf = (change: Change): readonly Write[] => [
    ...pendingWrites(table, change),
    ...stateWrites(table, change),
    ...grantWrites(table, change),
    noticeWrite(table, change),
  ];

  const indexed = async (
    { name, pk, sk }: (typeof INDEX)["mine" | "live"],
    partition: string,
    order: "ascending" | "descending",
    { limit, cursor }: PageQuery,
  ): Promise<Page<AccessRequest>> => {
    const list: ListName = [name, partition];
    const after = cursor === undefined ? undefined : positionIn(list, cursor);
    const isAfter = order === "ascending" ? `${sk} > :after` : `${sk} < :after`;
    const items = await queryItems(
      client,
      {
        TableName: table,
        IndexName: name,
        KeyConditionExpression: `${pk} = :pk${after === undefined ? "" : ` AND ${isAfter}`}`,
        ExpressionAttributeValues: {
          ":pk": partition,
          ...(after === undefined ? {} : { ":after": after }),
        },
        ScanIndexForward: order === "ascending",
      },
      limit + 1,
    );
    const last = items.length > limit ? items[limit - 1]?.[sk] : undefined;
    return {
      items: items.slice(0, limit).map((item) => item["request"] as AccessRequest),
      ...(last === undefined ? {} : { cursor: cursorAfter(list, String(last)) }),
    };
  };

  return {
    async load(id) {
      const request = await find(id);
      if (request) return request;
      throw noRequest(id);
    },

    async create(steps, { idempotency, capacity } = {}) {
      const change = together(steps);
      await transact([
        ...keyWrites(table, change, idempotency),
        ...writesOf(change),
        ...headWrite(table, [change], capacity),
      ]);
    },

    async save(step, capacity) {
      const change = together([step]);
      await transact([...writesOf(change), ...headWrite(table, [change], capacity)]);
    },

    async saveAll(steps) {
      const changes = steps.map((step) => together([step]));
      await transact([...changes.flatMap(writesOf), ...headWrite(table, changes)]);
    },

    async history(id) {
      const items = await queryItems(client, {
        TableName: table,
        ...inPartition(auditPk(id)),
        ConsistentRead: true,
      });
      return items.map((item) => item["event"] as AuditEvent);
    },

    requestedBy: (person, page) => indexed(INDEX.mine, minePk(person), "descending", page),

    async awaiting(groups) {
      const pointers = await Promise.all(
        [...new Set(groups)].map((group) =>
          queryItems(client, {
            TableName: table,
            ...inPartition(approverPk(group)),
          }),
        ),
      );
      // Keyed by the sort key, so a request in several groups appears once.
      const byAge = new Map(
        pointers.flat().map((item) => [String(item["sk"]), String(item["requestId"])]),
      );
      const ids = [...byAge].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, id]) => id);
      const requests: AccessRequest[] = [];
      for (let at = 0; at < ids.length; at += READS_AT_ONCE) {
        const found = await Promise.all(ids.slice(at, at + READS_AT_ONCE).map(find));
        requests.push(...found.filter((request) => request?.state === "pending").filter(isThere));
      }
      return requests;
    },

    grants: (page) => indexed(INDEX.live, LIVE, "ascending", page),

    auditBetween: (from, to, page) => auditEvents(client, table, from, to, page),

    async idempotent(keyHash) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: idempotencyKey(keyHash), ConsistentRead: true }),
      );
      if (!Item) return undefined;
      return { bodyHash: String(Item["bodyHash"]), answer: Item["answer"] as AccessRequest };
    },

    async countIn(window, most) {
      try {
        const command = new UpdateCommand({
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
        await writeItem(random, () => client.send(command));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}

/** Combines steps of one request that are stored at once: the last state, and all events. */
function together(steps: readonly Step[]): Change {
  const [first] = steps;
  const last = steps.at(-1);
  if (!first || !last) throw new Error("A change of a request has at least one step.");
  return {
    from: first.from,
    request: last.request,
    events: steps.map(({ event }) => event),
  };
}

const keyWrites = (table: string, { request }: Change, key: IdempotencyKey | undefined) =>
  key ? [idempotencyWrite(table, request, key)] : [];

const isThere = <T>(value: T | undefined): value is T => value !== undefined;
