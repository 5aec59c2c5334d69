/**
 * Functions that were taken over, each with exactly the rights of its role: what they write keeps no
 * access past its end. The entries are standing ones of others, so no fuse ends anything there.
 */
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import { grantKey, headKey, ledgerKey, stateKey } from "../../shared/aws/dynamodb/keys.ts";
import { bindingKey } from "../../shared/domain/entries/binding.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { principalArnOf } from "../sample-principals.ts";
import { newFolder } from "./abuse-sandbox.ts";
import { apiPerson, editIn } from "./api-person.ts";
import { associatedPolicies, policyArn, scope } from "./associated-policies.ts";
import { eventually } from "./eventually.ts";
import { type FunctionName, type FunctionSession, functionSession } from "./function-session.ts";
import { join } from "./overseas-access.ts";
import { awsJson } from "./real-clients.ts";
import { sampleAccess } from "./sample-access.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";
import { openTableIntruder } from "./table-intruder.ts";

const PEOPLE = ["alice", "dave", "mallory", "carol", "heidi"] as const;
type Person = (typeof PEOPLE)[number];
const FUNCTIONS = ["api", "slack", "sweep", "notify", "correlate"] as const;

const PROD = "arn:aws:eks:us-west-2:111122223333:cluster/prod";
const EDIT = policyArn("AmazonEKSEditPolicy");
/** The namespaces on the person's entry that are not ours: nothing of that policy has a fuse. */
const OWN = "payments-own";

let sandbox: SandboxProcess;
let sessions: Readonly<Record<FunctionName, FunctionSession>>;
let table: Readonly<Record<"requests" | "ledger", string>>;
let queueUrl: string;

const admin = (...args: string[]) => awsJson(sandbox, "admin", ...args);

beforeAll(async () => {
  const access = sampleAccess((file) => {
    for (const person of PEOPLE) join(file, person, "payments");
  });
  const args = ["--dir", newFolder(), "--minute-seconds", "2"];
  sandbox = await startSandboxProcess(args, { TIMELATCH_ACCESS: access });
  const { TableNames } = await admin("dynamodb", "list-tables");
  const named = (part: string) => TableNames.find((name: string) => name.includes(part));
  table = { requests: named("Requests"), ledger: named("Ledger") };
  ({ QueueUrl: queueUrl } = await admin(
    "sqs",
    "get-queue-url",
    "--queue-name",
    "timelatch-converge.fifo",
  ));
  sessions = Object.fromEntries(
    await Promise.all(
      FUNCTIONS.map(async (name) => [name, await functionSession(sandbox, name)] as const),
    ),
  ) as typeof sessions;
  await Promise.all(PEOPLE.map(standingEntry));
});
afterAll(async () => {
  await sandbox.stop();
});

const bindingOf = (name: Person) => bindingKey(PROD, principalArnOf(name));
const person = (name: string) => apiPerson(sandbox, name);

async function standingEntry(name: Person) {
  const entry = ["--cluster-name", "prod", "--principal-arn", principalArnOf(name)];
  const has = await associatedPolicies(sandbox, "prod", name);
  if (!has) await admin("eks", "create-access-entry", ...entry);
  await admin(
    ...["eks", "associate-access-policy", ...entry, "--policy-arn", EDIT],
    ...["--access-scope", `type=namespace,namespaces=${OWN}`],
  );
}

const lentTo = async (name: Person) =>
  (await associatedPolicies(sandbox, "prod", name))?.[EDIT] ?? "nothing";

/** An active grant, and its record. */
async function active(name: Person): Promise<{
  readonly grant: RequestAnswer;
  readonly record: AccessRequest;
}> {
  const grant = await person(name).ask({ access: editIn(`payments-${name}`), duration: "30s" });
  await person("bob").approve(grant);
  await person(name).until(grant, ["active"], 60);
  const { Item } = await sessions.api.tables.send(
    new GetCommand({ TableName: table.requests, Key: grantKey(bindingOf(name), grant.id) }),
  );
  return { grant, record: Item?.["request"] };
}

const put = ({ tables }: FunctionSession, Item: Readonly<Record<string, unknown>>) =>
  tables.send(new PutCommand({ TableName: table.requests, Item }));

/** Puts a record into the partition of a person's entry. */
const plant = (by: FunctionSession, name: Person, id: string, request: unknown) =>
  put(by, { ...grantKey(bindingOf(name), id), schema: 1, request });

const send = ({ queues }: FunctionSession, binding: string, MessageBody: string) =>
  queues.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageGroupId: binding, MessageBody }));

const read = async (Key: Readonly<Record<string, string>>) => {
  const get = new GetCommand({ TableName: table.requests, Key, ConsistentRead: true });
  return (await sessions.sweep.tables.send(get)).Item ?? {};
};

/** Waits until converge took up an entry after this head was put back. */
const untilParked = (head: Readonly<Record<string, unknown>>, binding: string) =>
  eventually(
    () => read(headKey(binding)),
    ({ parkedAt }) => parkedAt !== head["parkedAt"],
    100,
  );

/** Waits until the entry has its owner's access only: without an end it would wait for ever. */
const expectEnd = (name: Person) =>
  eventually(
    () => lentTo(name),
    (has) => JSON.stringify(has) === JSON.stringify(scope(OWN)),
    100,
  );

const LATER = { revokeAt: "2099-01-01T00:00:00.000Z", expiresAt: "2099-01-01T00:10:00.000Z" };

