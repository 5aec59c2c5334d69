/** CloudTrail's record of the broker's calls, and of changes around it, seen from outside. */
import { createPublicKey } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ActivitySummary } from "../../shared/domain/evidence/activity/activity-summary.ts";
import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import { findingVerifier } from "../../shared/domain/evidence/evidence-chain.ts";
import type { AuditReport } from "../../shared/domain/evidence/report/audit-report.ts";
import { plusSeconds, secondsBetween } from "../../shared/domain/values/instant.ts";
import type { FindingAnswer } from "../../shared/http/contract/answers.ts";
import { principalArnOf } from "../sample-principals.ts";
import { checkOcsf } from "../shared/domain/evidence/ocsf/check-ocsf.ts";
import { apiPerson, editIn } from "./api-person.ts";
import { eventually } from "./eventually.ts";
import { aws, awsJson, inContext, kubectl, timelatch } from "./real-clients.ts";
import { sampleAccess } from "./sample-access.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";
import {
  alarmedMetrics,
  checkpointsOf,
  deployWitness,
  sealTwice,
  verifyArchive,
  WITNESS_ROLE,
} from "./witness-account.ts";

const CLUSTER = "arn:aws:eks:us-west-2:111122223333:cluster/prod";
const ALICE = principalArnOf("alice");
const ADMIN = "arn:aws:sts::111122223333:assumed-role/admin/admin";
const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";

const TODAY = new Date().toISOString().slice(0, 10);
/**
 * By archive's clock it is noon of tomorrow: today is over, so it seals what happens here. Around
 * midnight it would look at the last hour again, and find what happened after its seal.
 */
const TOMORROW = plusSeconds(`${TODAY}T00:00:00.000Z`, 86_400);
const dir = mkdtempSync(path.join(tmpdir(), "timelatch-"));
let sandbox: SandboxProcess;
beforeAll(async () => {
  const access = sampleAccess((file) => {
    const { people } = file;
    file.archive = { mode: "GOVERNANCE", days: 30, witnesses: [WITNESS_ROLE] };
    people.carol.identities.iam = ["arn:aws:iam::111122223333:role/admin"];
  });
  const seconds = Math.ceil(secondsBetween(new Date().toISOString(), TOMORROW)) + 43_200;
  const clocks = ["archive", "witness"].flatMap((name) => ["--clock", `${name}=+${seconds}s`]);
  const args = ["--dir", dir, "--minute-seconds", "1", ...clocks];
  sandbox = await startSandboxProcess(args, { TIMELATCH_ACCESS: access });
});
afterAll(async () => {
  await sandbox.stop();
});

interface StoredRecord {
  readonly type: { readonly S: string };
  readonly details: { readonly M: Readonly<Record<string, { readonly S?: string }>> };
}

/** The records of one chain, as an administrator of the account reads them in the audit table. */
async function recordsOf(chain: string): Promise<readonly StoredRecord[]> {
  const { TableNames } = (await awsJson(sandbox, "admin", "dynamodb", "list-tables")) as {
    readonly TableNames: readonly string[];
  };
  const table = TableNames.find((name) => name.includes("Audit"));
  if (table === undefined) throw new Error(`No audit table in ${TableNames.join(", ")}.`);
  const values = JSON.stringify({ ":pk": { S: chain } });
  const { Items } = (await awsJson(
    sandbox,
    ...(["admin", "dynamodb", "query", "--table-name", table] as const),
    ...["--key-condition-expression", "pk = :pk", "--expression-attribute-values", values],
  )) as { readonly Items: readonly { readonly record: { readonly M: StoredRecord } }[] };
  return Items.map(({ record }) => record.M);
}

/** The confirmations by CloudTrail; a grant that is over has a summary of its use as well. */
const confirmationsOf = async (id: string) =>
  (await recordsOf(`EVID#${id}`)).filter(({ type }) => type.S === "confirmed");

