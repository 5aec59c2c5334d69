/**
 * A sample of `test/attacks` on real bundles. The decisions of IAM about the template hold for calls with a session of
 * each role, and archive finds in real stores what it finds in those in memory.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixedClock } from "../../lab/fakes/fixed-clock.ts";
import { dynamoAuditRecords } from "../../shared/aws/dynamodb/audit/dynamo-audit-records.ts";
import { dynamoStandingStore } from "../../shared/aws/dynamodb/standing/dynamo-standing-store.ts";
import { kmsSigner } from "../../shared/aws/kms/kms-signer.ts";
import { s3ArchiveStore } from "../../shared/aws/s3/s3-archive-store.ts";
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { archive } from "../../shared/usecases/evidence/archive.ts";
import { chainOf } from "../attacks/forgeries.ts";
import { ITEM_RIGHTS, may } from "../attacks/rights.ts";
import { newFolder } from "./abuse-sandbox.ts";
import { apiPerson, editIn } from "./api-person.ts";
import { type FunctionName, type FunctionSession, functionSession } from "./function-session.ts";
import { awsJson } from "./real-clients.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";
import { itemOfEvent } from "./table-intruder.ts";

/** Functions with rights on tables, in the sandbox's own access.yaml. */
const FUNCTIONS = [
  ...["api", "slack", "notify", "sweep", "converge", "correlate"],
  ...["archive", "activity", "standing"],
] as readonly FunctionName[];

const dir = newFolder();
let sandbox: SandboxProcess;
let tables: Readonly<Record<"requests" | "audit", string>>;
beforeAll(async () => {
  // No clock of the sandbox starts archive meanwhile.
  sandbox = await startSandboxProcess(["--dir", dir, "--minute-seconds", "60"]);
  const { TableNames } = await awsJson(sandbox, "admin", "dynamodb", "list-tables");
  const named = (part: string) => TableNames.find((name: string) => name.includes(part));
  tables = { requests: named("Requests"), audit: named("Audit") };
});
afterAll(async () => {
  await sandbox.stop();
});

type ItemRight = (typeof ITEM_RIGHTS)[number];

/** Makes the call that a right is about, on an item of nobody's. */
function call({ tables: client }: FunctionSession, { action, table, key }: ItemRight) {
  const [TableName, Key] = [
    tables[table as keyof typeof tables],
    { pk: `${key}-of-nobody`, sk: "attack" },
  ];
  if (action === "dynamodb:PutItem") return client.send(new PutCommand({ TableName, Item: Key }));
  if (action === "dynamodb:DeleteItem") return client.send(new DeleteCommand({ TableName, Key }));
  const set = { UpdateExpression: "SET x = :x", ExpressionAttributeValues: { ":x": 1 } };
  return client.send(new UpdateCommand({ TableName, Key, ...set }));
}

async function isDone(session: FunctionSession, right: ItemRight): Promise<boolean> {
  try {
    await call(session, right);
    return true;
  } catch (error) {
    if ((error as Error).name === "AccessDeniedException") return false;
    throw error;
  }
}

describe("The rights on which the table of attacks is built", () => {
  it.each(FUNCTIONS)("%s may in a sandbox what IAM says of the template", async (role) => {
    const session = await functionSession(sandbox, role);
    const done: string[] = [];
    const said: string[] = [];
    for (const right of ITEM_RIGHTS) {
      if (await isDone(session, right)) done.push(right.name);
      if (await may(role, right.name)) said.push(right.name);
    }
    expect(done).toEqual(said);
  });
});

const stateOf = (service: string) =>
  JSON.parse(readFileSync(path.join(dir, "state", `${service}.json`), "utf8"));

/** Credentials of the very role of archive, which the policies of bucket and key name: its function has run. */
async function archiveCredentials() {
  const { StackResources } = await awsJson(
    sandbox,
    ...(["admin", "cloudformation", "describe-stack-resources", "--stack-name"] as const),
    "Timelatch",
  );
  const resources = StackResources as readonly Readonly<Record<string, string>>[];
  const name = resources.find(
    ({ ResourceType, LogicalResourceId }) =>
      ResourceType === "AWS::Lambda::Function" && LogicalResourceId?.startsWith("Archive"),
  )?.["PhysicalResourceId"];
  const invoke = ["lambda", "invoke", "--function-name", String(name), path.join(dir, "answer")];
  await awsJson(sandbox, "admin", ...invoke);
  const sessions = Object.values(stateOf("iam").credentials) as readonly Session[];
  const session = sessions.find(({ roleArn }) => roleArn.endsWith(":role/timelatch-archive"));
  if (!session) throw new Error("No archive function runs.");
  const { accessKeyId, secretAccessKey, sessionToken } = session;
  return { accessKeyId, secretAccessKey, sessionToken };
}

