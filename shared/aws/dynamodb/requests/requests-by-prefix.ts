import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createdBetween } from "../../../domain/requests/id-prefix.ts";
import type { AccessRequest } from "../../../domain/requests/request.ts";
import { floorTo, plusSeconds } from "../../../domain/values/instant.ts";
import type { Page, PageQuery } from "../../../ports/request-store.ts";
import { isAtPlace } from "../audit/hours-of-index.ts";
import { storedEvent } from "../audit/stored-record.ts";
import { placeIn, startBehind } from "../index-place.ts";
import { AUDIT_INDEX } from "../indexes.ts";
import { auditIndex, hourPk } from "../keys.ts";
import { type Item, queryItems } from "../query-items.ts";
import { type Placed, wantedPage } from "../wanted-page.ts";
import { findRequest } from "./find-request.ts";
import type { RequestTables } from "./request-writes.ts";

const HOUR_SECONDS = 3_600;

/**
 * Requests whose ids begin with a prefix. The prefix says when they were created, within a minute
 * or two. So only the audit events of that time are read.
 */
export function requestsByPrefix(
  client: DynamoDBDocumentClient,
  { requests, audit }: RequestTables,
  prefix: string,
  page: PageQuery,
  isWanted: (request: AccessRequest) => boolean,
): Promise<Page<AccessRequest>> {
  const placed = async (item: Item): Promise<Placed<AccessRequest>> => {
    const event = storedEvent(item);
    const isFirst =
      event?.seq === 1 && event.requestId.startsWith(prefix) && isAtPlace(item, auditIndex(event));
    return {
      place: placeIn(AUDIT_INDEX.audit, item),
      item: isFirst ? await findRequest(client, requests, event.requestId) : undefined,
    };
  };
  return wantedPage(page, isWanted, async (after, count) => {
    const items = await itemsOf(client, audit, createdBetween(prefix), after, count);
    return Promise.all(items.map(placed));
  });
}

/** The next items of an interval after a place; fewer than `count` only at its end. */
async function itemsOf(
  client: DynamoDBDocumentClient,
  table: string,
  { from, to }: { readonly from: string; readonly to: string },
  after: string | undefined,
  count: number,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  const first = floorTo((after ?? from).slice(0, from.length), HOUR_SECONDS);
  for (
    let hour = first;
    hour < to && found.length < count;
    hour = plusSeconds(hour, HOUR_SECONDS)
  ) {
    const { name, pk, sk } = AUDIT_INDEX.audit;
    const isCut = after !== undefined && hour === first;
    const start = isCut ? startBehind(AUDIT_INDEX.audit, hourPk(hour), after) : undefined;
    const query = {
      TableName: table,
      IndexName: name,
      // A sort key starts with its instant, so the bare instant sorts before all events of that time.
      KeyConditionExpression: `${pk} = :pk AND ${sk} BETWEEN :from AND :to`,
      ExpressionAttributeValues: { ":pk": hourPk(hour), ":from": from, ":to": to },
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    };
    found.push(...(await queryItems(client, query, count - found.length)));
  }
  return found;
}