it("The bundle of a grant has every EKS call confirmed, verifies offline, and shows an edit of one byte", async () => {
  const [alice, dave] = [apiPerson(sandbox, "alice"), apiPerson(sandbox, "dave")];
  const asked = await alice.ask();
  await apiPerson(sandbox, "bob").approve(asked);
  await alice.until(asked, ["active"]);
  await alice.post(`/v1/requests/${asked.id}/return`, {});
  await alice.until(asked, ["ended"]);
  await eventually(
    async () => (await dave.get(`/v1/requests/${asked.id}/evidence`)).body.calls,
    (calls: readonly { state: string }[]) => calls.every(({ state }) => state === "confirmed"),
    60,
  );
  const out = path.join(dir, "bundle");
  const made = await timelatch(sandbox, "dave", "audit", "bundle", asked.id, "--out", out);
  expect(made).toMatchObject({ code: 0, stderr: "" });
  expect(made.stdout).toMatch(/(\d+) calls to EKS: \1 confirmed, 0 findings\./);
  const verify = () => timelatch(sandbox, "nobody", "audit", "verify", out);
  expect(await verify()).toMatchObject({ code: 0, stderr: "" });
  const file = path.join(out, "evidence.ndjson");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/"eventTime":"2/, '"eventTime":"3'));
  const { code, stderr } = await verify();
  expect(code).toBe(8);
  expect(stderr).toMatch(/evidence\.ndjson line \d+: edited/);
});

it("CloudTrail confirms every call of a grant, and a change around the broker is a finding", async () => {
  const [alice, bob] = [apiPerson(sandbox, "alice"), apiPerson(sandbox, "bob")];
  // Long enough for CloudTrail on a busy machine.
  const asked = await alice.ask({ duration: "5m" });
  await bob.approve(asked);
  await alice.until(asked, ["active"]);
  const confirmed = await eventually(
    () => confirmationsOf(asked.id),
    (records) => records.length >= 2,
    60,
  );
  expect(confirmed.map(({ type }) => type.S)).toEqual(["confirmed", "confirmed"]);
  const shown = await apiPerson(sandbox, "dave").get(`/v1/requests/${asked.id}/evidence`);
  expect(shown.body.calls.map(({ state }: { state: string }) => state)).toEqual([
    "confirmed",
    "confirmed",
  ]);
  await changeAround(ALICE);
  const [finding] = await openFindings();
  expect(finding).toMatchObject({
    code: "outside-change",
    state: "open",
    chain: `${CLUSTER}#${new Date().toISOString().slice(0, 7)}`,
    requestIds: [asked.id],
    event: { operation: "AssociateAccessPolicy", principalArn: ALICE, caller: { arn: ADMIN } },
  });
  const stands = await apiPerson(sandbox, "dave").get(`/v1/requests/${asked.id}/evidence`);
  expect(stands.body.findings).toMatchObject([{ details: { findingId: finding?.findingId } }]);
});

it("The alarm channel in Slack shows a finding within a minute, with the grant that it stands on", async () => {
  const [finding] = await openFindings();
  const [message, more] = await alarmsWith(/associated AmazonEKSViewPolicy with the access entry/);
  expect(more).toBeUndefined();
  expect(message?.text).toContain("Nobody has acknowledged it.");
  const shown = JSON.stringify(message?.blocks);
  expect(shown).toContain(`timelatch findings acknowledge ${finding?.findingId}`);
  expect(shown).toContain(`timelatch show ${finding?.requestIds[0]}`);
});

it("The auditor acknowledges a finding, and whoever made the change is refused", async () => {
  const [finding] = await openFindings();
  const path = `/v1/findings/${finding?.findingId}/acknowledgement`;
  const note = { note: "CHG-12 planned work" };
  // Carol administers Timelatch, and made the change under her other identity.
  for (const name of ["carol", "admin"])
    expect(await apiPerson(sandbox, name).post(path, note)).toMatchObject({
      status: 403,
      body: { type: "urn:timelatch:problem:own-finding" },
    });
  expect((await openFindings())[0]).toEqual(finding);
  const dave = apiPerson(sandbox, "dave");
  const { status, body } = await dave.post(path, note);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    ...finding,
    state: "acknowledged",
    acknowledgements: [{ actor: "dave", ...note }],
  });
  expect((await dave.post(path, note)).body).toEqual(body);
  expect((await dave.get("/v1/findings")).body).toEqual({ findings: [] });
  // A page searches 250 hours, so a client that begins long ago reads empty pages first.
  const interval = `from=${finding?.recordedAt.slice(0, "2026-11-24".length)}&to=2100-01-01`;
  expect((await dave.get(`/v1/findings?view=all&${interval}`)).body.findings).toEqual([body]);
  const { records } = (await dave.get(`/v1/audit/records?${interval}`)).body;
  const chain = records.filter(({ chain }: ArchivedRecord) => chain === `FIND#${finding?.chain}`);
  const verifier = findingVerifier();
  expect(chain.map(({ record }: ArchivedRecord) => verifier.add(record as never))).toEqual([
    undefined,
    undefined,
  ]);
  expect(verifier.end()).toEqual([]);
});

