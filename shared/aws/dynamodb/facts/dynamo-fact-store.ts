import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { BatchGetCommand, type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { ScheduleReading } from "../../../domain/facts/schedule-reading.ts";
import { BrokerError } from "../../../domain/values/errors.ts";
import { plusSeconds } from "../../../domain/values/instant.ts";
import type { FactStore } from "../../../ports/fact-store.ts";
import { SCHEMA } from "../keys.ts";

const READING = "READING";
const scheduleReadingKey = (schedule: string) => ({ pk: `SCHEDULE#${schedule}`, sk: READING });

/** How long a reading of a schedule that nobody names any more is kept: a week. */
const KEPT_SECONDS = 7 * 86_400;

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
      const readings = (Responses?.[table] ?? []).map(({ reading }) => reading as ScheduleReading);
      return new Map(readings.map((reading) => [reading.schedule, reading]));
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
            ConditionExpression: "attribute_not_exists(pk) OR lookedAt <= :lookedAt",
            ExpressionAttributeValues: { ":lookedAt": reading.lookedAt },
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
