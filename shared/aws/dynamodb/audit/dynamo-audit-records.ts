import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import {
  type DynamoDBDocumentClient,
  paginateQuery,
  type QueryCommandInput,
} from "@aws-sdk/lib-dynamodb";
import type { ArchivedRecord } from "../../../domain/evidence/archive/archived-record.ts";
import type { AuditRecords } from "../../../ports/audit-records.ts";
import { auditPartitions, chainedKey } from "../evidence/record-keys.ts";
import { AUDIT_INDEX } from "../indexes.ts";
import { auditPk } from "../keys.ts";
import type { Item } from "../query-items.ts";
import { storedEvent, storedInChain } from "./stored-record.ts";

/** Every chain of the audit table. The partition key names the chain. */
export function dynamoAuditRecords(client: DynamoDBDocumentClient, table: string): AuditRecords {
  const query = async function* (
    input: Omit<QueryCommandInput, "TableName">,
    isForeign?: (key: string) => void,
  ) {
    for await (const { Items = [] } of paginateQuery({ client }, { TableName: table, ...input }))
      for (const item of Items) {
        const record = recordOf(item);
        if (record) yield record;
        else isForeign?.(`${item["pk"]} ${item["sk"]}`);
      }
  };
  return {
    async since() {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
      if (!Table?.CreationDateTime)
        throw new Error(
          `DynamoDB does not say when ${table} was made. Nothing was archived; the next run tries again.`,
        );
      return Table.CreationDateTime.toISOString();
    },
    async *ofHour(hour, isForeign) {
      for (const partition of auditPartitions(hour)) {
        const ofPartition = {
          IndexName: AUDIT_INDEX.audit.name,
          KeyConditionExpression: "auditPk = :pk",
          ExpressionAttributeValues: { ":pk": partition },
        };
        yield* query(ofPartition, isForeign);
      }
    },
    async find(chain, seq) {
      const { pk, sk } = chainedKey(chain, seq);
      const found = query({
        KeyConditionExpression: "pk = :pk AND sk = :sk",
        ExpressionAttributeValues: { ":pk": pk, ":sk": sk },
        ConsistentRead: true,
      });
      for await (const record of found) return record;
      return undefined;
    },
  };
}

/** Audit events are under `event`, all other records under `record`. Neither is taken at the other's place. */
function recordOf(item: Item): ArchivedRecord | undefined {
  const record = storedEvent(item);
  return record ? { chain: auditPk(record.requestId), record } : storedInChain(item);
}
