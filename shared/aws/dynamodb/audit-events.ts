import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { AuditEvent } from "../../domain/requests/audit-event.ts";
import { countOnPage } from "../../domain/requests/page-bytes.ts";
import { floorTo, plusSeconds } from "../../domain/values/instant.ts";
import type { Page, PageQuery } from "../../ports/request-store.ts";
import { AUDIT_INDEX } from "./indexes.ts";
import { auditPk, hourPk } from "./keys.ts";
import { type Item, queryItems } from "./query-items.ts";

const HOUR_SECONDS = 3_600;
/** The most hours that are queried at once while they turn out empty. */
const WIDEST = 32;
/** How many hours one page searches. An empty page with a cursor means that there may be more. */
const HOURS_A_PAGE = 250;

/**
 * Reads the audit index hour by hour. Each hour is its own partition, so no partition grows without
 * limit. Over hours without events, the number of hours queried at once doubles.
 */
export async function auditEvents(
  client: DynamoDBDocumentClient,
  table: string,
  from: string,
  to: string,
  { limit, after: place }: PageQuery,
): Promise<Page<AuditEvent>> {
  const start = plusSeconds(from, 0);
  const end = plusSeconds(to, 0);
  // A sort key starts with its instant, so the instant alone sorts before all events of that time.
  const after = place ?? start;
  const inHour = (hour: string) =>
    queryItems(
      client,
      {
        TableName: table,
        IndexName: AUDIT_INDEX.audit.name,
        KeyConditionExpression: "auditPk = :pk AND auditSk > :after",
        ExpressionAttributeValues: { ":pk": hourPk(hour), ":after": after },
      },
      limit + 1,
    );

  const found: Item[] = [];
  let hour = floorTo(after.slice(0, start.length), HOUR_SECONDS);
  for (let stride = 1, walked = 0; hour < end && walked < HOURS_A_PAGE; ) {
    const hours = Array.from({ length: stride }, (_, at) =>
      plusSeconds(hour, at * HOUR_SECONDS),
    ).filter((each) => each < end);
    const items = (await Promise.all(hours.map(inHour))).flat();
    found.push(...items.filter((item) => String(item["auditSk"]) < end));
    const count = countOnPage(found.map(eventOf), limit);
    if (count < found.length) return pageOf(found.slice(0, count), AUDIT_INDEX.audit.sk);
    walked += hours.length;
    hour = plusSeconds(hour, hours.length * HOUR_SECONDS);
    stride = items.length > 0 ? 1 : Math.min(stride * 2, WIDEST);
  }
  return {
    items: found.map(eventOf),
    ...(hour < end ? { next: hour } : {}),
  };
}

/** One page of a request's own events, in the order of their numbers. */
export async function eventsOfRequest(
  client: DynamoDBDocumentClient,
  table: string,
  id: string,
  { limit, after }: PageQuery,
): Promise<Page<AuditEvent>> {
  const found = await queryItems(
    client,
    {
      TableName: table,
      KeyConditionExpression: `pk = :pk${after === undefined ? "" : " AND sk > :after"}`,
      ExpressionAttributeValues: {
        ":pk": auditPk(id),
        ...(after === undefined ? {} : { ":after": after }),
      },
      ConsistentRead: true,
    },
    limit + 1,
  );
  const count = countOnPage(found.map(eventOf), limit);
  if (count < found.length) return pageOf(found.slice(0, count), "sk");
  return { items: found.map(eventOf) };
}

const eventOf = (item: Item) => item["event"] as AuditEvent;

/** A page with another one after it, which starts behind the sort key of its last item. */
const pageOf = (items: readonly Item[], sk: string): Page<AuditEvent> => ({
  items: items.map(eventOf),
  next: String(items.at(-1)?.[sk]),
});
