import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { NO_STOPS, type StopRecord, stopRecord, stopsAfter } from "../../domain/stops/stops.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { Random } from "../../ports/random.ts";
import type { StopStore } from "../../ports/stop-store.ts";
import { putAbsent } from "./chain-table.ts";
import { padded, SCHEMA } from "./keys.ts";
import { inPartition, queryItems } from "./query-items.ts";
import { chainedKey, recordIndex, STOPS_PK } from "./record-keys.ts";
import { transactWrite, type Write } from "./transact.ts";

/** How often one append starts over. Few people stop others at once. */
const TRIES = 5;

/**
 * The chain of stops. Writes nothing but puts of absent items.
 * @param table the audit table, of which nobody may change or delete an item
 */
export function dynamoStopStore(
  client: DynamoDBDocumentClient,
  table: string,
  random: Random,
): StopStore {
  const chain = { TableName: table, ...inPartition(STOPS_PK), ConsistentRead: true };
  const latest = async () => {
    const [last] = await queryItems(client, { ...chain, ScanIndexForward: false }, 1);
    return last ? stopsAfter(last["record"] as StopRecord) : NO_STOPS;
  };
  return {
    latest,

    async since(seq) {
      const items = await queryItems(client, {
        ...chain,
        KeyConditionExpression: "pk = :pk AND sk > :sk",
        ExpressionAttributeValues: { ":pk": STOPS_PK, ":sk": padded(seq) },
      });
      return items.map(({ record }) => record as StopRecord);
    },

    async append(next) {
      for (let left = TRIES; left > 0; left -= 1) {
        const stops = await latest();
        const record = stopRecord(stops, next(stops));
        try {
          await transactWrite(client, [putOf(table, record)], random);
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

/** Another writer took the place at the end of the chain. */
class Taken extends Error {}

const putOf = (table: string, record: StopRecord): Write =>
  putAbsent(
    table,
    {
      ...chainedKey(STOPS_PK, record.seq),
      ...recordIndex(STOPS_PK, record),
      schema: SCHEMA,
      record,
    },
    () => new Taken(),
  );