it("The alarm channel's message says who acknowledged the finding", async () => {
  const messages = await alarmsWith(/Acknowledged by dave: CHG-12 planned work/);
  expect(messages).toHaveLength(1);
});

interface ShownMessage {
  readonly channel: string;
  readonly text: string;
  readonly blocks: readonly unknown[];
}

/** The messages of the alarm channel once one of them has the words. It waits a minute. */
async function alarmsWith(words: RegExp): Promise<readonly ShownMessage[]> {
  const shown = async () => {
    const answer = await fetch(`${sandbox.slackUrl}/_sandbox/messages`);
    const messages = (await answer.json()) as readonly ShownMessage[];
    return messages.filter(({ channel }) => channel === "C0002");
  };
  return await eventually(shown, (all) => all.some(({ text }) => words.test(text)), 60);
}

it("The auditor's commands show a finding, its grant with confirmed calls, and all of it in OCSF", async () => {
  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, "2026-11-24".length);
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await timelatch(sandbox, "dave", ...args);
    expect({ args, code, stderr: code === 0 ? "" : stderr }).toEqual({ args, code: 0, stderr: "" });
    return stdout;
  };
  const { findings } = JSON.parse(await run("findings", "--all", "--from", day, "--json"));
  const [{ findingId, requestIds }] = findings as [FindingAnswer];
  const short = findingId.slice(0, 8);
  expect(await run("findings", "--all", "--from", day)).toContain(`${short}  `);
  const acknowledging = ["findings", "acknowledge", short, "--from", day, "--note", "CHG-13"];
  expect(await run(...acknowledging, "--yes")).toContain("Acknowledged.");
  expect(await run("findings", "show", short, "--from", day)).toMatch(/by dave, .*CHG-13/s);
  const shown = await run("show", requestIds[0] ?? "");
  expect(shown).toMatch(/AssociateAccessPolicy +ok +confirmed /);
  expect(shown).toContain("changed from outside");
  const out = path.join(dir, "day.ocsf");
  await run("audit", "export", "--from", day, "--format", "ocsf", "--out", out);
  const events = readFileSync(out, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  for (const event of events) checkOcsf(event);
  const types = new Set(events.map(({ type_uid }) => type_uid));
  for (const type of [200_401, 200_402, 300_401, 300_501, 600_301]) expect(types).toContain(type);
  const granted = events.filter(
    ({ class_uid, metadata }) => class_uid === 6003 && metadata.correlation_uid === requestIds[0],
  );
  expect(granted.length).toBeGreaterThanOrEqual(2);
  expect(granted[0].metadata.original_event_uid).toMatch(/^[0-9a-f-]{36}$/);
  // The requester sees the same as before.
  const mine = await timelatch(sandbox, "alice", "show", requestIds[0] ?? "");
  expect(mine).toMatchObject({ code: 0, stderr: "" });
  expect(mine.stdout).not.toContain("Calls to EKS");
  expect((await timelatch(sandbox, "alice", "findings")).code).toBe(3);
});

/** The administrator's command, in which nothing asks Timelatch. */
async function changeAround(principalArn: string): Promise<void> {
  const entry = ["--cluster-name", "prod", "--principal-arn", principalArn];
  const scope = ["--access-scope", "type=namespace,namespaces=kube-system"];
  const change = ["eks", "associate-access-policy", ...entry, "--policy-arn", VIEW, ...scope];
  expect((await aws(sandbox, "admin", ...change)).stderr).toBe("");
}

