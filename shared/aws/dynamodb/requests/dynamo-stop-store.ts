import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { stopSubject } from "../../../domain/notices/subject.ts";
import { type StopRecord, stopRecord } from "../../../domain/stops/stops.ts";
import { isStopRecord, latestStops } from "../../../domain/stops/stored-stops.ts";
import { BrokerError } from "../../../domain/values/errors.ts";
import type { Random } from "../../../ports/random.ts";
import { MOST_STOPS, type StopStore } from "../../../ports/stop-store.ts";
import { putAbsent } from "../audit/chain-table.ts";
import { chainedKey, recordIndex, STOPS_PK } from "../evidence/record-keys.ts";
import { padded, SCHEMA } from "../keys.ts";
import { inPartition, queryItems, queryPages } from "../query-items.ts";
import { transactWrite, type Write } from "../transact.ts";
import { noticeWrite } from "./notice-write.ts";
import type { RequestTables } from "./request-writes.ts";

/** `MOST_STOPS` records of people fit into this many pages of 1 MB. */
const MOST_PAGES = 2;

/** The most items of others behind the last record that are passed over. */
const MOST_FOREIGN = 50;

/** The sort key of a record: its number. */
const PLACE = /^\d{6}$/;

/** How often one append starts over. Few people stop others at once. */
const TRIES = 5;

/**
 * The chain of stops, in the audit table. Writes nothing there but puts of absent items, and makes the
 * notices of each record due.
 */
export function dynamoStopStore(
  client: DynamoDBDocumentClient,
  tables: RequestTables,
  random: Random,
): StopStore {
  const chain = { TableName: tables.audit, ...inPartition(STOPS_PK), ConsistentRead: true };
  const last = async (count: number) => {
    const items = await queryItems(client, { ...chain, ScanIndexForward: false }, count);
    const stored = items.flatMap(({ sk, record }) => {
      const seq = placeOf(sk);
      return seq === undefined ? [] : { seq, record };
    });
    const isOurs = stored.length === items.length;
    return { stops: latestStops(stored, items.length < count), isOurs };
  };
  const latest = async () => {
    // One item is enough, unless others put something behind the last record.
    const { stops, isOurs } = await last(1);
    const known = stops && isOurs ? stops : (await last(MOST_FOREIGN)).stops;
    if (known) return known;
    throw new Error(`None of the last ${MOST_FOREIGN} items is a record of a suspension.`);
  };
  return {
    latest,

    async since(seq) {
      const after = {
        ...chain,
        KeyConditionExpression: "pk = :pk AND sk > :sk",
        ExpressionAttributeValues: { ":pk": STOPS_PK, ":sk": padded(seq) },
      };
      const most = { count: MOST_STOPS, pages: MOST_PAGES };
      const { items, hasMore } = await queryPages(client, after, most);
      if (hasMore && items.length < MOST_STOPS)
        throw new Error(`The records after ${seq} are larger than any that the broker writes.`);
      return items.map(({ sk, record }) => inPlace(placeOf(sk), record) as StopRecord);
    },

    async append(next) {
      for (let left = TRIES; left > 0; left -= 1) {
        const stops = await latest();
        const record = stopRecord(stops, next(stops));
        try {
          await transactWrite(client, writesOf(tables, record), random);
          return record;
        } catch (error) {
          if (!(error instanceof Taken)) throw error;
        }
      }
      throw new BrokerError(
        "dependency-unavailable",
        "Others changed who is suspended each time. Nothing was written; try again in a few seconds.",
      );
    },
  };
}

/** The number in a sort key; undefined for any other key. */
const placeOf = (sk: unknown): number | undefined =>
  PLACE.test(String(sk)) ? Number(sk) : undefined;

/**
 * A record at another place than its number says is not the broker's. A run that follows it would count past places that
 * are free, and miss the next record.
 */
const inPlace = (place: number | undefined, record: unknown): unknown =>
  isStopRecord(record) && record.seq !== place ? undefined : record;

/** Another writer took the place at the end of the chain. */
class Taken extends Error {}

function writesOf({ audit, requests }: RequestTables, record: StopRecord): readonly Write[] {
  const { seq, at } = record;
  const key = { ...chainedKey(STOPS_PK, seq), ...recordIndex(STOPS_PK, record) };
  return [
    putAbsent(audit, { ...key, schema: SCHEMA, record }, () => new Taken()),
    noticeWrite(requests, { subject: stopSubject(seq), wanted: 1, at }),
  ];
}
