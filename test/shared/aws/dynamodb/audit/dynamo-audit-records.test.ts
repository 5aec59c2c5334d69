import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll } from "vitest";
import { dynamoAuditRecords } from "../../../../../shared/aws/dynamodb/audit/dynamo-audit-records.ts";
import {
  auditPartitions,
  chainedKey,
} from "../../../../../shared/aws/dynamodb/evidence/record-keys.ts";
import { auditRecordsContract } from "../../../../contracts/audit-records.contract.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

let tables: LocalTables;
beforeAll(async () => {
  tables = await sharedTables();
});
afterAll(() => tables.stop());

auditRecordsContract("dynamoAuditRecords", async () => {
  const { audit } = await tables.requestTables();
  return {
    records: dynamoAuditRecords(tables.client, audit),
    store({ chain, record }) {
      const { at, seq } = record;
      const isEvent = chain.startsWith("AUDIT#");
      const [events, others] = auditPartitions(at);
      const key = chainedKey(chain, seq);
      const Item = {
        ...key,
        auditPk: isEvent ? events : others,
        auditSk: `${at}#${chain}#${key.sk}`,
        [isEvent ? "event" : "record"]: record,
      };
      return tables.client.send(new PutCommand({ TableName: audit, Item }));
    },
  };
});
