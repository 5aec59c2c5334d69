import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { noLongerDelegated } from "../../../domain/policy/delegation-refusals.ts";
import { behalfIn, isAuditEvent } from "../../../domain/requests/audit-event.ts";
import type { AccessRequest } from "../../../domain/requests/request.ts";
import { noRequest } from "../../../domain/values/errors.ts";
import type { IdempotencyKey } from "../../../ports/idempotency.ts";
import type { Random } from "../../../ports/random.ts";
import type { RequestStore } from "../../../ports/request-store.ts";
import type { TogetherStore } from "../../../ports/together-store.ts";
import { auditEvents, eventsOfRequest } from "../audit/audit-events.ts";
import { dynamoEndNotes } from "../audit/end-notes.ts";
import { delegationKey } from "../evidence/record-keys.ts";
import { auditPk, idempotencyKey, pendingExtensionKey, reviewKey, SCHEMA } from "../keys.ts";
import { inPartition, queryPages } from "../query-items.ts";
import { automaticWrite, countIn } from "../rate-counts.ts";
import { transactWrite, type Write } from "../transact.ts";
import { readPartition, viewOf } from "./binding-view.ts";
import { findRequest, isFiledAt } from "./find-request.ts";
import { type Change, headWrite, together } from "./head-write.ts";
import { idempotencyWrite } from "./idempotency-write.ts";
import { lentGrants } from "./lent-grants.ts";
import { allConflicts, namingConflict } from "./named-conflicts.ts";
import { noticeWrite, stepOf } from "./notice-write.ts";
import { requestLists } from "./request-lists.ts";
import {
  grantWrites,
  nonceWrite,
  pendingOfWrites,
  pendingWrites,
  type RequestTables,
  stateWrites,
  unchangedCheck,
} from "./request-writes.ts";
import { requestsByPrefix } from "./requests-by-prefix.ts";
import { isRequestId } from "./stray-items.ts";
import { refusalOfParts, togetherWrites } from "./together-writes.ts";

/**
 * Requests in DynamoDB: one `STATE` item each, and the items that lists and bindings need. Each
 * version has one event in the audit table. One transaction writes them all. Nothing here scans.
 * @param random spreads retries
 */
export function dynamoRequestStore(
  client: DynamoDBDocumentClient,
  tables: RequestTables,
  random: Random,
): RequestStore {
  const { requests, audit } = tables;
  return {
    ...requestReads(client, tables),
    ...requestLists(client, requests),
    ...lentGrants(client, requests),
    ...requestSteps(client, tables, random),
    ...requestsTogether(client, tables, random),
    ...dynamoEndNotes(client, audit),
    beginningWith: (prefix, page, isWanted = () => true) =>
      requestsByPrefix(client, tables, prefix, page, isWanted),
    historyPage: (id, page) => eventsOfRequest(client, audit, id, page),
    auditBetween: (from, to, page) => auditEvents(client, audit, from, to, page),
    countIn: (window, most) => countIn(client, requests, random, window, most),
  };
}

/** Pages of 1 MB: more than events that the broker adds. Others can add any number of 400 KB behind them. */
const PAGES_OF_HISTORY = 10;

function requestReads(
  client: DynamoDBDocumentClient,
  { requests, audit }: RequestTables,
): Pick<RequestStore, "load" | "isAt" | "openOn" | "history" | "idempotent" | "pendingExtension"> {
  return {
    async load(id) {
      const request = await findRequest(client, requests, id);
      if (request) return request;
      throw noRequest(id);
    },

    isAt: (request) => isFiledAt(client, requests, request),

    async openOn(binding) {
      return viewOf(binding, await readPartition(client, requests, binding)).grants;
    },

    async pendingExtension(grantId) {
      const { Item } = await client.send(
        new GetCommand({
          TableName: requests,
          Key: pendingExtensionKey(grantId),
          ConsistentRead: true,
        }),
      );
      const id = String(Item?.["requestId"]);
      // Others can write the item. Text in another form names no request.
      return isRequestId(id) ? id : undefined;
    },

    async history(id) {
      const query = { TableName: audit, ...inPartition(auditPk(id)), ConsistentRead: true };
      const all = { count: Number.POSITIVE_INFINITY, pages: PAGES_OF_HISTORY };
      const { items } = await queryPages(client, query, all);
      return items.map((item) => item["event"]).filter(isAuditEvent);
    },

    async idempotent(keyHash) {
      const { Item } = await client.send(
        new GetCommand({ TableName: requests, Key: idempotencyKey(keyHash), ConsistentRead: true }),
      );
      if (!Item) return undefined;
      const { bodyHash, answer, others } = Item;
      return {
        bodyHash: String(bodyHash),
        answer: answer as AccessRequest,
        ...(others === undefined ? {} : { others: others as readonly AccessRequest[] }),
      };
    },
  };
}

