import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { ACCESS_MAY_EXIST } from "../../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../../domain/requests/request.ts";
import { openReviewOf } from "../../../domain/requests/review.ts";
import type { RequestStore } from "../../../ports/request-store.ts";
import { placeIn, startBehind } from "../index-place.ts";
import { INDEX } from "../indexes.ts";
import { approverPk, LIVE, minePk, OPEN_REVIEWS } from "../keys.ts";
import { type Item, queryItems } from "../query-items.ts";
import { type Placed, wantedPage } from "../wanted-page.ts";
import { findRequests } from "./find-request.ts";

/** The keys of a list: of an index, or of the table itself. */
interface ListKeys {
  readonly name?: string;
  readonly pk: string;
  readonly sk: string;
}
const POINTERS: ListKeys = { pk: "pk", sk: "sk" };

type Lists = Pick<RequestStore, "requestedBy" | "awaiting" | "openReviews" | "grants">;

interface Partition {
  readonly keys: ListKeys;
  readonly value: string;
  readonly order: "ascending" | "descending";
}

/** The lists of requests: of a person, of approvers, and of grants. */
export function requestLists(client: DynamoDBDocumentClient, table: string): Lists {
  const indexed =
    (partition: Partition) =>
    async (after: string | undefined, count: number): Promise<readonly Placed<AccessRequest>[]> => {
      const items = await itemsAfter(client, table, partition, after, count);
      return pointedTo(
        client,
        table,
        items.map((item) => [placeIn(partition.keys, item), idOf(item)]),
      );
    };
  return {
    requestedBy: (person, page) =>
      wantedPage(
        page,
        () => true,
        indexed({ keys: INDEX.mine, value: minePk(person), order: "descending" }),
      ),
    awaiting: (groups, page, isWanted = () => true) =>
      wantedPage(
        page,
        (request) => request.state === "pending" && isWanted(request),
        (after, count) => awaited(client, table, groups, after, count),
      ),
    openReviews: (page, isWanted = () => true) =>
      wantedPage(
        page,
        (request) => openReviewOf(request) !== undefined && isWanted(request),
        (after, count) => toReview(client, table, after, count),
      ),
    grants: (page, isWanted = () => true) =>
      wantedPage(
        page,
        // The index may be behind the request, which may be over.
        (request) => ACCESS_MAY_EXIST.has(request.state) && isWanted(request),
        indexed({ keys: INDEX.live, value: LIVE, order: "ascending" }),
      ),
  };
}

/** The items of a partition of an index, or of the table itself, after a place. */
function itemsAfter(
  client: DynamoDBDocumentClient,
  table: string,
  { keys: { name, pk, sk }, value, order }: Partition,
  after: string | undefined,
  count: number,
): Promise<readonly Item[]> {
  const start = after === undefined ? undefined : startBehind({ pk, sk }, value, after);
  const bare = start === undefined ? after : undefined;
  const isAfter = order === "ascending" ? `${sk} > :after` : `${sk} < :after`;
  return queryItems(
    client,
    {
      TableName: table,
      ...(name === undefined ? {} : { IndexName: name }),
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      KeyConditionExpression: `${pk} = :pk${bare === undefined ? "" : ` AND ${isAfter}`}`,
      ExpressionAttributeValues: {
        ":pk": value,
        ...(bare === undefined ? {} : { ":after": bare }),
      },
      ScanIndexForward: order === "ascending",
    },
    count,
  );
}

/** Pending requests of any of the groups, with their places among the pointers to them. */
async function awaited(
  client: DynamoDBDocumentClient,
  table: string,
  groups: readonly string[],
  after: string | undefined,
  count: number,
): Promise<readonly Placed<AccessRequest>[]> {
  const pointers = await Promise.all(
    [...new Set(groups)].map((group) => {
      const partition = { keys: POINTERS, value: approverPk(group), order: "ascending" } as const;
      return itemsAfter(client, table, partition, after, count);
    }),
  );
  // Keyed by what they sort by, so that a request in several groups is there once.
  const byAge = new Map(
    pointers.flat().map((item) => [String(item["sk"]), String(item["requestId"])]),
  );
  const oldest = [...byAge].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, count);
  return pointedTo(client, table, oldest);
}

/** Requests with an open review, with their places among the pointers to them. */
async function toReview(
  client: DynamoDBDocumentClient,
  table: string,
  after: string | undefined,
  count: number,
): Promise<readonly Placed<AccessRequest>[]> {
  const partition = { keys: POINTERS, value: OPEN_REVIEWS, order: "ascending" } as const;
  const items = await itemsAfter(client, table, partition, after, count);
  return pointedTo(
    client,
    table,
    items.map((item) => [String(item["sk"]), String(item["requestId"])]),
  );
}

/** The id in the key of a request's state, as an index holds it. */
const idOf = ({ pk }: Item) => String(pk).slice("REQ#".length);

/** The requests that pointers name. @param pointers places and ids */
async function pointedTo(
  client: DynamoDBDocumentClient,
  table: string,
  pointers: readonly (readonly [place: string, id: string])[],
): Promise<readonly Placed<AccessRequest>[]> {
  const found = await findRequests(
    client,
    table,
    pointers.map(([, id]) => id),
  );
  return pointers.map(([place, id]) => ({ place, item: found.get(id) }));
}
