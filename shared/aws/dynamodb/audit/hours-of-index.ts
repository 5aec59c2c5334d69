import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { countOnPage } from "../../../domain/requests/page-bytes.ts";
import { plusSeconds } from "../../../domain/values/instant.ts";
import type { Page, PageQuery } from "../../../ports/request-store.ts";
import { placeIn, startBehind } from "../index-place.ts";
import { AUDIT_INDEX } from "../indexes.ts";
import { type Item, queryItems } from "../query-items.ts";

const HOUR_SECONDS = 3_600;
/** The most hours that are queried at once while they turn out empty. Each has to answer in its time. */
const WIDEST = 8;
/**
 * How many hours one page searches: one answer of the API waits for all of them. An empty page with a
 * cursor means that there may be more.
 */
const HOURS_A_PAGE = 100;

/** The items to list from the audit index, and how to read them. */
export interface ListedItems<Kind> {
  readonly table: string;
  /** The partition of an instant's hour. */
  readonly partition: (instant: string) => string;
  readonly read: (item: Item) => Kind;
}

/** Behind every sort key that begins with an instant of the hour. */
const BEHIND_HOUR = "~";

/**
 * Reads the audit index hour by hour. Each hour is its own partition, so no partition grows without
 * limit. Over hours without items, the number of hours queried at once doubles.
 *
 * Several functions may put items there, under any sort key. Only keys that begin with their hour are
 * read. Another one as the start of the next page would lead back, or nowhere.
 */
export async function pageOfHours<Kind>(
  client: DynamoDBDocumentClient,
  { table, partition, read }: ListedItems<Kind>,
  from: string,
  to: string,
  { limit, after: place }: PageQuery,
): Promise<Page<Kind>> {
  const start = plusSeconds(from, 0);
  const end = plusSeconds(to, 0);
  // A sort key starts with its instant, so the bare instant sorts before all items of that time.
  const after = place ?? start;
  const inHour = (hour: string) => {
    const isCut = textOfHour(hour) === textOfHour(after);
    const behind = isCut ? startBehind(AUDIT_INDEX.audit, partition(hour), after) : undefined;
    return queryItems(
      client,
      {
        ...(behind === undefined ? {} : { ExclusiveStartKey: behind }),
        TableName: table,
        IndexName: AUDIT_INDEX.audit.name,
        KeyConditionExpression: "auditPk = :pk AND auditSk BETWEEN :first AND :last",
        ExpressionAttributeValues: {
          ":pk": partition(hour),
          ":first": behind === undefined ? firstKey(hour, after) : textOfHour(hour),
          ":last": `${textOfHour(hour)}${BEHIND_HOUR}`,
        },
      },
      limit + 1,
    );
  };

  const found: Item[] = [];
  let hour = `${textOfHour(after)}:00:00.000Z`;
  for (let stride = 1, walked = 0; hour < end && walked < HOURS_A_PAGE; ) {
    const hours = Array.from({ length: stride }, (_, at) =>
      plusSeconds(hour, at * HOUR_SECONDS),
    ).filter((each) => each < end);
    const items = (await Promise.all(hours.map(inHour))).flat();
    found.push(...items.filter((item) => String(item[AUDIT_INDEX.audit.sk]) < end));
    const count = countOnPage(found.map(read), limit);
    if (count < found.length) return firstOf(found, count, read);
    walked += hours.length;
    hour = plusSeconds(hour, hours.length * HOUR_SECONDS);
    stride = items.length > 0 ? 1 : Math.min(stride * 2, WIDEST);
  }
  return { items: found.map(read), ...(hour < end ? { next: hour } : {}) };
}

/** Such as `2026-11-24T10`: an item's sort key begins with it. */
const textOfHour = (place: string) => place.slice(0, "2026-11-24T10".length);

/** A space sorts before whatever a whole sort key has behind its instant, and before the next key. */
const firstKey = (hour: string, after: string): string =>
  after > hour ? `${after} ` : textOfHour(hour);

/** Whether an item is in the index where its record belongs. */
export const isAtPlace = (
  item: Item,
  own: { readonly auditPk: string; readonly auditSk: string },
): boolean => item["auditPk"] === own.auditPk && item["auditSk"] === own.auditSk;

/** A page with another one after it, which starts behind its last item. */
function firstOf<Kind>(
  found: readonly Item[],
  count: number,
  read: (item: Item) => Kind,
): Page<Kind> {
  const last = found[count - 1];
  return {
    items: found.slice(0, count).map(read),
    ...(last === undefined ? {} : { next: placeIn(AUDIT_INDEX.audit, last) }),
  };
}
