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
    if (keys.length === 0) return new Map();
    const Keys = [...new Set(keys)].map((key) => keyOf(kind, key));
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
    );
    // Part of the facts would look as if the others had never been read.
    if (Object.keys(UnprocessedKeys ?? {}).length > 0) throw busy();
    const items = new Map((Responses?.[table] ?? []).map(({ pk, reading }) => [pk, reading]));
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

const busy = () =>
  new BrokerError(
    "dependency-unavailable",
    "The table of facts answered some of them only. Nothing was changed; try again in a few seconds.",
  );