describe.concurrent("A function that was taken over, and access on an entry without a fuse", () => {
  it("api plants records of others, and of forms that nobody expects, and spoils the head", async () => {
    const { grant, record } = await active("alice");
    const { api } = sessions;
    const forged: readonly unknown[] = [
      { ...record, id: countedId(1), principalArn: principalArnOf("bob") },
      { ...record, id: countedId(2), cluster: { name: "staging", arn: `${PROD}-2` } },
      record,
      new Set(["x"]),
      new Uint8Array([1]),
    ];
    for (const [at, each] of forged.entries()) await plant(api, "alice", countedId(at + 1), each);
    const { pk, sk } = grantKey(bindingOf("alice"), countedId(9));
    const Item = { pk: { S: pk }, sk: { S: sk }, request: { N: "9".repeat(38) } };
    await api.tables.send(new PutItemCommand({ TableName: table.requests, Item }));
    await plant(api, "alice", grant.id, { ...record, ...LATER, durationSeconds: 86_400 });
    await api.tables.send(
      new UpdateCommand({
        ...{ TableName: table.requests, Key: headKey(bindingOf("alice")) },
        UpdateExpression: "SET #grant = :map, clusterArn = :map",
        ExpressionAttributeNames: { "#grant": `grant#${countedId(8)}` },
        // JavaScript throws where it makes a number or a text of it.
        ExpressionAttributeValues: { ":map": { toString: "x" } },
      }),
    );
    await expectEnd("alice");
    expect(await associatedPolicies(sandbox, "prod", "bob")).toBeUndefined();
  });

  it("slack deletes the head, lengthens the record, and sends what the schedule will send", async () => {
    const { grant, record } = await active("mallory");
    const { slack } = sessions;
    const binding = bindingOf("mallory");
    const cause = "revocation-time";
    await send(slack, binding, JSON.stringify({ binding, cause, grantId: grant.id }));
    await plant(slack, "mallory", grant.id, { ...record, ...LATER });
    const head = { TableName: table.requests, Key: headKey(binding) };
    await slack.tables.send(new DeleteCommand(head));
    await expectEnd("mallory");
  });

  it("sweep plants 1,200 records", async () => {
    const { record } = await active("carol");
    const puts = Array.from({ length: 1_200 }, (_, at) => {
      const request = { ...record, id: countedId(at), ...LATER };
      const Item = { ...grantKey(bindingOf("carol"), countedId(at)), schema: 1, request };
      return { Put: { TableName: table.requests, Item } };
    });
    for (let at = 0; at < puts.length; at += 100)
      await sessions.sweep.tables.send(
        new TransactWriteCommand({ TransactItems: puts.slice(at, at + 100) }),
      );
    await expectEnd("carol");
  });

  it("api plants large records, and records with more namespaces than anybody may ask for", async () => {
    const { record } = await active("heidi");
    const namespaces = Array.from({ length: 60_000 }, (_, at) => at.toString(36));
    const access = { ...record.access, scope: { type: "namespace", namespaces } };
    for (let at = 0; at < 4; at += 1) {
      await plant(sessions.api, "heidi", countedId(at), { ...record, id: countedId(at), access });
      await plant(sessions.api, "heidi", countedId(at + 50), "x".repeat(390_000));
    }
    await expectEnd("heidi");
  });

  it("sweep puts the record of a revoked grant back, with its state and head", async () => {
    const { grant, record } = await active("dave");
    const { sweep } = sessions;
    const binding = bindingOf("dave");
    const [head, stored] = await Promise.all([read(headKey(binding)), read(stateKey(grant.id))]);
    expect((await person("carol").post(`/v1/requests/${grant.id}/revoke`, {})).status).toBe(200);
    await expectEnd("dave");
    for (const state of ["active", "approved"]) {
      await plant(sweep, "dave", grant.id, { ...record, state, ...LATER });
      await put(sweep, stored);
      await put(sweep, head);
      await send(sweep, binding, state);
      await untilParked(head, binding);
      expect(await lentTo("dave")).toEqual(scope(OWN));
    }
  });

  it("slack sends messages of subjects that nobody has: each is dropped, and none holds up its group", async () => {
    for (let at = 0; at < 5; at += 1) await send(sessions.slack, "nobody", String(at));
    // SQS may deliver a message again, and other subjects may be unknown too.
    const dropped = async () =>
      new Set(
        sandbox
          .log()
          .split("\n")
          .filter(
            (line) => line.includes("of an unknown subject dropped") && line.includes("nobody"),
          )
          .map((line) => /"messageId":"([^"]+)"/.exec(line)?.[1]),
      );
    const ids = await eventually(dropped, (found) => found.size >= 5);
    expect(ids.size).toBe(5);
    expect(ids).not.toContain(undefined);
  });

  it("The intruder of chaos finds both queues, and api may send to them", async () => {
    const intruder = await openTableIntruder(sandbox);
    const body = JSON.stringify({ binding: "nobody", cause: "sweep" });
    for (const queue of ["converge", "notify"] as const)
      await intruder.write("api", { kind: "send", queue, group: "nobody", body });
  });

  it.each(FUNCTIONS)("%s can neither read nor write a ledger", async (name) => {
    const { tables } = sessions[name];
    const Key = ledgerKey(bindingOf("alice"));
    for (const call of [
      () => tables.send(new PutCommand({ TableName: table.ledger, Item: Key })),
      () => tables.send(new GetCommand({ TableName: table.ledger, Key })),
      () => tables.send(new DeleteCommand({ TableName: table.ledger, Key })),
    ])
      await expect(call()).rejects.toMatchObject({ name: "AccessDeniedException" });
  });
});
