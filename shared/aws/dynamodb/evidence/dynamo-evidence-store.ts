import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { bindingKey } from "../../../domain/entries/binding.ts";
import type { CallIntent } from "../../../domain/evidence/calls/call-intent.ts";
import type { RecordedCall } from "../../../domain/evidence/calls/recorded-call.ts";
import {
  GRANTOR_ROLE_NAMES,
  grantorRoleNames,
  parsePrincipalArn,
} from "../../../domain/values/arn.ts";
import { type EvidenceStore, MOST_CALLS_READ } from "../../../ports/evidence-store.ts";
import type { Random } from "../../../ports/random.ts";
import { chainTable, putAbsent } from "../audit/chain-table.ts";
import { recordsBetween } from "../audit/records-between.ts";
import {
  callKey,
  callOfKey,
  callsPk,
  intentKey,
  intentPk,
  intentTtl,
  unconfirmedIndex,
  unconfirmedPk,
} from "../evidence/record-keys.ts";
import { INDEX } from "../indexes.ts";
import { SCHEMA } from "../keys.ts";
import { type Item, inPartition, queryItems } from "../query-items.ts";
import { queryDue } from "../requests/query-due.ts";
import type { RequestTables } from "../requests/request-writes.ts";
import { transactWrite, type Write } from "../transact.ts";
import { evidenceRecords } from "./dynamo-evidence-records.ts";
import { dynamoFindingStore } from "./dynamo-finding-store.ts";

/** Calls and intents in the requests table; evidence and findings in the audit table. */
export function dynamoEvidenceStore(
  client: DynamoDBDocumentClient,
  { requests, audit }: RequestTables,
  random: Random,
): EvidenceStore {
  const chains = chainTable(client, audit, random);
  return {
    ...callItems(client, requests, random),
    ...waitingCalls(client, requests),
    ...intentItems(client, requests),
    ...evidenceRecords(client, audit, chains),
    ...dynamoFindingStore(client, { requests, audit }, chains),
    recordsBetween: (from, to, page, isWanted) =>
      recordsBetween(client, audit, from, to, page, isWanted),
  };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const WRITES_AT_ONCE = 100;

/** The first call of a request id stays. */
class CallStored extends Error {}

function itemOf(table: string, call: RecordedCall): Write {
  const { eksRequestId, result, at } = call;
  const item = {
    ...callKey(eksRequestId),
    ...(result === "ok" ? unconfirmedIndex(eksRequestId, at) : {}),
    schema: SCHEMA,
    recordedCall: call,
  };
  return putAbsent(table, item, () => new CallStored());
}

const copyOf = (table: string, call: RecordedCall, requestId: string): Write => ({
  item: {
    Put: {
      TableName: table,
      Item: {
        ...callOfKey(requestId, call.at, call.eksRequestId),
        schema: SCHEMA,
        recordedCall: call,
      },
    },
  },
});

function callItems(
  client: DynamoDBDocumentClient,
  table: string,
  random: Random,
): Pick<EvidenceStore, "putCall" | "call" | "callsFor"> {
  return {
    async putCall(call) {
      // A call may serve more requests than a transaction has room for. The call itself comes last.
      const copies = call.requestIds.map((id) => copyOf(table, call, id));
      const writes = [...copies, itemOf(table, call)];
      try {
        for (let from = 0; from < writes.length; from += WRITES_AT_ONCE)
          await transactWrite(client, writes.slice(from, from + WRITES_AT_ONCE), random);
      } catch (error) {
        if (!(error instanceof CallStored)) throw error;
      }
    },

    async callsFor(requestId) {
      const query = { TableName: table, ...inPartition(callsPk(requestId)), ConsistentRead: true };
      const latest = { ...query, ScanIndexForward: false };
      const items = await queryItems(client, latest, MOST_CALLS_READ);
      return items.map((item) => item["recordedCall"] as RecordedCall).toReversed();
    },

    async call(eksRequestId) {
      const Key = callKey(eksRequestId);
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key, ConsistentRead: true }),
      );
      return Item?.["recordedCall"] as RecordedCall | undefined;
    },
  };
}

