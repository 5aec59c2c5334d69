import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { AuditEvent } from "../../../domain/requests/audit-event.ts";
import { createdBetween } from "../../../domain/requests/id-prefix.ts";
import type { AccessRequest } from "../../../domain/requests/request.ts";
import { floorTo, plusSeconds } from "../../../domain/values/instant.ts";
import type { Page, PageQuery } from "../../../ports/request-store.ts";
import { AUDIT_INDEX } from "../indexes.ts";
import { hourPk } from "../keys.ts";
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
    const { seq, requestId } = item["event"] as AuditEvent;
    const isFirst = seq === 1 && requestId.startsWith(prefix);
    return {
      place: String(item[AUDIT_INDEX.audit.sk]),
      item: isFirst ? await findRequest(client, requests, requestId) : undefined,
    };
  };
  return wantedPage(page, isWanted, async (after, count) => {
    const items = await eventsOf(client, audit, createdBetween(prefix), after, count);
    return Promise.all(items.map(placed));
  });
}

/** The next events of an interval after a place; fewer than `count` only at its end. */
async function eventsOf(
  client: DynamoDBDocumentClient,
  table: string,
  { from, to }: { readonly from: string; readonly to: string },
  after: string | undefined,
  count: number,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  // A sort key starts with its instant, so the bare instant sorts before all events of that time.
  const start = after ?? from;
  let hour = floorTo(start.slice(0, from.length), HOUR_SECONDS);
  for (; hour < to && found.length < count; hour = plusSeconds(hour, HOUR_SECONDS)) {
    const { name, pk, sk } = AUDIT_INDEX.audit;
    const query = {
      TableName: table,
      IndexName: name,
      KeyConditionExpression: `${pk} = :pk AND ${sk} BETWEEN :start AND :to`,
      ExpressionAttributeValues: { ":pk": hourPk(hour), ":start": start, ":to": to },
    };
    const items = await queryItems(client, query, count - found.length + 1);
    found.push(...items.filter((item) => item[sk] !== start));
  }
  return found.slice(0, count);
}
