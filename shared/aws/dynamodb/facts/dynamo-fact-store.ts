import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { BatchGetCommand, type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { futureFrom, readingIn } from "../../../domain/facts/schedule-reading.ts";
import { BrokerError } from "../../../domain/values/errors.ts";
import { plusSeconds } from "../../../domain/values/instant.ts";
import type { FactStore } from "../../../ports/fact-store.ts";
import { SCHEMA } from "../keys.ts";

const READING = "READING";
const scheduleReadingKey = (schedule: string) => ({ pk: `SCHEDULE#${schedule}`, sk: READING });

/** How long a reading of a schedule that nobody names any more is kept: a week. */
const KEPT_SECONDS = 7 * 86_400;

/** An earlier look gives way, and what is no look of a time that was: nobody else may take it away. */
const TAKES_LOOK =
  "attribute_not_exists(pk) OR lookedAt <= :lookedAt OR lookedAt > :future OR NOT attribute_type(lookedAt, :text)";

/** Facts in a table of their own, which only `outside` may write. */
export function dynamoFactStore(client: DynamoDBDocumentClient, table: string): FactStore {
  return {
    async schedules(keys) {
      if (keys.length === 0) return new Map();
      const Keys = [...new Set(keys)].map(scheduleReadingKey);
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
      );
      // Part of the facts would look as if the others had never been read.
      if (Object.keys(UnprocessedKeys ?? {}).length > 0) throw busy();
      const items = new Map((Responses?.[table] ?? []).map(({ pk, reading }) => [pk, reading]));
      return new Map(
        keys.flatMap((key) => {
          const reading = readingIn(key, items.get(scheduleReadingKey(key).pk));
          return reading ? [[key, reading] as const] : [];
        }),
      );
    },

    async putSchedule(reading) {
      const Item = {
        ...scheduleReadingKey(reading.schedule),
        schema: SCHEMA,
        lookedAt: reading.lookedAt,
        ttl: Math.ceil(Date.parse(plusSeconds(reading.lookedAt, KEPT_SECONDS)) / 1_000),
        reading,
      };
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item,
            ConditionExpression: TAKES_LOOK,
            ExpressionAttributeValues: {
              ":lookedAt": reading.lookedAt,
              ":future": futureFrom(reading.lookedAt),
              ":text": "S",
            },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}

const busy = () =>
  new BrokerError(
    "dependency-unavailable",
    "The table of facts answered some of them only. Nothing was changed; try again in a few seconds.",
  );
