import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { BrokerAccount } from "../broker-account.ts";
import type { Attempt, Attempts, InAccount } from "./attempt.ts";

export const requests: InAccount = (account) => account.tableName("TablesRequests");
export const audit: InAccount = (account) => account.tableName("TablesAudit");
const ledger: InAccount = (account) => account.tableName("TablesLedger");
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: "1" } });
const UPDATE = {
  UpdateExpression: "SET #a = :a",
  ExpressionAttributeNames: { "#a": "a" },
  ExpressionAttributeValues: { ":a": { S: "a" } },
};
const CONDITION = {
  ConditionExpression: "attribute_exists(pk)",
};
const get =
  (table: InAccount, pk: string): Attempt =>
  ({ dynamodb }, account) =>
    dynamodb.send(new GetItemCommand({ TableName: table(account), Key: key(pk) }));
export const put =
  (table: InAccount, pk: string): Attempt =>
  ({ dynamodb }, account) =>
    dynamodb.send(new PutItemCommand({ TableName: table(account), Item: key(pk) }));
export const update =
  (table: InAccount, pk: string): Attempt =>
  ({ dynamodb }, account) =>
    dynamodb.send(new UpdateItemCommand({ TableName: table(account), Key: key(pk), ...UPDATE }));
const remove =
  (table: InAccount, pk: string): Attempt =>
  ({ dynamodb }, account) =>
    dynamodb.send(new DeleteItemCommand({ TableName: table(account), Key: key(pk) }));
export const query =
  (table: InAccount, pk: string, index?: string): Attempt =>
  ({ dynamodb }, account) =>
    dynamodb.send(
      new QueryCommand({
        TableName: table(account),
        ...(index ? { IndexName: index } : {}),
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": { S: pk } },
      }),
    );
/** A transaction of a change that is allowed, and of another item. */
const transact =
  (item: (account: BrokerAccount) => TransactWriteItem): Attempt =>
  ({ dynamodb }, account) =>
    dynamodb.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Update: { TableName: requests(account), Key: key("REQ#1"), ...UPDATE } },
          item(account),
        ],
      }),
    );
const transactUpdate = (table: InAccount, pk: string) =>
  transact((account) => ({ Update: { TableName: table(account), Key: key(pk), ...UPDATE } }));
const transactDelete = (table: InAccount, pk: string) =>
  transact((account) => ({ Delete: { TableName: table(account), Key: key(pk) } }));
const transactPut = (table: InAccount, pk: string) =>
  transact((account) => ({ Put: { TableName: table(account), Item: key(pk) } }));
const transactCheck = (table: InAccount, pk: string) =>
  transact((account) => ({
    ConditionCheck: { TableName: table(account), Key: key(pk), ...CONDITION },
  }));

