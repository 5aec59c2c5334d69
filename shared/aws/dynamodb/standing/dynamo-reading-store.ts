import { type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { nextReading, type ReadingRecord } from "../../../domain/standing/reading-record.ts";
import type { ReadingStore } from "../../../ports/reading-store.ts";
import { chainRecord, freeEnd } from "../audit/stored-record.ts";
import { chainedKey, readingPk, recordIndex } from "../evidence/record-keys.ts";
import { SCHEMA } from "../keys.ts";
import { inPartition, queryItems } from "../query-items.ts";

/** Readings in the audit table. Writes nothing there but puts of absent items. */
export function dynamoReadingStore(client: DynamoDBDocumentClient, table: string): ReadingStore {
  return {
    async keep(clusterArn, details) {
      const pk = readingPk(clusterArn);
      const chain = { TableName: table, ...inPartition(pk), ConsistentRead: true };
      const [last] = await queryItems(client, { ...chain, ScanIndexForward: false }, 1);
      const tip = last && chainRecord<ReadingRecord>(last);
      if (tip?.details.passId === details.passId) return tip.details;
      const head = tip || !last ? tip : freeEnd(await queryItems(client, chain));
      const record = nextReading(head, clusterArn, details);
      const Item = {
        ...chainedKey(pk, record.seq),
        ...recordIndex(pk, record),
        schema: SCHEMA,
        record,
      };
      const ConditionExpression = "attribute_not_exists(pk)";
      await client.send(new PutCommand({ TableName: table, Item, ConditionExpression }));
      return details;
    },
  };
}
