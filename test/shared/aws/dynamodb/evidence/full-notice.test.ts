/** A notice of a finding that notify filled to its limit, before correlate records that finding. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DynamoDBDocumentClient,
  PutCommand,
  type TransactWriteCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dynamoEvidenceStore } from "../../../../../shared/aws/dynamodb/evidence/dynamo-evidence-store.ts";
import { noticeKey } from "../../../../../shared/aws/dynamodb/keys.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import { ITEM_BYTES } from "../../../../../shared/domain/entries/bounds.ts";
import { findingSubject } from "../../../../../shared/domain/notices/subject.ts";
import { aFinding } from "../../../domain/evidence/finding-drafts.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

let local: LocalTables;
beforeAll(async () => {
  local = await sharedTables();
});
afterAll(() => local.stop());

/** The rights of correlate: it may update the notices of findings, and put none. */
function asCorrelate(tables: DynamoDBDocumentClient) {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "us-west-2" }));
  client.send = (async (command: { readonly input: TransactWriteCommandInput }) => {
    for (const { Put } of command.input.TransactItems ?? [])
      if (String(Put?.Item?.["pk"]).startsWith("NOTICE#")) throw new Error("AccessDenied");
    return await tables.send(command as never);
  }) as typeof client.send;
  return client;
}

it("A finding is recorded, open, and listed, although no message about it can be made due", async () => {
  const names = await local.requestTables();
  const draft = aFinding("one", undefined, ["r1"]);
  const { findingId } = draft.details;
  const key = noticeKey(findingSubject(findingId));
  const size = Object.entries(key).flat().join("").length;
  const Item = { ...key, x: "x".repeat(ITEM_BYTES - size - 1) };
  await local.client.send(new PutCommand({ TableName: names.requests, Item }));
  const store = dynamoEvidenceStore(asCorrelate(local.client), names, systemRandom);
  expect(await store.appendFinding(draft)).toBe(true);
  expect(await store.appendFinding(draft)).toBe(false);
  expect(await store.finding(findingId)).toMatchObject({ details: { findingId } });
  expect((await store.openFindings({}, { limit: 10 })).items).toHaveLength(1);
  expect(await store.findingsAbout("r1", [])).toHaveLength(1);
});
