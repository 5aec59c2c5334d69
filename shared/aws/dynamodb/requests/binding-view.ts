/** Reads the head and the grants of a binding from its partition of the requests table. */
import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { believedIn, type StoredRecord } from "../../../domain/entries/believed-grants.ts";
import type { AccessRequest } from "../../../domain/requests/request.ts";
import type { BindingView, NextTimes, WorkKind } from "../../../ports/binding-store.ts";
import {
  bindingPk,
  driftCheckTime,
  grantIdIn,
  grantKey,
  HEAD,
  HEAD_GRANT,
  headCounts,
  headKey,
  isHeadCount,
} from "../keys.ts";
import { type Item, inPartition, queryPages } from "../query-items.ts";
import { surplusOn } from "./overgrown-head.ts";

/**
 * On a head that has work when access must go, which is most of a grant's life. The index of
 * removals finds it then, so that of other work need not have it as well. A write to a head is a
 * write to each of its indexes. An earlier release sees no work before the removal, which is so.
 */
export const DUE_WITH_REMOVAL = "dueWithRemoval";

/** The attribute of a head with what its open grants may take of the ledger, in bytes. */
export const RESERVED = "reservedBytes";

/**
 * The most items that are read of a partition, and the most pages of 1 MB. A ledger of 300 KB has far
 * fewer grants. More were stored by nobody honest, and reading them all could take a run's whole time.
 */
const MOST_ITEMS = 1_000;
const MOST_PAGES = 2;

/** The items of a partition, and whether they are all. */
interface Partition {
  readonly items: readonly Item[];
  readonly isWhole: boolean;
}

/** Reads consistently. Items sort by key, so a head comes after the grants, and is read by key if need be. */
export async function readPartition(
  client: DynamoDBDocumentClient,
  table: string,
  binding: string,
): Promise<Partition> {
  const { items, hasMore } = await queryPages(
    client,
    { TableName: table, ...inPartition(bindingPk(binding)), ConsistentRead: true },
    { count: MOST_ITEMS + 1, pages: MOST_PAGES },
  );
  if (!hasMore && items.length <= MOST_ITEMS) return { items, isWhole: true };
  const head = await readItem(client, table, headKey(binding));
  return { items: head ? [...items, head] : items, isWhole: false };
}

/** Reads one grant's record by its key. */
export async function readRecord(
  client: DynamoDBDocumentClient,
  table: string,
  binding: string,
  id: string,
): Promise<StoredRecord> {
  const item = await readItem(client, table, grantKey(binding, id));
  return { filedAs: id, record: item?.["request"], headVersion: 0 };
}

async function readItem(
  client: DynamoDBDocumentClient,
  table: string,
  Key: Readonly<Record<string, string>>,
): Promise<Item | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key, ConsistentRead: true }),
  );
  return Item;
}

/**
 * The view of a partition's items. A record is `outdated` where the head names a later version of
 * it. A transaction that is only partly visible looks like that, and passes. A head that was forged
 * does not pass. A head older than its grants is safe, because nothing can be parked under its version.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-isolation
 */
export function viewOf(binding: string, { items, isWhole }: Partition): BindingView {
  const head = items.find(({ sk }) => sk === HEAD) ?? {};
  const versions = headGrants(head);
  const records = items.flatMap(({ sk, request }) => {
    const filedAs = grantIdIn(String(sk));
    if (filedAs === undefined) return [];
    return [{ filedAs, record: request, headVersion: versions.get(filedAs) ?? 0 }];
  });
  const { grants, leftOut } = believedIn(binding, [...records, ...unread(versions, records)]);
  return {
    binding,
    version: countOf(head["version"]),
    ledgerRevision: countOf(head["ledgerRevision"]),
    ledgerHolds: head["ledgerHolds"] === true,
    ...timesOf(head),
    grants,
    leftOut,
    isWhole,
    broken: brokenIn(head, grants),
  };
}

/**
 * Attributes of a head that keep the next step from being stored. It adds to them, and cannot, or
 * they leave it no room. DynamoDB refuses to add to what is no number. A fraction, or a number that
 * JavaScript cannot hold, could never be named in a condition again. Those that a step of these
 * grants adds to come first, since there may be more than one run can mend.
 */
function brokenIn(head: Item, grants: readonly AccessRequest[]): readonly string[] {
  const counts = grants.flatMap(({ requester }) => Object.values(headCounts(requester)));
  const isNext = new Set(["version", "ledgerRevision", RESERVED, ...counts]);
  const broken = Object.entries(head).flatMap(([name, value]) =>
    isCounted(name) && !isCount(value) ? name : [],
  );
  return [
    ...new Set([
      ...broken.filter((name) => isNext.has(name)),
      ...surplusOn(head, grants, FIXED),
      ...broken,
    ]),
  ];
}

/** The attributes of a head beside its keys, and those of its grants and of their people. */
const FIXED: readonly string[] = [
  ...["schema", "version", "attempts", "clusterArn", "principalArn", "dueFor", DUE_WITH_REMOVAL],
  ...["parkedAt", "ledgerRevision", "ledgerHolds", RESERVED],
];

/**
 * A revision is added to by no step. A revision that is not a number would keep every run from
 * parking the head.
 */
const isCounted = (name: string): boolean =>
  name === "version" || name === "ledgerRevision" || name === RESERVED || isHeadCount(name);

/** Grants that the head names and that were not read, as many as a partition may have. */
const unread = (
  versions: ReadonlyMap<string, number>,
  records: readonly StoredRecord[],
): readonly StoredRecord[] => {
  const read = new Set(records.map(({ filedAs }) => filedAs));
  return [...versions]
    .filter(([filedAs]) => !read.has(filedAs))
    .slice(0, MOST_ITEMS)
    .map(([filedAs, headVersion]) => ({ filedAs, record: undefined, headVersion }));
};

/**
 * A stored count; 0 for anything else. Others can write a head, and JavaScript throws where it converts
 * a map that has a `toString` of its own.
 */
const countOf = (value: unknown): number => (isCount(value) ? Number(value) : 0);

/** Whether a value counts something, and steps can be added to it: the SDK writes nothing beyond 2^53. */
const isCount = (value: unknown): boolean =>
  Number.isSafeInteger(value) && Math.abs(Number(value)) <= MOST_COUNTED;
const MOST_COUNTED = 1e12;

/** Grant ids and their versions, as stored on a head. */
const headGrants = (head: Readonly<Record<string, unknown>>): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(head)
      .filter(([name]) => name.startsWith(HEAD_GRANT))
      .map(([name, version]) => [name.slice(HEAD_GRANT.length), countOf(version)]),
  );

/** As parking stores them. */
const timesOf = (head: Item): NextTimes => ({
  attempts: countOf(head["attempts"]),
  reservedBytes: countOf(head[RESERVED]),
  dueAt: dueTime(head),
  dueFor: workKind(head["dueFor"]),
  removeAt: textOf(head["removalSk"]),
  driftCheckAt: "driftCheckSk" in head ? driftCheckTime(textOf(head["driftCheckSk"]) ?? "") : null,
});

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** The kind of work that a head names. Others can write heads, so it may name anything. */
export const workKind = (value: unknown): WorkKind =>
  value === "confirmation" ? value : "addition";

/** A step that was stored since it was parked is due before all else. */
const dueTime = ({ dueSk, removalSk, [DUE_WITH_REMOVAL]: withRemoval }: Item): string | null =>
  textOf(dueSk ?? (withRemoval ? removalSk : undefined));
