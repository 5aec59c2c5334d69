/** The writes of one request step in the requests and audit tables: the items of a transaction. */

import { extensionOpen } from "../../../domain/policy/extension-open.ts";
import { tooManyPending } from "../../../domain/policy/pending-limit.ts";
import { isFinal } from "../../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../../domain/requests/request.ts";
import { BrokerError } from "../../../domain/values/errors.ts";
import { NonceUsed } from "../../../ports/request-store.ts";
import {
  approverKeys,
  auditIndex,
  auditKey,
  grantKey,
  nonceKey,
  nonceTtl,
  pendingKey,
  pendingOfKey,
  SCHEMA,
  stateIndexes,
  stateKey,
} from "../keys.ts";
import { atMostOf } from "../rate-counts.ts";
import type { Refusal, Write } from "../transact.ts";
import { bindingOf, type Change, concernsBinding } from "./head-write.ts";

/** The names of the tables that a step writes. */
export interface RequestTables {
  readonly requests: string;
  /** Nobody may change or delete what is in it. */
  readonly audit: string;
}

const ABSENT = "attribute_not_exists(pk)";

/** The state, conditional on its version and entry, with its audit events. */
export function stateWrites(
  { requests, audit }: RequestTables,
  { request, events }: Change,
): readonly Write[] {
  const before = request.version - events.length;
  const condition =
    before === 0
      ? { ConditionExpression: ABSENT }
      : {
          // Others can file a copy of a request under another entry. An end there is not the request's.
          ConditionExpression:
            "version = :before AND #request.#cluster.#arn = :arn AND #request.#principal = :principal",
          ExpressionAttributeNames: {
            "#request": "request",
            "#cluster": "cluster",
            "#arn": "arn",
            "#principal": "principalArn",
          },
          ExpressionAttributeValues: {
            ":before": before,
            ":arn": request.cluster.arn,
            ":principal": request.principalArn,
          },
        };
  const state = {
    ...stateKey(request.id),
    ...stateIndexes(request),
    schema: SCHEMA,
    version: request.version,
    request,
  };
  return [
    { item: { Put: { TableName: requests, Item: state, ...condition } }, refused: versionConflict },
    ...events.map((event) => ({
      item: {
        Put: {
          TableName: audit,
          Item: {
            ...auditKey(event.requestId, event.seq),
            ...auditIndex(event),
            schema: SCHEMA,
            event,
          },
          ConditionExpression: ABSENT,
        },
      },
      refused: versionConflict,
    })),
  ];
}

/** The grant in its binding; none if the change cannot give access. */
export function grantWrites(table: string, change: Change): readonly Write[] {
  if (!concernsBinding(change)) return [];
  const { request } = change;
  const Key = grantKey(bindingOf(request), request.id);
  return [
    {
      item: isFinal(request.state)
        ? { Delete: { TableName: table, Key } }
        : { Put: { TableName: table, Item: { ...Key, schema: SCHEMA, request } } },
    },
  ];
}

/** The items that find a pending request: one for its terms, and one for each group that may approve. */
export function pendingWrites(table: string, { from, request }: Change): readonly Write[] {
  const terms = pendingKey(request);
  const pointers = approverKeys(request);
  const onlyOnce = {
    ConditionExpression: ABSENT,
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  } as const;
  if (from === null && request.state !== "pending")
    return [
      {
        item: { ConditionCheck: { TableName: table, Key: terms, ...onlyOnce } },
        refused: duplicateOf(request),
      },
    ];
  if (from === null)
    return [
      {
        item: {
          Put: {
            TableName: table,
            Item: { ...terms, schema: SCHEMA, requestId: request.id },
            ...onlyOnce,
          },
        },
        refused: duplicateOf(request),
      },
      ...pointers.map((key) => ({
        item: {
          Put: { TableName: table, Item: { ...key, schema: SCHEMA, requestId: request.id } },
        },
      })),
    ];
  if (from !== "pending" || request.state === "pending") return [];
  return [terms, ...pointers].map((Key) => ({ item: { Delete: { TableName: table, Key } } }));
}

