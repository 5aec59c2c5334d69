import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { ArchivedRecord } from "../../../domain/evidence/archive/archived-record.ts";
import { countOnPage } from "../../../domain/requests/page-bytes.ts";
import { LOOKED_AT_A_PAGE, type Page, type PageQuery } from "../../../ports/request-store.ts";
import { recordIndex, recordsPk } from "../evidence/record-keys.ts";
import type { Item } from "../query-items.ts";
import { pageOfHours } from "./hours-of-index.ts";
import { storedRecord } from "./stored-record.ts";

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
): Promise<Page<ArchivedRecord>> {
  const listed = { table, partition: recordsPk, read: recordIn };
  const wanted: ArchivedRecord[] = [];
  let place = after;
  for (let seen = 0; seen < LOOKED_AT_A_PAGE; ) {
    const asked = { limit, ...(place === undefined ? {} : { after: place }) };
    const { items, next } = await pageOfHours(client, listed, from, to, asked);
    wanted.push(...items.flatMap((one) => (one && isWanted(one) ? one : [])));
    const count = countOnPage(wanted, limit);
    if (count < wanted.length) return firstOf(wanted, count);
    if (next === undefined) return { items: wanted };
    place = next;
    seen += items.length;
    // A page ends early where its records are large, or over many hours without any.
    if (items.length < limit) break;
  }
  return { items: wanted, ...(place === undefined ? {} : { next: place }) };
}

function firstOf(wanted: readonly ArchivedRecord[], count: number): Page<ArchivedRecord> {
  const last = wanted[count - 1];
  return {
    items: wanted.slice(0, count),
    ...(last ? { next: recordIndex(last.chain, last.record).auditSk } : {}),
  };
}

/** Undefined for an item that is no record. */
function recordIn(item: Item): ArchivedRecord | undefined {
  const record = storedRecord<ArchivedRecord["record"]>(item, "record");
  return record && { chain: String(item["pk"]), record };
}
