import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Delegation, delegationOf } from "../../../domain/delegations/delegation.ts";
import type {
  DelegationRecord,
  EndRecord,
  MadeRecord,
} from "../../../domain/delegations/delegation-record.ts";
import { delegationSubject } from "../../../domain/notices/subject.ts";
import { BrokerError } from "../../../domain/values/errors.ts";
import {
  type CreateDelegation,
  type DelegationKey,
  type DelegationStore,
  MOST_DELEGATIONS,
} from "../../../ports/delegation-store.ts";
import type { Random } from "../../../ports/random.ts";
import { putAbsent } from "../audit/chain-table.ts";
import {
  chainedKey,
  DELEGATIONS,
  delegatePk,
  delegationKey,
  delegationPk,
  delegationSk,
  delegationTtl,
  delegatorPk,
  endedDelegatePk,
  recordIndex,
} from "../evidence/record-keys.ts";
import { idempotencyKey, SCHEMA } from "../keys.ts";
import { inPartition, queryItems } from "../query-items.ts";
import { transactWrite, type Write } from "../transact.ts";
import { type Placed, wantedPage } from "../wanted-page.ts";
import { idempotencyWrite } from "./idempotency-write.ts";
import { noticeWrite } from "./notice-write.ts";
import type { RequestTables } from "./request-writes.ts";

/** Delegations: their records in the audit table, and what finds them in the requests table. */
export function dynamoDelegationStore(
  client: DynamoDBDocumentClient,
  { requests, audit }: RequestTables,
  random: Random,
): DelegationStore {
  const records = (id: string) => recordsOf(client, audit, id);
  /** The delegations that pointers name, with their places. A pointer is only a hint. */
  const pointedTo = async (pk: string, between: Between, count: number) => {
    const pointers = await queryItems(client, pointersIn(requests, pk, between), count);
    return await Promise.all(
      pointers.map(async (item): Promise<Placed<Delegation>> => {
        const id = String(item["delegationId"]);
        return { place: String(item["sk"]), item: delegationOf(id, await records(id)) };
      }),
    );
  };
  const found = async (pk: string, between: Between, count = MOST_DELEGATIONS) =>
    (await pointedTo(pk, between, count)).flatMap(({ item }) => item ?? []);
  return {
    create: (made, options) =>
      transactWrite(client, madeWrites({ requests, audit }, made, options), random),
    made: () => countMade(client, requests),
    end: (delegation, ended) =>
      transactWrite(client, endWrites({ requests, audit }, delegation, ended), random),
    idempotent: (keyHash) => usedKey(client, requests, keyHash),
    records,
    givenTo: async (person, now) =>
      (await found(delegatePk(person), { after: now })).filter(
        ({ to, ended }) => to === person && ended === null,
      ),
    givenBy: async (person, now) =>
      (await found(delegatorPk(person), { after: now })).filter(
        ({ by, ended }) => by === person && ended === null,
      ),
    async lately(person, since, now) {
      const between = { after: since, before: now };
      const both = await Promise.all(
        [delegatePk(person), endedDelegatePk(person)].map((pk) => found(pk, between, MOST_LATELY)),
      );
      return both.flat().filter(({ to }) => to === person);
    },
    listed: (now, page, isWanted = () => true) =>
      wantedPage(
        page,
        (each) => each.ended === null && isWanted(each),
        (after = now, count) => pointedTo(DELEGATIONS, { after }, count),
      ),
  };
}

/** Places in a list of pointers: instants, or sort keys. */
interface Between {
  readonly after: string;
  readonly before?: string;
}

const MOST_LATELY = 10;
/** Sorts after what separates a key's instant from its id, so that keys of that instant are before. */
const PAST = "$";
/** Sorts after every sort key that begins with an instant. */
const ANY = "~";

/** A sort key begins with when a delegation is over, or was ended. */
const pointersIn = (table: string, pk: string, { after, before = ANY }: Between) => ({
  TableName: table,
  KeyConditionExpression: "pk = :pk AND sk BETWEEN :after AND :before",
  ExpressionAttributeValues: {
    ":pk": pk,
    ":after": `${after}${PAST}`,
    ":before": `${before}${PAST}`,
  },
  ConsistentRead: true,
});

/**
 * A delegation has two at most. A writer of the table can add any number of records, of any size.
 */
const MOST_RECORDS = 3;

