import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { ChainHead } from "../../../domain/evidence/evidence-chain.ts";
import { BrokerError } from "../../../domain/values/errors.ts";
import type { ChainedRecord } from "../../../domain/values/hash-chain.ts";
import type { Random } from "../../../ports/random.ts";
import { chainedKey, recordIndex } from "../evidence/record-keys.ts";
import { SCHEMA } from "../keys.ts";
import { type Item, inPartition, queryItems } from "../query-items.ts";
import { transactWrite, type Write } from "../transact.ts";
import { chainRecord, freeEnd } from "./stored-record.ts";

/** How often one append starts over. A chain has few writers at once. */
const TRIES = 10;
const QUICK_TRIES = 3;
/** How many records are read, or get their items, at once. */
const AT_ONCE = 25;

type Stored = ChainedRecord & { readonly at: string };

/** Where a record is, as the items beside it say. */
export interface Place {
  /** The chain's partition. */
  readonly chain: string;
  readonly seq: number;
  readonly at: string;
}

/** An item stored with a record, in the same transaction. */
export interface Beside {
  /** The key of the item that no other record may have. */
  readonly once: { readonly pk: string; readonly sk: string };
  readonly more?: readonly Write[];
}

/** How records of one kind are stored. */
export interface StoredKind<Kind extends Stored, Draft> {
  readonly next: (head: ChainHead, draft: Draft) => Kind;
  readonly beside: (one: Draft, place: Place) => Beside;
}

/** Chains of records in the audit table. Each chain is one partition. */
export interface ChainTable {
  /** All records of a chain, oldest first. */
  all<Kind extends Stored>(pk: string): Promise<readonly Kind[]>;
  /** The last records of a chain, the last one first. @param count the most that are returned */
  latest<Kind extends Stored>(pk: string, count: number): Promise<readonly Kind[]>;
  /** The records at these places, in the same order. A place without a record is left out. */
  at<Kind extends Stored>(places: readonly Place[]): Promise<readonly Kind[]>;
  /** Whether the chain's last record is one of an earlier release, without items beside it. */
  isEarlier(pk: string): Promise<boolean>;
  /**
   * Adds a record to a chain, unless the same is stored. It reads only the chain's last record.
   * Where that is of an earlier release, every record of the chain first gets its items. Where
   * somebody put items behind the end, it reads the whole chain. The record then follows the last one
   * that is linked, in the first free place: the gap shows.
   *
   * @returns whether it was added
   * @throws BrokerError `dependency-unavailable` where other writers were faster every time
   */
  append<Kind extends Draft & Stored, Draft>(
    pk: string,
    kind: StoredKind<Kind, Draft>,
    draft: Draft,
  ): Promise<boolean>;
}

/** The same was recorded before. */
class Recorded extends Error {}
/** Another writer took the place at the end of the chain. */
class Taken extends Error {}

/** Writes nothing but puts of absent items to the audit table. */
export function chainTable(
  client: DynamoDBDocumentClient,
  table: string,
  random: Random,
): ChainTable {
  const at = { client, table, random };
  return {
    all: (pk) => recordsOf(at, pk),
    at: (places) => recordsAt(at, places),
    latest: async <Kind extends Stored>(pk: string, count: number) =>
      (await lastOf(at, pk, count)).flatMap((item) => chainRecord<Kind>(item) ?? []),
    async isEarlier(pk) {
      const last = await tipOf(at, pk);
      return last !== undefined && last[HAS_ITEMS] !== true;
    },
    async append(pk, kind, draft) {
      for (let tries = 0; tries < TRIES; tries += 1)
        try {
          return await appendOnce(at, pk, kind, draft, tries < QUICK_TRIES);
        } catch (error) {
          if (!(error instanceof Taken)) throw error;
        }
      throw new BrokerError(
        "dependency-unavailable",
        "Others wrote to the same chain of evidence each time. Nothing was written; try again in a few seconds.",
      );
    },
  };
}

/** The audit table, and how to write to it. */
interface AuditTable {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly random: Random;
}

