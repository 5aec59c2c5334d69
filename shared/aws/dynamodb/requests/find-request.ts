import { BatchGetCommand, type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { requestFrom } from "../../../domain/requests/parse-grant.ts";
import type { AccessRequest } from "../../../domain/requests/request.ts";
import { BrokerError } from "../../../domain/values/errors.ts";
import { stateKey } from "../keys.ts";
import { isRequestId, requestIn } from "./stray-items.ts";

/** A request as it is stored, read consistently. Undefined unless it exists. */
export async function findRequest(
  client: DynamoDBDocumentClient,
  table: string,
  id: string,
): Promise<AccessRequest | undefined> {
  const item = await stateItem(client, table, id);
  // Others can write a record of another id. Its place says which request it is about, so that an end of it is.
  return requestFrom({ ...Object(item?.["request"]), id });
}

/** Whether a request's own record meets the condition of its next step; see `stateWrites`. */
export async function isFiledAt(
  client: DynamoDBDocumentClient,
  table: string,
  { id, version, cluster, principalArn }: AccessRequest,
): Promise<boolean> {
  const item = await stateItem(client, table, id);
  const own = Object(item?.["request"]);
  return (
    item?.["version"] === version &&
    Object(own.cluster).arn === cluster.arn &&
    own.principalArn === principalArn
  );
}

async function stateItem(
  client: DynamoDBDocumentClient,
  table: string,
  id: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: stateKey(id), ConsistentRead: true }),
  );
  return Item;
}

/**
 * The most keys of one call.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
const KEYS_AT_ONCE = 100;

/**
 * Requests as they are stored, by id, each read consistently. An id that no request has is left out.
 *
 * @throws BrokerError `dependency-unavailable` if DynamoDB answers with nothing of what is left to read
 */
export async function findRequests(
  client: DynamoDBDocumentClient,
  table: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AccessRequest>> {
  // Others can write the pointers. DynamoDB refuses a whole call for one key that is too long or there twice.
  let left = [...new Set(ids.filter(isRequestId))].map(stateKey);
  const found = new Map<string, AccessRequest>();
  while (left.length > 0) {
    const asked = left.slice(0, KEYS_AT_ONCE);
    const { items, unread } = await readBatch(client, table, asked);
    if (unread.length === asked.length) throw tooBusy();
    for (const item of items) {
      const id = requestIn(item);
      const request = requestFrom(item["request"]);
      if (request && request.id === id) found.set(id, request);
    }
    left = [...unread, ...left.slice(KEYS_AT_ONCE)];
  }
  return found;
}

type StateKey = ReturnType<typeof stateKey>;

/** A call ends at 16 MB, or at the table's throughput, and names the keys that it did not read. */
async function readBatch(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly StateKey[],
): Promise<{
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly unread: readonly StateKey[];
}> {
  const { Responses, UnprocessedKeys } = await client.send(
    new BatchGetCommand({ RequestItems: { [table]: { Keys: [...keys], ConsistentRead: true } } }),
  );
  const unread = (UnprocessedKeys?.[table]?.Keys ?? []) as unknown as readonly StateKey[];
  return { items: Responses?.[table] ?? [], unread };
}

const tooBusy = () =>
  new BrokerError(
    "dependency-unavailable",
    "DynamoDB read no request of those it was asked for. Nothing was changed; try again in a few seconds.",
  );