/** The items of one change, without its binding's head. */
const changeWrites = (
  tables: RequestTables,
  change: Change,
  mostPending: number | undefined,
): readonly Write[] => [
  ...pendingWrites(tables.requests, change),
  ...pendingOfWrites(tables.requests, [change], mostPending),
  ...reviewWrites(tables.requests, change),
  ...delegationChecks(tables.requests, change),
  ...stateWrites(tables, change),
  ...grantWrites(tables.requests, change),
  noticeWrite(tables.requests, stepOf(change)),
];

function requestSteps(
  client: DynamoDBDocumentClient,
  tables: RequestTables,
  random: Random,
): Pick<RequestStore, "create" | "save" | "saveAll"> {
  const { requests: table } = tables;
  const transact = (writes: readonly Write[]) => transactWrite(client, writes, random);
  const writesOf = (change: Change, mostPending?: number) =>
    changeWrites(tables, change, mostPending);
  return {
    async create(steps, options = {}) {
      const { idempotency, capacity, mostPending, automatic, nonce, beside, unchanged } = options;
      const change = together(steps);
      const others = (beside ?? []).map((step) => together([step]));
      await transact([
        ...keyWrites(table, change, idempotency),
        ...nonceWrites(table, change, nonce),
        ...(automatic ? [automaticWrite(table, automatic)] : []),
        ...(unchanged ? [unchangedCheck(table, unchanged)] : []),
        ...writesOf(change, mostPending),
        ...others.flatMap((other) => writesOf(other)),
        ...headWrite(table, [change, ...others], capacity),
      ]);
    },

    async save(step, { followedBy, capacity, nonce, beside } = {}) {
      const change = together(followedBy ? [step, followedBy] : [step]);
      const others = (beside ?? []).map((other) => together([other]));
      await transact([
        ...nonceWrites(table, change, nonce),
        ...[change, ...others].flatMap((each) => writesOf(each)),
        ...headWrite(table, [change, ...others], capacity),
      ]);
    },

    async saveAll(steps) {
      const changes = steps.map((step) => together([step]));
      const own = changes.flatMap((change) => namingConflict(change, writesOf(change)));
      await transactWrite(client, [...own, ...headWrite(table, changes)], random, allConflicts);
    },
  };
}

const requestsTogether = (
  client: DynamoDBDocumentClient,
  tables: RequestTables,
  random: Random,
): TogetherStore => ({
  async createTogether(parts, options = {}) {
    const { requests: table } = tables;
    const changes = parts.map(({ steps }) => together(steps));
    const [first] = changes;
    if (!first) throw new Error("An ask has at least one request.");
    const writes = [
      ...keyWrites(table, first, options.idempotency, changes),
      ...nonceWrites(table, first, options.nonce),
      ...togetherWrites(tables, parts, changes, options),
    ];
    await transactWrite(client, writes, random, refusalOfParts);
  },
});

const keyWrites = (
  table: string,
  { request }: Change,
  key: IdempotencyKey | undefined,
  [, ...others]: readonly Change[] = [],
) => {
  const more = others.length === 0 ? {} : { others: others.map((other) => other.request) };
  return key ? [idempotencyWrite(table, key, { answer: request, ...more }, request.createdAt)] : [];
};

const nonceWrites = (table: string, { request }: Change, nonce: string | undefined) =>
  nonce === undefined ? [] : [nonceWrite(table, request, nonce)];

/**
 * The pointer to a request with an open review. The approval that opens the review puts it, and the
 * step that closes the review deletes it. Its key is stored with the request, so exactly that one
 * is deleted.
 */
function reviewWrites(table: string, { request, events }: Change): readonly Write[] {
  const { id, review } = request;
  if (!review) return [];
  const key = reviewKey(review, id);
  return events.flatMap((event): readonly Write[] => {
    if (event.type === "review") return [{ item: { Delete: { TableName: table, Key: key } } }];
    if (event.type !== "approve" || !event.details.review) return [];
    const Item = { ...key, schema: SCHEMA, requestId: id };
    return [{ item: { Put: { TableName: table, Item } } }];
  });
}

/**
 * Checks, for a decision on somebody's behalf, that nobody has ended the delegation. So of a
 * decision and an end at once, either the end is later, or the decision is not stored.
 */
const delegationChecks = (table: string, { events }: Change): readonly Write[] =>
  events.flatMap((event): readonly Write[] => {
    const onBehalfOf = behalfIn(event);
    if (!onBehalfOf) return [];
    const check = {
      TableName: table,
      Key: delegationKey(onBehalfOf.delegation),
      ConditionExpression: "attribute_exists(pk)",
    };
    return [
      { item: { ConditionCheck: check }, refused: () => noLongerDelegated(onBehalfOf.person) },
    ];
  });
