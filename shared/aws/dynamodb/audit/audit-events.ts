import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { AuditEvent } from "../../../domain/requests/audit-event.ts";
import { countOnPage } from "../../../domain/requests/page-bytes.ts";
import type { ListedPage } from "../../../ports/listed-page.ts";
import type { Page, PageQuery } from "../../../ports/request-store.ts";
import { auditIndex, auditPk, hourPk } from "../keys.ts";
import { type Item, queryPages } from "../query-items.ts";
import { isAtPlace, pageOfHours } from "./hours-of-index.ts";
import { storedEvent } from "./stored-record.ts";

/** One page of everyone's events, in order of time. */
export async function auditEvents(
  client: DynamoDBDocumentClient,
  table: string,
  from: string,
  to: string,
  page: PageQuery,
): Promise<ListedPage<AuditEvent>> {
  const listed = { table, partition: hourPk, read: listedEvent };
  const { items: found, ...more } = await pageOfHours(client, listed, from, to, page);
  const items = found.filter((event) => event !== undefined);
  const leftOut = found.length - items.length;
  return { items, ...more, ...(leftOut > 0 ? { leftOut } : {}) };
}

/** Undefined for an item that is no event in its place: other functions may put some into the index. */
function listedEvent(item: Item): AuditEvent | undefined {
  const event = storedEvent(item);
  return event && isAtPlace(item, auditIndex(event)) ? event : undefined;
}

/** How many pages of 1 MB are read for one page of events, which has no more. Others can add events of 400 KB. */
const PAGES_AT_ONCE = 2;

/** One page of a request's own events, in the order of their numbers. */
export async function eventsOfRequest(
  client: DynamoDBDocumentClient,
  table: string,
  id: string,
  { limit, after }: PageQuery,
): Promise<Page<AuditEvent>> {
  const { items: found, hasMore } = await queryPages(
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
    { count: limit + 1, pages: PAGES_AT_ONCE },
  );
  const events = found.map(eventOf);
  const count = countOnPage(events, limit);
  if (count === found.length && !hasMore) return { items: events };
  return { items: events.slice(0, count), next: String(found[count - 1]?.["sk"]) };
}

const eventOf = (item: Item) => item["event"] as AuditEvent;
