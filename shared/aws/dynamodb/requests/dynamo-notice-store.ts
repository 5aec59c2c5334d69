import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type NoticeRecord, newNoticeRecord } from "../../../domain/notices/notice-record.ts";
import { type DueNotices, NoticeConflict, type NoticeStore } from "../../../ports/notice-store.ts";
import type { Random } from "../../../ports/random.ts";
import { INDEX } from "../indexes.ts";
import { noticeDueAt, noticeIndex, noticeKey, noticePk, noticeUpTo } from "../keys.ts";
import type { Item } from "../query-items.ts";
import { writeItem } from "../write-item.ts";
import { queryDue } from "./query-due.ts";

/**
 * The fields of a record that a worker stores; `wanted` is raised by the steps' own transactions.
 */
const SAVED = [
  "sent",
  "undeliverable",
  "published",
  "prompted",
  "attempts",
  "begun",
  "marked",
] as const;

/** Before the first save there is no revision. */
const AT_REVISION =
  "(attribute_not_exists(revision) AND :revision = :none) OR revision = :revision";

/** A record that was never looked at again has no count. */
const AT_LOOKS = "(attribute_not_exists(looks) AND :looks = :none) OR looks = :looks";

const INDEX_ATTRIBUTES = [INDEX.notice.pk, INDEX.notice.sk] as const;

/**
 * Notice records in the requests table; see `keys.ts`.
 * @param random spreads retries
 */
export function dynamoNoticeStore(
  client: DynamoDBDocumentClient,
  table: string,
  random: Random,
): NoticeStore {
  const update = (record: NoticeRecord, change: RecordChange) =>
    updateRecord(client, table, random, record, change);

  return {
    async load(subject) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: noticeKey(subject), ConsistentRead: true }),
      );
      return Item && recordOf(subject, Item);
    },

    async save(record) {
      // A record begins with a step of its subject, and with nothing else.
      const condition = `attribute_exists(wanted) AND (${AT_REVISION})`;
      if (await update(record, savedChange(record, condition))) return nextOf(record);
      throw new NoticeConflict(
        `Another worker saved what was sent about ${record.subject} first. Nothing was written.`,
      );
    },

    async begin(record) {
      const condition = `wanted = :wanted AND (${AT_REVISION}) AND (${AT_LOOKS})`;
      const newest = { ":wanted": record.wanted, ":looks": record.looks };
      if (await update(record, savedChange(record, condition, newest))) return nextOf(record);
      throw new NoticeConflict(
        `There is something new to show of ${record.subject}. Nothing was written.`,
      );
    },

    park: (record, dueAt) => update(record, parking(record, dueAt)),

    lookAgain: (subject, now) => makeDue(client, table, random, subject, now),

    due: (now, limit) => dueRecords(client, table, now, limit),
  };
}

/** Takes the record up again at an instant, or not before the next step. */
const parking = ({ subject, wanted, looks }: NoticeRecord, dueAt: string | null): RecordChange => ({
  UpdateExpression:
    dueAt === null
      ? `REMOVE ${INDEX_ATTRIBUTES.join(", ")}`
      : `SET ${INDEX_ATTRIBUTES.map((name) => `${name} = :${name}`).join(", ")}`,
  condition: `wanted = :wanted AND (${AT_REVISION}) AND (${AT_LOOKS})`,
  values: {
    ...{ ":wanted": wanted, ":looks": looks },
    ...(dueAt === null ? {} : placeholders(noticeIndex(subject, dueAt, wanted))),
  },
});

const nextOf = (record: NoticeRecord) => ({ ...record, revision: record.revision + 1 });

/** Stores what a worker knows. @param values those of the condition */
function savedChange(
  record: NoticeRecord,
  condition: string,
  values: RecordChange["values"] = {},
): RecordChange {
  // Without a message that cannot be taken back, there is no note of one.
  const names = SAVED.filter((name) => record[name] !== undefined);
  return {
    UpdateExpression: `SET revision = :next, ${names.map((name) => `${name} = :${name}`).join(", ")}`,
    condition,
    values: {
      ":next": record.revision + 1,
      ...Object.fromEntries(names.map((name) => [`:${name}`, record[name]])),
      ...values,
    },
  };
}

const NOTICE = noticeKey("");

/** The subjects whose records are due, longest due first. */
async function dueRecords(
  client: DynamoDBDocumentClient,
  table: string,
  now: string,
  limit: number,
): Promise<readonly DueNotices[]> {
  const keys = { index: INDEX.notice, pk: noticePk };
  // Functions that send no notices may put items there.
  const isOurs = (item: Item) =>
    item["sk"] === NOTICE.sk && String(item["pk"]).startsWith(NOTICE.pk);
  const items = await queryDue(client, table, keys, noticeUpTo(now), limit, { isOurs });
  return items
    .filter(isOurs)
    .map((item) => ({ item, turn: String(item[INDEX.notice.sk]) }))
    .map(({ item, turn }) => ({ subject: idIn(item), dueAt: noticeDueAt(turn), turn }))
    .toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : 1))
    .slice(0, limit);
}

interface RecordChange {
  readonly UpdateExpression: string;
  readonly condition: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Updates a record. @returns whether its condition held */
async function updateRecord(
  client: DynamoDBDocumentClient,
  table: string,
  random: Random,
  { subject, revision }: NoticeRecord,
  { UpdateExpression, condition, values }: RecordChange,
): Promise<boolean> {
  const input = {
    TableName: table,
    Key: noticeKey(subject),
    UpdateExpression,
    ConditionExpression: condition,
    ExpressionAttributeValues: { ":revision": revision, ":none": 0, ...values },
  };
  try {
    await writeItem(random, () => client.send(new UpdateCommand(input)));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Makes a record due. @param random spreads retries */
async function makeDue(
  client: DynamoDBDocumentClient,
  table: string,
  random: Random,
  subject: string,
  now: string,
): Promise<void> {
  const sets = INDEX_ATTRIBUTES.map((name) => `${name} = :${name}`).join(", ");
  const input = {
    TableName: table,
    Key: noticeKey(subject),
    UpdateExpression: `SET ${sets}, looks = if_not_exists(looks, :none) + :one`,
    ConditionExpression: "attribute_exists(wanted)",
    ExpressionAttributeValues: {
      ...placeholders(noticeIndex(subject, now)),
      ...{ ":none": 0, ":one": 1 },
    },
  };
  try {
    await writeItem(random, () => client.send(new UpdateCommand(input)));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** Before a worker first saves, its fields are missing. */
const recordOf = (subject: string, item: Item): NoticeRecord => ({
  ...newNoticeRecord(subject, Number(item["wanted"])),
  ...Object.fromEntries(
    ["revision", "looks", ...SAVED]
      .filter((name) => name in item)
      .map((name) => [name, item[name]]),
  ),
});

const placeholders = (attributes: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`:${name}`, value]));

const idIn = ({ pk }: Item) => String(pk).slice(String(pk).indexOf("#") + 1);
