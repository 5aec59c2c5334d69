/** What CloudTrail says of the broker's calls, and of changes around it, from outside. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { apiPerson } from "./api-person.ts";
import { eventually } from "./eventually.ts";
import { aws, awsJson } from "./real-clients.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";

const CLUSTER = "arn:aws:eks:us-west-2:111122223333:cluster/prod";
const ALICE = "arn:aws:iam::111122223333:role/people/alice";
const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";

const dir = mkdtempSync(path.join(tmpdir(), "timelatch-"));
let sandbox: SandboxProcess;
beforeAll(async () => {
  sandbox = await startSandboxProcess(["--dir", dir, "--minute-seconds", "3"]);
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

it("CloudTrail confirms every call of a grant, and a change around the broker is a finding", async () => {
  const [alice, bob] = [apiPerson(sandbox, "alice"), apiPerson(sandbox, "bob")];
  const asked = await alice.ask();
  await bob.approve(asked);
  await alice.until(asked, ["active"]);
  const confirmed = await eventually(
    () => recordsOf(`EVID#${asked.id}`),
    (records) => records.length >= 2,
    60,
  );
  expect(confirmed.map(({ type }) => type.S)).toEqual(["confirmed", "confirmed"]);
  const shown = await apiPerson(sandbox, "dave").get(`/v1/requests/${asked.id}/evidence`);
  expect(shown.body.calls.map(({ state }: { state: string }) => state)).toEqual([
    "confirmed",
    "confirmed",
  ]);
  const entry = ["--cluster-name", "prod", "--principal-arn", ALICE];
  const scope = ["--access-scope", "type=namespace,namespaces=kube-system"];
  const change = ["eks", "associate-access-policy", ...entry, "--policy-arn", VIEW, ...scope];
  expect((await aws(sandbox, "admin", ...change)).stderr).toBe("");
  const chain = `FIND#${CLUSTER}#${new Date().toISOString().slice(0, 7)}`;
  const found = await eventually(
    () => recordsOf(chain),
    (records) => records.length >= 1,
    60,
  );
  expect(found.map(({ details }) => details.M["code"]?.S)).toEqual(["outside-change"]);
  expect(JSON.stringify(found)).toContain(asked.id);
});

it("Calls whose events EventBridge lost are confirmed from CloudTrail's event history", async () => {
  const fault = { kind: "trail", effect: "lose-event", service: "eks" };
  const faults = `${sandbox.awsUrl}/_sandbox/faults`;
  await fetch(faults, { method: "POST", body: JSON.stringify(fault) });
  const [alice, bob] = [apiPerson(sandbox, "alice"), apiPerson(sandbox, "bob")];
  const asked = await alice.ask();
  await bob.approve(asked);
  await alice.until(asked, ["active"]);
  await fetch(faults, { method: "DELETE" });
  const confirmed = await eventually(
    () => recordsOf(`EVID#${asked.id}`),
    (records) => records.length >= 1,
    90,
  );
  expect(confirmed.map(({ type }) => type.S)).toContain("confirmed");
});