async function usedKey(
  client: DynamoDBDocumentClient,
  requests: string,
  keyHash: string,
): Promise<DelegationKey | undefined> {
  const Key = idempotencyKey(keyHash);
  const get = new GetCommand({ TableName: requests, Key, ConsistentRead: true });
  const { Item } = await client.send(get);
  if (!Item) return undefined;
  return { bodyHash: String(Item["bodyHash"]), delegationId: String(Item["delegationId"]) };
}

async function recordsOf(
  client: DynamoDBDocumentClient,
  audit: string,
  id: string,
): Promise<readonly DelegationRecord[]> {
  const query = { TableName: audit, ...inPartition(delegationPk(id)), ConsistentRead: true };
  return (await queryItems(client, query, MOST_RECORDS)).map(
    (item) => item["record"] as DelegationRecord,
  );
}

const recordItem = (record: DelegationRecord) => {
  const pk = delegationPk(record.delegationId);
  return {
    ...chainedKey(pk, record.seq),
    ...recordIndex(pk, record),
    schema: SCHEMA,
    record,
  };
};

/** The keys of everything in the requests table that finds a delegation. */
const pointerKeys = ({ id, by, to, until }: Pick<Delegation, "id" | "by" | "to" | "until">) => [
  delegationKey(id),
  ...[delegatePk(to), delegatorPk(by), DELEGATIONS].map((pk) => ({
    pk,
    sk: delegationSk(until, id),
  })),
];

function madeWrites(
  { requests, audit }: RequestTables,
  made: MadeRecord,
  { after, idempotency: key }: CreateDelegation,
): readonly Write[] {
  const { delegationId: id, actor: by, at, details } = made;
  const item = { schema: SCHEMA, delegationId: id, ttl: delegationTtl(details.until) };
  return [
    ...(key ? [idempotencyWrite(requests, key, { delegationId: id }, at)] : []),
    countWrite(requests, after),
    putAbsent(audit, recordItem(made)),
    ...pointerKeys({ ...details, id, by }).map((key) => ({
      item: { Put: { TableName: requests, Item: { ...key, ...item } } },
    })),
    noticeOf(requests, made),
  ];
}

/** Counts the delegations ever made. Lists begin at an instant, so that none of them has it. */
const MADE = { pk: DELEGATIONS, sk: "#made" };

async function countMade(client: DynamoDBDocumentClient, TableName: string): Promise<number> {
  const { Item } = await client.send(
    new GetCommand({ TableName, Key: MADE, ConsistentRead: true }),
  );
  const made: unknown = Item?.["made"];
  // Others can put anything there: a number lets the next one be made.
  return typeof made === "number" ? made : 0;
}

/** Limits and circles are judged by lists, so the transaction that stores one refuses what was judged by older lists. */
const countWrite = (TableName: string, after: number): Write => ({
  item: {
    Update: {
      TableName,
      Key: MADE,
      UpdateExpression: "SET made = :next, #schema = :schema",
      ConditionExpression: after === 0 ? "NOT attribute_type(made, :number)" : "made = :after",
      ExpressionAttributeNames: { "#schema": "schema" },
      ExpressionAttributeValues: {
        ":schema": SCHEMA,
        ":next": after + 1,
        ...(after === 0 ? { ":number": "N" } : { ":after": after }),
      },
    },
  },
  refused: madeMeanwhile,
});

const madeMeanwhile = () =>
  new BrokerError(
    "version-conflict",
    "Other people made delegations at the same moment. Nothing was stored; try again.",
  );

function endWrites(
  { requests, audit }: RequestTables,
  delegation: Delegation,
  ended: EndRecord,
): readonly Write[] {
  return [
    putAbsent(audit, recordItem(ended), endedBefore),
    ...pointerKeys(delegation).map((Key) => ({
      item: { Delete: { TableName: requests, Key } },
    })),
    { item: { Put: { TableName: requests, Item: endedPointer(delegation, ended) } } },
    noticeOf(requests, ended),
  ];
}

const noticeOf = (requests: string, { delegationId, seq, at }: DelegationRecord): Write =>
  noticeWrite(requests, { subject: delegationSubject(delegationId), wanted: seq, at });

/** So that the delegate is answered who ended it, and when. */
const endedPointer = ({ id, to }: Delegation, { at }: EndRecord) => ({
  pk: endedDelegatePk(to),
  sk: delegationSk(at, id),
  schema: SCHEMA,
  delegationId: id,
  ttl: delegationTtl(at),
});

const endedBefore = () =>
  new BrokerError(
    "delegation-ended",
    "Somebody ended this delegation before. Nothing was changed; see timelatch delegations.",
  );