/** The findings that the auditor reads, once there are any. */
async function openFindings(): Promise<readonly FindingAnswer[]> {
  const dave = apiPerson(sandbox, "dave");
  return await eventually(
    async () => (await dave.get("/v1/findings")).body.findings as readonly FindingAnswer[],
    (findings) => findings.length >= 1,
    60,
  );
}

it("Calls whose events EventBridge lost are confirmed from CloudTrail's event history", async () => {
  const fault = { kind: "trail", effect: "lose-event", service: "eks" };
  const faults = `${sandbox.awsUrl}/_sandbox/faults`;
  await fetch(faults, { method: "POST", body: JSON.stringify(fault) });
  const [alice, bob] = [apiPerson(sandbox, "alice"), apiPerson(sandbox, "bob")];
  // In another namespace: what a grant has already would need no call.
  const asked = await alice.ask({ access: editIn("payments-web") });
  await bob.approve(asked);
  await alice.until(asked, ["active"]);
  await fetch(faults, { method: "DELETE" });
  const confirmed = await eventually(
    () => confirmationsOf(asked.id),
    (records) => records.length >= 1,
    90,
  );
  expect(confirmed.map(({ type }) => type.S)).toContain("confirmed");
});

it("The report of the time so far has the grants, the acknowledged finding, and no call that CloudTrail lacks", async () => {
  const today = new Date().toISOString().slice(0, "2026-11-24".length);
  const report = async () => {
    const made = await timelatch(sandbox, "dave", "audit", "report", "--from", today, "--json");
    expect(made).toMatchObject({ code: 0, stderr: "" });
    return JSON.parse(made.stdout) as AuditReport;
  };
  // The API lists what is older than a minute.
  const { summary, completeness, rows } = await eventually(
    report,
    (made) => made.summary.grants >= 2 && made.summary.findings.acknowledged >= 1,
    90,
  );
  expect(summary).toMatchObject({ late: [], selfApproved: [], calls: { missing: 0 } });
  expect(summary.findings).toEqual({ open: 0, acknowledged: 1 });
  expect(completeness).toMatchObject({ findings: 1, unaccounted: [], accountedTwice: [] });
  const [first] = rows;
  expect(first).toMatchObject({ requester: "alice", endedBy: "return", secondsLate: 0 });
  expect(first?.calls.confirmed).toBe(first?.calls.made);
});

it("The use of a grant, and a secret that it left behind, are in its evidence", async () => {
  const [alice, bob] = [apiPerson(sandbox, "alice"), apiPerson(sandbox, "bob")];
  const asked = await alice.ask({ access: editIn("payments-worker"), duration: "5m" });
  await bob.approve(asked);
  await alice.until(asked, ["active"]);
  const use = (namespace: string, ...args: string[]) =>
    kubectl(sandbox, "alice", [...inContext("alice", "prod"), "-n", namespace, ...args]);
  const secret = (name: string) => ["create", "secret", "generic", name, "--from-literal=a=b"];
  expect(await use("payments-worker", ...secret("left-behind"))).toMatchObject({ code: 0 });
  expect(await use("payments-worker", ...secret("tidied-up"))).toMatchObject({ code: 0 });
  expect(await use("payments-worker", "delete", "secret", "tidied-up")).toMatchObject({ code: 0 });
  expect(await use("kube-system", "get", "secrets")).toMatchObject({ code: 1 });
  expect((await alice.post(`/v1/requests/${asked.id}/return`, {})).status).toBe(200);
  await alice.until(asked, ["ended"], 60);
  const summary = await eventually(
    async () => {
      const { body } = await apiPerson(sandbox, "dave").get(`/v1/requests/${asked.id}/evidence`);
      const { records } = body as {
        records: readonly { type: string; details: ActivitySummary }[];
      };
      return records.find(({ type }) => type === "activity")?.details;
    },
    (details) => details !== undefined,
    90,
  );
  const kinds = summary?.counts.map(({ verb, resource, namespace, outcome, count }) =>
    [verb, resource, namespace, outcome, count].join(" "),
  );
  expect(kinds).toEqual(
    expect.arrayContaining([
      "create secrets payments-worker allowed 2",
      "delete secrets payments-worker allowed 1",
      "list secrets kube-system denied 1",
    ]),
  );
  expect(summary).toMatchObject({ state: "read", isCut: false });
  expect(summary?.leftBehind).toMatchObject([
    { resource: "secrets", namespace: "payments-worker", name: "left-behind" },
  ]);
  expect(summary?.scannedBytes).toBeGreaterThan(0);
});