/** Changes of the evidence that every role is refused. */
export const CHANGES_OF_EVIDENCE: Attempts = {
  "update an audit event": update(audit, "AUDIT#1"),
  "delete an audit event": remove(audit, "AUDIT#1"),
  "update an audit event in a transaction": transactUpdate(audit, "AUDIT#1"),
  "delete an audit event in a transaction": transactDelete(audit, "AUDIT#1"),
  "delete audit events in a batch": ({ dynamodb }, account) =>
    dynamodb.send(
      new BatchWriteItemCommand({
        RequestItems: { [audit(account)]: [{ DeleteRequest: { Key: key("AUDIT#1") } }] },
      }),
    ),
  "get an audit event by its key": get(audit, "AUDIT#1"),
  "check an audit event in a transaction": transactCheck(audit, "AUDIT#1"),
  "read the whole audit table": ({ dynamodb }, account) =>
    dynamodb.send(new ScanCommand({ TableName: audit(account) })),
  "read the whole requests table": ({ dynamodb }, account) =>
    dynamodb.send(new ScanCommand({ TableName: requests(account) })),
};
/** Only correlate records what CloudTrail says. */
const FORGED_ITEMS: Attempts = {
  "write evidence": put(audit, "EVID#1"),
  "write evidence in a transaction": transactPut(audit, "EVID#1"),
  "have evidence count as recorded": put(audit, "ONCE#1"),
  "have a finding count as recorded": put(audit, "FINDING#1"),
  "have a finding count as recorded in a transaction": transactPut(audit, "FINDING#1"),
  "place a finding on a request": put(audit, "ABOUT#1"),
  "put a reading of standing access on record": put(audit, "STANDING#1"),
  "put a reading on record in a transaction": transactPut(audit, "STANDING#1"),
};
/** Only api adds acknowledgements to the chains of findings. */
export const FORGED_RECORDS: Attempts = {
  ...FORGED_ITEMS,
  "write a finding": put(audit, "FIND#1"),
  "write an acknowledgement": put(audit, "ACK#1"),
  "write a delegation": put(audit, "DELEG#1"),
  "write a delegation in a transaction": transactPut(audit, "DELEG#1"),
  "lift a suspension": put(audit, "STOP#ALL"),
  "lift a suspension in a transaction": transactPut(audit, "STOP#ALL"),
};
/** Records that would explain a change that somebody made around the broker. */
const FORGED_CALLS: Attempts = {
  "write a call": put(requests, "CALL#1"),
  "change a call": update(requests, "CALL#1"),
  "delete a call": remove(requests, "CALL#1"),
  "write an intent": put(requests, "INTENT#1"),
  "write a call in a transaction": transactPut(requests, "CALL#1"),
  "open a finding": put(requests, "OPEN#FINDINGS"),
  "write what was read of standing access": put(requests, "STANDING#1"),
  "delete what was read of standing access": remove(requests, "STANDING#1"),
};
/** Records that api, which acknowledges findings, may not forge. */
export const FORGED_BESIDE_ACKNOWLEDGEMENTS: Attempts = { ...FORGED_ITEMS, ...FORGED_CALLS };
export const FORGED_EVIDENCE: Attempts = {
  ...FORGED_RECORDS,
  ...FORGED_CALLS,
  "close a finding": remove(requests, "OPEN#FINDINGS"),
  "close a finding in a transaction": transactDelete(requests, "OPEN#FINDINGS"),
};
/** The calls that acknowledging a finding needs. */
export const ACKNOWLEDGING: Attempts = {
  "query a finding": query(audit, "FINDING#1"),
  "query open findings": query(requests, "OPEN#FINDINGS"),
  "add an acknowledgement to a chain": put(audit, "FIND#1"),
  "write an acknowledgement's place": transactPut(audit, "ACK#1"),
  "close a finding": transactDelete(requests, "OPEN#FINDINGS"),
  "add a delegation": transactPut(audit, "DELEG#1"),
  "suspend somebody": transactPut(audit, "STOP#ALL"),
};
/** Items that correlate has no part in. */
export const OTHER_ITEMS: Attempts = {
  "write a call": put(requests, "CALL#1"),
  "write an intent": put(requests, "INTENT#1"),
  "write a request": put(requests, "REQ#1"),
  "change a request": update(requests, "REQ#1"),
  "change a request beside a call": transactUpdate(requests, "CALL#1"),
  "write an audit event": put(audit, "AUDIT#1"),
  "write an acknowledgement": put(audit, "ACK#1"),
  "write a delegation": put(audit, "DELEG#1"),
  "lift a suspension": put(audit, "STOP#ALL"),
  "put a reading of standing access on record": put(audit, "STANDING#1"),
  "close a finding": remove(requests, "OPEN#FINDINGS"),
  "change what was sent about a request": update(requests, "NOTICE#1"),
  "write what was sent about a finding": put(requests, "NOTICE#finding-1"),
  "query another index": query(requests, "x", "mine"),
};
/** Items that archive has no part in: it queries the audit table, and what was read of standing access. */
export const OTHER_TABLES: Attempts = {
  "write an audit event": put(audit, "AUDIT#1"),
  "read a request": get(requests, "REQ#1"),
  "query requests": query(requests, "REQ#1"),
  "query an index of requests": query(requests, "x", "mine"),
  "write a request": put(requests, "REQ#1"),
  "change a request": update(requests, "REQ#1"),
};
/** Evidence that activity has no part in. */
export const OTHER_EVIDENCE: Attempts = {
  ...OTHER_ITEMS,
  "write a finding": put(audit, "FIND#1"),
  "have a finding count as recorded": put(audit, "FINDING#1"),
  "open a finding": put(requests, "OPEN#FINDINGS"),
  "settle a call": update(requests, "CALL#1"),
  "read a call": get(requests, "CALL#1"),
  "query intents": query(requests, "INTENT#1"),
  "write evidence beside an audit event": transactPut(audit, "AUDIT#1"),
};
/** Items that standing has no part in: it reads grants and what proves them, and writes its own readings. */
export const OTHER_THAN_STANDING: Attempts = {
  "read a request": get(requests, "REQ#1"),
  "query a person's requests": query(requests, "x", "mine"),
  "write a grant": put(requests, "BIND#1"),
  "change what was read": update(requests, "STANDING#1"),
  "delete what was read": remove(requests, "STANDING#1"),
  "write a request": put(requests, "REQ#1"),
  "write a cluster's facts": put(requests, "CLUSTER#1"),
  "write an audit event": put(audit, "AUDIT#1"),
  "write an intent": put(requests, "INTENT#1"),
  "query evidence": query(audit, "EVID#1"),
  "write a finding": put(audit, "FIND#1"),
  "change a reading on record": update(audit, "STANDING#1"),
  "take a reading off the record": remove(audit, "STANDING#1"),
};
export const USES_BY_STANDING: Attempts = {
  "query a binding's grants": query(requests, "BIND#1"),
  "query a binding's intents": query(requests, "INTENT#1"),
  "query the calls for a request": query(requests, "CALLS#1"),
  "query audit events": query(audit, "AUDIT#1"),
  "write what was read": put(requests, "STANDING#1"),
  "read what was written": get(requests, "STANDING#1"),
  "query what was written": query(requests, "STANDING#1"),
  "query readings on record": query(audit, "STANDING#1"),
  "put a reading on record": put(audit, "STANDING#1"),
};
export const USES_BY_ACTIVITY: Attempts = {
  "read a request": get(requests, "REQ#1"),
  "query the calls for a request": query(requests, "CALLS#1"),
  "query audit events by their time": query(audit, "x", "audit"),
  "query evidence": query(audit, "EVID#1"),
  "write evidence": put(audit, "EVID#1"),
};
export const USES_OF_EVIDENCE: Attempts = {
  "read a request": get(requests, "REQ#1"),
  "query intents": query(requests, "INTENT#1"),
  "settle a call": update(requests, "CALL#1"),
  "write evidence": put(audit, "EVID#1"),
  "write a finding": put(audit, "FIND#1"),
  "write what makes evidence the only one": put(audit, "ONCE#1"),
  "write a finding's place": put(audit, "FINDING#1"),
  "place a finding on a request": put(audit, "ABOUT#1"),
  "open a finding": put(requests, "OPEN#FINDINGS"),
  "make a finding's messages due": update(requests, "NOTICE#finding-1"),
  "query evidence": query(audit, "EVID#1"),
};
export const USES_OF_THE_LEDGER: Attempts = {
  "read the ledger": get(ledger, "BIND#1"),
  "write the ledger": put(ledger, "BIND#1"),
};
/** Nobody's: a ledger is put whole, and never deleted. */
export const OTHER_TOUCHES_OF_THE_LEDGER: Attempts = {
  "query the ledger": query(ledger, "BIND#1"),
  "update the ledger": update(ledger, "BIND#1"),
  "delete from the ledger": remove(ledger, "BIND#1"),
  "check the ledger in a transaction": transactCheck(ledger, "BIND#1"),
};
export const TOUCHES_OF_THE_LEDGER: Attempts = {
  ...USES_OF_THE_LEDGER,
  ...OTHER_TOUCHES_OF_THE_LEDGER,
};
export const USES_OF_REQUESTS: Attempts = {
  "read a request": get(requests, "REQ#1"),
  "query its events": query(audit, "AUDIT#1"),
  "query an index": query(requests, "x", "mine"),
  "write an audit event and a request's state in one transaction": transactPut(audit, "AUDIT#1"),
  "delete a pointer in a transaction": transactDelete(requests, "UNIQ#1"),
  "check another item in a transaction": transactCheck(requests, "BIND#1"),
};

export const scanTheLedger: Attempt = ({ dynamodb }, account) =>
  dynamodb.send(new ScanCommand({ TableName: ledger(account) }));
export const listTables: Attempt = ({ dynamodb }) => dynamodb.send(new ListTablesCommand({}));