/** @throws Taken where another writer was faster */
async function appendOnce<Kind extends Draft & Stored, Draft>(
  at: AuditTable,
  pk: string,
  kind: StoredKind<Kind, Draft>,
  draft: Draft,
  isQuick: boolean,
): Promise<boolean> {
  const last = await tipOf(at, pk);
  if (last && last[HAS_ITEMS] !== true) await adopt(at, pk, kind);
  const tip = last && chainRecord<Kind>(last);
  const head =
    isQuick && (tip || !last) ? tip : freeEnd(await queryItems(at.client, inChain(at, pk)));
  const record = kind.next(head, draft);
  const place = placeOf(pk, record);
  const put = putAbsent(at.table, recordItem(pk, record), () => new Taken());
  return await isStored(at, place, kind.beside(record, place), [put]);
}

/** Gives every record of a chain its items. A record that has its items keeps them. */
async function adopt<Kind extends Draft & Stored, Draft>(
  at: AuditTable,
  pk: string,
  { beside }: StoredKind<Kind, Draft>,
): Promise<void> {
  const records = await recordsOf<Kind>(at, pk);
  for (let from = 0; from < records.length; from += AT_ONCE)
    await Promise.all(
      records.slice(from, from + AT_ONCE).map((record) => {
        const place = placeOf(pk, record);
        const items = besideOf(() => beside(record, place));
        return items && isStored(at, place, items, []);
      }),
    );
}

/** Nothing for a record whose details have a form that nobody writes: somebody put it there. */
function besideOf(make: () => Beside | undefined): Beside | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/**
 * Stores what stands beside a record, and the record itself if it is given: all or nothing.
 *
 * @returns false where the same was recorded before; nothing was written then
 * @throws Taken
 */
async function isStored(
  { client, table, random }: AuditTable,
  place: Place,
  { once, more = [] }: Beside,
  record: readonly Write[],
): Promise<boolean> {
  const item = { ...once, schema: SCHEMA, place };
  const isFirst = putAbsent(table, item, () => new Recorded());
  try {
    await transactWrite(client, [isFirst, ...record, ...more], random);
    return true;
  } catch (error) {
    if (error instanceof Recorded) return false;
    throw error;
  }
}

const inChain = ({ table }: AuditTable, pk: string) => ({
  TableName: table,
  ...inPartition(pk),
  ConsistentRead: true,
});

async function recordsOf<Kind extends Stored>(
  at: AuditTable,
  pk: string,
): Promise<readonly Kind[]> {
  const items = await queryItems(at.client, inChain(at, pk));
  return items.flatMap((item) => chainRecord<Kind>(item) ?? []);
}

/** The item of a chain's last record. */
async function tipOf(at: AuditTable, pk: string): Promise<Item | undefined> {
  return (await lastOf(at, pk, 1))[0];
}

const lastOf = (at: AuditTable, pk: string, count: number): Promise<readonly Item[]> =>
  queryItems(at.client, { ...inChain(at, pk), ScanIndexForward: false }, count);

/** On a record whose items are stored with it. Records of an earlier release lack it. */
const HAS_ITEMS = "hasItems";

const recordItem = (pk: string, record: Stored): Item => ({
  ...chainedKey(pk, record.seq),
  ...recordIndex(pk, record),
  schema: SCHEMA,
  [HAS_ITEMS]: true,
  record,
});

const placeOf = (chain: string, { seq, at }: Stored): Place => ({ chain, seq, at });

async function recordsAt<Kind extends Stored>(
  at: AuditTable,
  places: readonly Place[],
): Promise<readonly Kind[]> {
  const records: Kind[] = [];
  for (let from = 0; from < places.length; from += AT_ONCE) {
    const few = places.slice(from, from + AT_ONCE).map((place) => recordAt(at, place));
    for (const item of await Promise.all(few)) {
      const record = item && chainRecord<Kind>(item);
      if (record) records.push(record);
    }
  }
  return records;
}

/** By Query, because nobody may get an item of the audit table. */
async function recordAt(
  { client, table }: AuditTable,
  { chain, seq }: Place,
): Promise<Item | undefined> {
  const { pk, sk } = chainedKey(chain, seq);
  const query = {
    TableName: table,
    KeyConditionExpression: "pk = :pk AND sk = :sk",
    ExpressionAttributeValues: { ":pk": pk, ":sk": sk },
    ConsistentRead: true,
  };
  return (await queryItems(client, query, 1))[0];
}

/** Puts an item that is not there yet. */
export const putAbsent = (table: string, item: Item, refused?: () => Error): Write => ({
  item: {
    Put: { TableName: table, Item: item, ConditionExpression: "attribute_not_exists(pk)" },
  },
  ...(refused ? { refused } : {}),
});