interface Session {
  readonly roleArn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** The code of archive with its role's session, at an instant. */
async function archiveWorld() {
  const credentials = await archiveCredentials();
  const settings = { endpoint: sandbox.awsUrl, region: "us-west-2", credentials };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(settings));
  const bucket = Object.keys(stateOf("s3").buckets).find((name) => name.includes("archive")) ?? "";
  const [keyId = ""] = Object.keys(stateOf("kms").keys);
  const store = s3ArchiveStore(new S3Client({ ...settings, forcePathStyle: true }), bucket);
  const ports = {
    ...{ store, records: dynamoAuditRecords(client, tables.audit) },
    standing: dynamoStandingStore(client, tables.requests),
    signer: kmsSigner(new KMSClient(settings), keyId),
  };
  return {
    store,
    run: (now: string) => archive({ ...ports, clock: fixedClock(now) }, () => false),
  };
}

/** A request of alice's that bob denied, with its history as it is stored. */
async function denied(by: FunctionSession, namespace: string) {
  const asked = await apiPerson(sandbox, "alice").ask({ access: editIn(namespace) });
  const { digest } = asked;
  const decision = { verdict: "deny", digest };
  const { status } = await apiPerson(sandbox, "bob").post(
    `/v1/requests/${asked.id}/decision`,
    decision,
  );
  expect(status).toBe(200);
  const { Items = [] } = await by.tables.send(
    new QueryCommand({
      ...{ TableName: tables.audit, KeyConditionExpression: "pk = :pk" },
      ExpressionAttributeValues: { ":pk": `AUDIT#${asked.id}` },
    }),
  );
  return Items.map((item) => item["event"] as AuditEvent);
}

const HOUR_SECONDS = 3_600;
/** Six minutes past the end of the hour of an instant: then it is archived. */
const archivedAt = (instant: string) =>
  plusSeconds(`${instant.slice(0, "2026-11-24T10".length)}:06:00.000Z`, HOUR_SECONDS);

describe("What archive finds in real tables, with its own role", () => {
  it("A history that api writes again once it is archived, and a part that archive puts, are contradicted", async () => {
    const [api, own] = [await functionSession(sandbox, "api"), await archiveWorld()];
    const events = await denied(api, "payments-api");
    const id = String(events[0]?.requestId);
    const first = archivedAt(String(events.at(-1)?.at));
    expect(await own.run(first)).toMatchObject({ contradictions: [], refused: [] });
    const forged = chainOf(
      `AUDIT#${id}`,
      events.map((event) => ({ ...event, actor: event.seq === 2 ? "carol" : event.actor })),
    );
    for (const { record } of forged) {
      const Item = itemOfEvent(record as unknown as AuditEvent);
      await api.tables.send(new PutCommand({ TableName: tables.audit, Item }));
    }
    const hour = first.slice(0, "2026-11-24T10".length);
    const before = plusSeconds(`${hour}:00:00.000Z`, -HOUR_SECONDS).slice(0, hour.length);
    const [never] = chainOf("AUDIT#never", [{ requestId: "never", type: "deny", at: first }]);
    await own.store.put(`records/${before.slice(0, 10)}/${before}/0009.ndjson.gz`, [
      JSON.stringify(never),
    ]);
    const { contradictions } = await own.run(plusSeconds(first, HOUR_SECONDS));
    expect(contradictions).toEqual(
      expect.arrayContaining([
        { chain: `AUDIT#${id}`, seq: 2, what: "changed" },
        { chain: "AUDIT#never", seq: 1, what: "missing" },
      ]),
    );
  });

  it("An event that api takes off the index is not archived, and leaves its place empty in its chain", async () => {
    const [api, own] = [await functionSession(sandbox, "api"), await archiveWorld()];
    const [first, second] = await denied(api, "payments-web");
    const { auditPk: _, auditSk: __, ...hidden } = itemOfEvent(first as AuditEvent);
    await api.tables.send(new PutCommand({ TableName: tables.audit, Item: hidden }));
    const when = archivedAt(plusSeconds(String(second?.at), 2 * HOUR_SECONDS));
    await own.run(when);
    const seqs: number[] = [];
    for (const key of await own.store.list("records/"))
      for await (const line of (await own.store.read(key)) ?? []) {
        const { chain, record } = JSON.parse(line);
        if (chain === `AUDIT#${first?.requestId}`) seqs.push(record.seq);
      }
    expect(seqs).toEqual([2]);
  });
});