const stateOf = (service: string) =>
  JSON.parse(readFileSync(path.join(dir, "state", `${service}.json`), "utf8"));
/** Beside the buckets that CDK uploads to. */
const archiveBucket = () =>
  Object.keys(stateOf("s3").buckets).find((name) => name.includes("archive")) ?? "";

it("An auditor verifies the archive with AWS's own client and the public key, and nobody deletes from it", async () => {
  const bucket = archiveBucket();
  const [keyId = ""] = Object.keys(stateOf("kms").keys);
  const seal = ["--bucket", bucket, "--key", `seals/${TODAY}.json`];
  const head = () => aws(sandbox, "admin", "s3api", "head-object", ...seal);
  const { stdout } = await eventually(head, ({ code }) => code === 0, 150);
  const { VersionId } = JSON.parse(stdout) as { readonly VersionId: string };

  const archive = path.join(dir, "archive");
  const synced = await aws(sandbox, "admin", "s3", "sync", `s3://${bucket}`, archive);
  expect(synced.stderr).toBe("");
  const { PublicKey } = (await awsJson(
    sandbox,
    ...(["admin", "kms", "get-public-key", "--key-id", keyId] as const),
  )) as { readonly PublicKey: string };
  const der = { key: Buffer.from(PublicKey, "base64"), format: "der", type: "spki" } as const;
  writeFileSync(
    path.join(dir, "seal.pem"),
    createPublicKey(der).export({ format: "pem", type: "spki" }),
  );
  const early = await verifyArchive(sandbox, dir, [], 0);
  expect([early.code, early.stdout + early.stderr]).toEqual([8, expect.stringContaining(TODAY)]);
  const verified = await verifyArchive(sandbox, dir);
  expect([verified.code, verified.stderr]).toEqual([0, ""]);
  expect(verified.stdout).toContain(`The last sealed day is ${TODAY}`);
  expect(readdirSync(path.join(archive, "policies"))).toHaveLength(1);

  const version = [...seal, "--version-id", VersionId];
  const deleted = await aws(sandbox, "admin", "s3api", "delete-object", ...version);
  expect(deleted.stderr).toContain("AccessDenied");
  expect((await head()).code).toBe(0);
}, 240_000);

it("A witness in the auditor's account cosigns the sealed day, and refuses the archive once a day is sealed twice", async () => {
  const bucket = archiveBucket();
  const publicKey = path.join(dir, "seal.pem");
  const { WitnessBucketName: own = "" } = await deployWitness(sandbox, { bucket, publicKey });
  const kept = await checkpointsOf(sandbox, own, path.join(dir, "witness"));
  const [checkpoint = ""] = kept;
  const witness = ["--witness", checkpoint, "--witness-key", path.join(dir, "witness/witness.pem")];
  const verified = await verifyArchive(sandbox, dir, witness);
  expect([verified.code, verified.stderr]).toEqual([0, ""]);
  expect(verified.stdout).toContain(`auditors.example cosigned the 1 seal up to ${TODAY}`);

  await sealTwice(sandbox, stateOf("iam"), bucket, TODAY);
  const refused = `The day ${TODAY} has two seals.`;
  await eventually(
    async () => sandbox.log(),
    (log) => log.includes(refused) && log.includes('"WitnessRefused":1'),
    150,
  );
  expect(await checkpointsOf(sandbox, own, path.join(dir, "witness"))).toEqual(kept);
  expect(await alarmedMetrics(sandbox)).toEqual(["WitnessRefused", "Witnessed"]);
}, 360_000);
