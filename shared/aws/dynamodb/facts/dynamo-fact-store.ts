import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { BatchGetCommand, type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import {
  futureFrom,
  readingIn,
  type ScheduleReading,
} from "../../../domain/facts/schedule-reading.ts";
import { type TicketReading, ticketReadingIn } from "../../../domain/facts/ticket-reading.ts";
import { BrokerError } from "../../../domain/values/errors.ts";
import { plusSeconds } from "../../../domain/values/instant.ts";
import type { FactStore } from "../../../ports/fact-store.ts";
import { SCHEMA } from "../keys.ts";

/** The kind of thing that was read, which begins its key. */
type Kind = "SCHEDULE" | "TICKET";

type Reading = ScheduleReading | TicketReading;

const keyOf = (kind: Kind, of: string) => ({ pk: `${kind}#${of}`, sk: "READING" });

type Key = ReturnType<typeof keyOf>;

/** How long a reading is kept that nobody asks for any more: a week. */
const KEPT_SECONDS = 7 * 86_400;

/** An earlier look gives way, and what is no look of a time that was: nobody else may take it away. */
const TAKES_LOOK =
  "attribute_not_exists(pk) OR lookedAt <= :lookedAt OR lookedAt > :future OR NOT attribute_type(lookedAt, :text)";

/** Facts in a table of their own, which only `outside` may write. */
export function dynamoFactStore(client: DynamoDBDocumentClient, table: string): FactStore {
  const read = async <Found>(
    kind: Kind,
    keys: readonly string[],
    formed: (key: string, found: unknown) => Found | undefined,
  ): Promise<ReadonlyMap<string, Found>> => {
    const items = new Map<unknown, unknown>();
    let left: readonly Key[] = [...new Set(keys)].map((key) => keyOf(kind, key));
    while (left.length > 0) {
      const { found, unread } = await readSome(client, table, left);
      // Part of the facts would look as if the others had never been read.
      if (unread.length === left.length) throw busy();
      for (const { pk, reading } of found) items.set(pk, reading);
      left = unread;
    }
    return new Map(
      keys.flatMap((key) => {
        const reading = formed(key, items.get(keyOf(kind, key).pk));
        return reading ? [[key, reading] as const] : [];
      }),
    );
  };

  const put = async (kind: Kind, of: string, reading: Reading): Promise<void> => {
    const { lookedAt } = reading;
    const ttl = Math.ceil(Date.parse(plusSeconds(lookedAt, KEPT_SECONDS)) / 1_000);
    try {
      await client.send(
        new PutCommand({
          TableName: table,
          Item: { ...keyOf(kind, of), schema: SCHEMA, lookedAt, ttl, reading },
          ConditionExpression: TAKES_LOOK,
          ExpressionAttributeValues: {
            ":lookedAt": lookedAt,
            ":future": futureFrom(lookedAt),
            ":text": "S",
          },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };

  return {
    schedules: (keys) => read("SCHEDULE", keys, readingIn),
    putSchedule: (reading) => put("SCHEDULE", reading.schedule, reading),
    tickets: (keys) => read("TICKET", keys, ticketReadingIn),
    putTicket: (reading) => put("TICKET", reading.ticket, reading),
  };
}

/** An answer ends at 16 MB, and whoever takes `outside` over may put large items. It names the keys that it lacks. */
async function readSome(client: DynamoDBDocumentClient, table: string, keys: readonly Key[]) {
  const { Responses, UnprocessedKeys } = await client.send(
    new BatchGetCommand({ RequestItems: { [table]: { Keys: [...keys], ConsistentRead: true } } }),
  );
  const unread = (UnprocessedKeys?.[table]?.Keys ?? []) as unknown as readonly Key[];
  return { found: Responses?.[table] ?? [], unread };
}

const busy = () =>
  new BrokerError(
    "dependency-unavailable",
    "The table of facts answered nothing of what it was asked. Nothing was changed; try again in a few seconds.",
  );
