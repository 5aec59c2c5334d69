import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type NoticeRecord, newNoticeRecord } from "../../domain/notices/notice-record.ts";
import { NoticeConflict, type NoticeStore } from "../../ports/notice-store.ts";
import type { Random } from "../../ports/random.ts";
import { INDEX } from "./indexes.ts";
import { noticeIndex, noticeKey, noticePk, SHARDS } from "./keys.ts";
import { type Item, queryItems } from "./query-items.ts";
import { writeItem } from "./write-item.ts";

/** What a worker stores of a record; `wanted` is raised by the requests' own transactions. */
const SAVED = ["sent", "undeliverable", "published", "attempts"] as const;

/** Before the first save there is no revision. */
const AT_REVISION =
  "(attribute_not_exists(revision) AND :revision = :none) OR revision = :revision";

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
  /** Updates a record. @returns whether its condition held */
  const update = async (
    { requestId, revision }: NoticeRecord,
    command: {
      readonly UpdateExpression: string;
      readonly condition: string;
      readonly values: Readonly<Record<string, unknown>>;
    },
  ): Promise<boolean> => {
    const { UpdateExpression, condition, values } = command;
    const input = {
      TableName: table,
      Key: noticeKey(requestId),
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
  };

  return {
    async load(requestId) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: noticeKey(requestId), ConsistentRead: true }),
      );
      return Item && recordOf(requestId, Item);
    },

    async save(record) {
      const stored = await update(record, {
        UpdateExpression: `SET revision = :next, ${SAVED.map((name) => `${name} = :${name}`).join(", ")}`,
        // A record begins with a step of its request, and with nothing else.
        condition: `attribute_exists(wanted) AND (${AT_REVISION})`,
        values: {
          ":next": record.revision + 1,
          ...Object.fromEntries(SAVED.map((name) => [`:${name}`, record[name]])),
        },
      });
      if (stored) return { ...record, revision: record.revision + 1 };
      throw new NoticeConflict(
        `Another worker saved what was sent about ${record.requestId} first. Nothing was written.`,
      );
    },

    park: (record, dueAt) =>
      update(record, {
        UpdateExpression:
          dueAt === null
            ? `REMOVE ${INDEX_ATTRIBUTES.join(", ")}`
            : `SET ${INDEX_ATTRIBUTES.map((name) => `${name} = :${name}`).join(", ")}`,
        condition: `wanted = :wanted AND (${AT_REVISION})`,
        values: {
          ":wanted": record.wanted,
          ...(dueAt === null ? {} : placeholders(noticeIndex(record.requestId, dueAt))),
        },
      }),

    async due(now, limit) {
      const shards = Array.from({ length: SHARDS }, (_, shard) =>
        queryItems(
          client,
          {
            TableName: table,
            IndexName: INDEX.notice.name,
            KeyConditionExpression: "#pk = :pk AND #sk <= :now",
            ExpressionAttributeNames: { "#pk": INDEX.notice.pk, "#sk": INDEX.notice.sk },
            ExpressionAttributeValues: { ":pk": noticePk(shard), ":now": now },
            ProjectionExpression: "pk, #sk",
          },
          limit,
        ),
      );
      return (await Promise.all(shards))
        .flat()
        .map((item) => ({ id: idIn(item), at: String(item[INDEX.notice.sk]) }))
        .toSorted((a, b) => (a.at < b.at ? -1 : 1))
        .slice(0, limit)
        .map(({ id }) => id);
    },
  };
}

/** What a step alone stored has none of what a worker saves. */
const recordOf = (requestId: string, item: Item): NoticeRecord => ({
  ...newNoticeRecord(requestId, Number(item["wanted"])),
  ...Object.fromEntries(
    ["revision", ...SAVED].filter((name) => name in item).map((name) => [name, item[name]]),
  ),
});

const placeholders = (attributes: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`:${name}`, value]));

const idIn = ({ pk }: Item) => String(pk).slice(String(pk).indexOf("#") + 1);
