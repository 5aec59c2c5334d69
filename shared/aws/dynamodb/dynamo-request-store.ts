import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { AuditEvent } from "../../domain/requests/audit-event.ts";
import type { Step } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { noRequest } from "../../domain/values/errors.ts";
import type { Random } from "../../ports/random.ts";
import type { IdempotencyKey, Page, PageQuery, RequestStore } from "../../ports/request-store.ts";
import { auditEvents } from "./audit-events.ts";
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
import { type Item, inPartition, queryItems } from "./query-items.ts";
import {
  grantWrites,
  idempotencyWrite,
  nonceWrite,
  noticeWrite,
  pendingWrites,
  stateWrites,
} from "./request-writes.ts";
import { transactWrite, type Write } from "./transact.ts";
import { type Placed, wantedPage } from "./wanted-page.ts";
import { writeItem } from "./write-item.ts";

/** How many requests are read at once for a list of pointers. */
const READS_AT_ONCE = 25;

/** The keys of a list: of an index, or of the table itself. */
interface ListKeys {
  readonly name?: string;
  readonly pk: string;
  readonly sk: string;
}
const POINTERS: ListKeys = { pk: "pk", sk: "sk" };

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

  const writesOf = (change: Change, mostPending?: number): readonly Write[] => [
    ...pendingWrites(table, change, mostPending),
    ...stateWrites(table, change),
    ...grantWrites(table, change),
    noticeWrite(table, change),
  ];

  /** The items of one partition of an index, or of the table itself, after a place. */
  const partition = (
    { name, pk, sk }: ListKeys,
    value: string,
    order: "ascending" | "descending",
    after: string | undefined,
    count: number,
  ): Promise<readonly Item[]> => {
    const isAfter = order === "ascending" ? `${sk} > :after` : `${sk} < :after`;
    return queryItems(
      client,
      {
        TableName: table,
        ...(name === undefined ? {} : { IndexName: name }),
        KeyConditionExpression: `${pk} = :pk${after === undefined ? "" : ` AND ${isAfter}`}`,
        ExpressionAttributeValues: {
          ":pk": value,
          ...(after === undefined ? {} : { ":after": after }),
        },
        ScanIndexForward: order === "ascending",
      },
      count,
    );
  };

  const indexed = (
    keys: (typeof INDEX)["mine" | "live"],
    value: string,
    order: "ascending" | "descending",
    page: PageQuery,
    isWanted: (request: AccessRequest) => boolean = () => true,
  ): Promise<Page<AccessRequest>> =>
    wantedPage(page, isWanted, async (after, count) => {
      const items = await partition(keys, value, order, after, count);
      return items.map((item) => ({
        place: String(item[keys.sk]),
        item: item["request"] as AccessRequest,
      }));
    });

  /** Pending requests of any of the groups, with their places among the pointers to them. */
  const awaited = async (
    groups: readonly string[],
    after: string | undefined,
    count: number,
  ): Promise<readonly Placed<AccessRequest>[]> => {
    const pointers = await Promise.all(
      [...new Set(groups)].map((group) =>
        partition(POINTERS, approverPk(group), "ascending", after, count),
      ),
    );
    // Keyed by what they sort by, so that a request in several groups is there once.
    const byAge = new Map(
      pointers.flat().map((item) => [String(item["sk"]), String(item["requestId"])]),
    );
    const oldest = [...byAge].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, count);
    const placed: Placed<AccessRequest>[] = [];
    for (let at = 0; at < oldest.length; at += READS_AT_ONCE) {
      const few = oldest.slice(at, at + READS_AT_ONCE);
      const found = await Promise.all(few.map(([, id]) => find(id)));
      placed.push(...few.map(([place], each) => ({ place, item: found[each] })));
    }
    return placed;
  };

  return {
    async load(id) {
      const request = await find(id);
      if (request) return request;
      throw noRequest(id);
    },

    async create(steps, { idempotency, capacity, mostPending, nonce } = {}) {
      const change = together(steps);
      await transact([
        ...keyWrites(table, change, idempotency),
        ...nonceWrites(table, change, nonce),
        ...writesOf(change, mostPending),
        ...headWrite(table, [change], capacity),
      ]);
    },

    async save(step, { capacity, nonce } = {}) {
      const change = together([step]);
      await transact([
        ...nonceWrites(table, change, nonce),
        ...writesOf(change),
        ...headWrite(table, [change], capacity),
      ]);
    },

    async saveAll(steps) {
      const changes = steps.map((step) => together([step]));
      await transact([
        ...changes.flatMap((change) => writesOf(change)),
        ...headWrite(table, changes),
      ]);
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

    awaiting: (groups, page, isWanted = () => true) =>
      wantedPage(
        page,
        (request) => request.state === "pending" && isWanted(request),
        (after, count) => awaited(groups, after, count),
      ),

    grants: (page, isWanted) => indexed(INDEX.live, LIVE, "ascending", page, isWanted),

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

const nonceWrites = (table: string, { request }: Change, nonce: string | undefined) =>
  nonce === undefined ? [] : [nonceWrite(table, request, nonce)];