const becomesPending = ({ from, request }: Change) => from === null && request.state === "pending";
const leavesPending = ({ from, request }: Change) =>
  from === "pending" && request.state !== "pending";

/**
 * Their requester's set of pending requests, as changes of one person's requests leave it.
 *
 * @param most how many the requester may have with those that are new; undefined for any number
 */
export function pendingOfWrites(
  table: string,
  changes: readonly Change[],
  most?: number,
): readonly Write[] {
  const requests = (is: typeof becomesPending) => changes.filter(is).map(({ request }) => request);
  return [
    ...pendingOfWrite(table, requests(becomesPending), "ADD", most),
    ...pendingOfWrite(table, requests(leavesPending), "DELETE"),
  ];
}

/**
 * Adds requests to their requester's pending ones, or takes them out. A set cannot miscount: to take
 * out what is not in it changes nothing.
 */
function pendingOfWrite(
  table: string,
  requests: readonly AccessRequest[],
  verb: "ADD" | "DELETE",
  most?: number,
): readonly Write[] {
  const [first] = requests;
  if (!first) return [];
  const { requester } = first;
  const more = requests.length;
  const limit =
    most === undefined
      ? {}
      : ({
          ConditionExpression: atMostOf("#ids", most - more, "size(#ids)"),
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        } as const);
  const item = {
    Update: {
      TableName: table,
      Key: pendingOfKey(requester),
      UpdateExpression: `SET #schema = :schema ${verb} #ids :ids`,
      ExpressionAttributeNames: { "#schema": "schema", "#ids": "ids" },
      ExpressionAttributeValues: {
        ":schema": SCHEMA,
        ":ids": new Set(requests.map(({ id }) => id)),
        ...(most === undefined ? {} : { ":most": most - more }),
      },
      ...limit,
    },
  };
  const refused: Refusal = ({ Item }, cause) =>
    tooManyPending(requester, Item?.["ids"]?.SS ?? [], most ?? 0, { cause }, more);
  return [{ item, refused }];
}

/** That a signed message acted: it cannot act again. */
export function nonceWrite(table: string, { updatedAt }: AccessRequest, nonce: string): Write {
  const item = { ...nonceKey(nonce), schema: SCHEMA, ttl: nonceTtl(updatedAt) };
  return {
    item: { Put: { TableName: table, Item: item, ConditionExpression: ABSENT } },
    refused: (_reason, cause) =>
      new NonceUsed("The signed message acted before. Nothing was written.", { cause }),
  };
}

const versionConflict: Refusal = (_reason, cause) => conflictOf({}, cause);

/** That someone else wrote first. @param facts where there are several requests, which ones */
export const conflictOf = (facts: BrokerError["facts"], cause: unknown): BrokerError =>
  new BrokerError(
    "version-conflict",
    "Someone else changed this request first. Nothing was written; read the request again.",
    facts,
    { cause },
  );

const duplicateOf =
  ({ extends: predecessor }: AccessRequest): Refusal =>
  ({ Item }, cause) => {
    const facts = { id: Item?.["requestId"]?.S };
    if (predecessor !== undefined) return extensionOpen(facts.id, { cause });
    return new BrokerError(
      "duplicate-request",
      "The same access is already requested and pending. Nothing was written; wait for a decision, or cancel that request first.",
      facts,
      { cause },
    );
  };

/** That another request has not changed since it was read. */
export const unchangedCheck = (
  table: string,
  { id, version }: Pick<AccessRequest, "id" | "version">,
): Write => ({
  item: {
    ConditionCheck: {
      TableName: table,
      Key: stateKey(id),
      ConditionExpression: "version = :version",
      ExpressionAttributeValues: { ":version": version },
    },
  },
  refused: versionConflict,
});
