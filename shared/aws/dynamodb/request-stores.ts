/** The stores over the tables of requests and of the audit, by a function's configuration. */
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { systemRandom } from "../machine/system-random.ts";
import { dynamoEvidenceStore } from "./evidence/dynamo-evidence-store.ts";
import { dynamoDelegationStore } from "./requests/dynamo-delegation-store.ts";
import { dynamoRequestStore } from "./requests/dynamo-request-store.ts";
import { dynamoStopStore } from "./requests/dynamo-stop-store.ts";

interface Stored {
  readonly requestsTable: string;
  readonly auditTable: string;
}

export const requestStore = (client: DynamoDBDocumentClient, config: Stored) =>
  dynamoRequestStore(client, tablesOf(config), systemRandom);

export const delegationStore = (client: DynamoDBDocumentClient, config: Stored) =>
  dynamoDelegationStore(client, tablesOf(config), systemRandom);

export const stopStore = (client: DynamoDBDocumentClient, config: Stored) =>
  dynamoStopStore(client, tablesOf(config), systemRandom);

export const evidenceStore = (client: DynamoDBDocumentClient, config: Stored) =>
  dynamoEvidenceStore(client, tablesOf(config), systemRandom);

const tablesOf = (stored: Stored) => ({ requests: stored.requestsTable, audit: stored.auditTable });