/** The index of calls that wait for their confirmation. */
function waitingCalls(
  client: DynamoDBDocumentClient,
  table: string,
): Pick<EvidenceStore, "postponeCall" | "settleCall" | "unconfirmed"> {
  return {
    async postponeCall(eksRequestId, turn, readDownTo) {
      const update = new UpdateCommand({
        TableName: table,
        Key: callKey(eksRequestId),
        UpdateExpression: `SET ${INDEX.unconfirmed.sk} = :turn, readDownTo = :readDownTo`,
        ExpressionAttributeValues: { ":turn": turn, ":readDownTo": readDownTo },
        ConditionExpression: `attribute_exists(${INDEX.unconfirmed.pk})`,
      });
      await unlessRefused(client.send(update));
    },

    async settleCall(eksRequestId) {
      const update = new UpdateCommand({
        TableName: table,
        Key: callKey(eksRequestId),
        UpdateExpression: `REMOVE ${INDEX.unconfirmed.pk}, ${INDEX.unconfirmed.sk}`,
        ConditionExpression: "attribute_exists(pk)",
      });
      await unlessRefused(client.send(update));
    },

    async unconfirmed(until, limit) {
      const keys = { index: INDEX.unconfirmed, pk: unconfirmedPk };
      const items = await queryDue(client, table, keys, until, limit, { isOurs: isCall });
      const turnOf = (item: Item) => String(item[INDEX.unconfirmed.sk]);
      return items
        .filter(isCall)
        .toSorted((a, b) => (turnOf(a) < turnOf(b) ? -1 : 1))
        .slice(0, limit)
        .map((item) => ({
          call: item["recordedCall"] as RecordedCall,
          readDownTo: (item["readDownTo"] ?? null) as string | null,
        }));
    },
  };
}

/** Whether an item is a call under its own key. Functions that make no calls may put items into the index. */
function isCall(item: Item): boolean {
  const { pk, sk } = callKey(
    String((item["recordedCall"] as RecordedCall | undefined)?.eksRequestId),
  );
  return item["pk"] === pk && item["sk"] === sk;
}

function intentItems(
  client: DynamoDBDocumentClient,
  table: string,
): Pick<EvidenceStore, "putIntent" | "intents"> {
  return {
    async putIntent(intent) {
      const binding = bindingKey(intent.clusterArn, intent.principalArn);
      const Item = {
        ...intentKey(binding, intent),
        schema: SCHEMA,
        intent,
        ttl: intentTtl(intent.from),
      };
      await client.send(new PutCommand({ TableName: table, Item }));
    },

    async intents(binding, before, most) {
      const query = {
        TableName: table,
        // A sort key starts with its instant, so the bare instant sorts before all intents of then.
        KeyConditionExpression: "pk = :pk AND sk < :before",
        ExpressionAttributeValues: { ":pk": intentPk(binding), ":before": before },
        ScanIndexForward: false,
        ConsistentRead: true,
      };
      const items = await queryItems(client, query, most);
      return items.map((item) => item["intent"] as CallIntent);
    },
  };
}

/** A refused condition means that there is nothing to do: the item is there already, or is not. */
async function unlessRefused(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/**
 * Stores calls under the roles that made them. Converge names the grantor roles of the default
 * deployment; those of another one have their own names, and CloudTrail shows these.
 */
export const callsOfDeployment = (store: EvidenceStore, deployment: string): EvidenceStore => ({
  ...store,
  putCall: (call) => store.putCall({ ...call, roleArn: grantorIn(deployment, call.roleArn) }),
});

/** The ARN of the same grantor role, as the deployment names it. */
function grantorIn(deployment: string, roleArn: string): string {
  const name = parsePrincipalArn(roleArn)?.name ?? "";
  const kind = name === GRANTOR_ROLE_NAMES.groups ? "groups" : "policies";
  return roleArn.slice(0, -name.length) + grantorRoleNames(deployment)[kind];
}
