import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { ArchivedRecord } from "../../../domain/evidence/archive/archived-record.ts";
import { countOnPage } from "../../../domain/requests/page-bytes.ts";
import type { ListedPage } from "../../../ports/listed-page.ts";
import { LOOKED_AT_A_PAGE, type PageQuery } from "../../../ports/request-store.ts";
import { recordIndex, recordsPk } from "../evidence/record-keys.ts";
import type { Item } from "../query-items.ts";
import { isAtPlace, pageOfHours } from "./hours-of-index.ts";
import { storedInChain } from "./stored-record.ts";

/**
 * One page of the records of evidence and findings that are wanted, in order of time. It reads on
 * until the page is full, the list is over, or enough was looked at.
 */
export async function recordsBetween(
  client: DynamoDBDocumentClient,
  table: string,
  from: string,
  to: string,
  { limit, after }: PageQuery,
  isWanted: (one: ArchivedRecord) => boolean = () => true,
): Promise<ListedPage<ArchivedRecord>> {
  const listed = { table, partition: recordsPk, read: recordIn };
  /** Records that are wanted, and undefined for each item that is no record. */
  const found: Found[] = [];
  let place = after;
  for (let seen = 0; seen < LOOKED_AT_A_PAGE; ) {
    const asked = { limit, ...(place === undefined ? {} : { after: place }) };
    const { items, next } = await pageOfHours(client, listed, from, to, asked);
    found.push(...items.filter((one) => one === undefined || isWanted(one)));
    const wanted = recordsIn(found);
    const count = countOnPage(wanted, limit);
    if (count < wanted.length) {
      const last = wanted[count - 1];
      return pageOf(found.slice(0, found.indexOf(last) + 1), nextAfter(last));
    }
    if (next === undefined) return pageOf(found, undefined);
    place = next;
    seen += items.length;
    // A page ends early where its records are large, or over many hours without any.
    if (items.length < limit) break;
  }
  return pageOf(found, place);
}

type Found = ArchivedRecord | undefined;

const recordsIn = (found: readonly Found[]): readonly ArchivedRecord[] =>
  found.filter((one) => one !== undefined);

function pageOf(found: readonly Found[], next: string | undefined): ListedPage<ArchivedRecord> {
  const items = recordsIn(found);
  const leftOut = found.length - items.length;
  return {
    items,
    ...(next === undefined ? {} : { next }),
    ...(leftOut > 0 ? { leftOut } : {}),
  };
}

const nextAfter = (last: Found): string | undefined =>
  last && recordIndex(last.chain, last.record).auditSk;

/** Undefined for an item that is no record in its place: other functions may put some into the index. */
function recordIn(item: Item): ArchivedRecord | undefined {
  const one = storedInChain(item);
  return one && isAtPlace(item, recordIndex(one.chain, one.record)) ? one : undefined;
}
