/**
 * Lives of grants under an unkind AWS, through the real bundles: reads that lag, runs of one binding
 * that overlap, slow and refused calls, and transactions in the way. Access is gone in time all the same.
 */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { verifyChains } from "../../shared/domain/requests/audit-chain.ts";
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { principalArnOf } from "../sample-principals.ts";
import { type AbuseSandbox, newFolder, startAbuseSandbox } from "./abuse-sandbox.ts";
import { eventually } from "./eventually.ts";
import { aws, awsJson, inContext, kubectl } from "./real-clients.ts";

const ALICE = principalArnOf("alice");
const READ_LAG_SECONDS = 2;
/** The sandbox's own `landsWithinSeconds` and `clockDifferenceSeconds`: no call lands later. */
const LANDED_SECONDS = 6;

let sandbox: AbuseSandbox;
beforeAll(async () => {
  const lag = ["--eks-read-lag-seconds", String(READ_LAG_SECONDS)];
  sandbox = await startAbuseSandbox(newFolder(), undefined, lag);
});
afterEach(() => sandbox.clearFaults());
afterAll(async () => {
  await sandbox.stop();
});

const alice = () => sandbox.person("alice");
const bob = () => sandbox.person("bob");

/** The entries that EKS lists for the cluster, once a read shows the present state. */
async function entriesNow(): Promise<readonly string[]> {
  await pause(READ_LAG_SECONDS * 1_000);
  const list = ["eks", "list-access-entries", "--cluster-name", "prod"];
  return (await awsJson(sandbox, "admin", ...list)).accessEntries;
}

/** The answer of the cluster itself, which never lags here. */
async function canEdit(): Promise<string> {
  const question = ["auth", "can-i", "create", "deployments", "-n", "payments-api"];
  const { stdout, stderr } = await kubectl(sandbox, "alice", [
    ...inContext("alice", "prod"),
    ...question,
  ]);
  return stdout.trim() || stderr.trim();
}

async function historyOf({ id }: RequestAnswer): Promise<readonly AuditEvent[]> {
  const { events } = (await sandbox.person("dave").get(`/v1/requests/${id}/events`)).body;
  expect(verifyChains(events)).toEqual([]);
  return events;
}

/** Waits until this number of seconds before the grant's end. */
const until = ({ revokeAt }: RequestAnswer, secondsBefore: number) =>
  pause(Math.max(0, Date.parse(revokeAt ?? "") - Date.now() - secondsBefore * 1_000));

/** That the grant's access is gone for good: no call is left that could bring it back. */
async function expectNothingLeft(grant: RequestAnswer) {
  expect(await canEdit()).toMatch(/Unauthorized/);
  await pause(LANDED_SECONDS * 1_000);
  expect(await entriesNow()).not.toContain(ALICE);
  expect(await canEdit()).toMatch(/Unauthorized/);
  expect(await alice().until(grant, ["ended"])).toMatchObject({ state: "ended" });
}

describe("Stale reads, slow calls and overlapping runs of one binding", () => {
  it("A grant becomes active and ends in time despite stale reads, slow calls and overlapping runs", async () => {
    const asked = await alice().ask({ duration: "20s" });
    await sandbox.spoil({ kind: "delay", service: "eks", milliseconds: 250 });
    await sandbox.spoil({ kind: "overlap", milliseconds: 400, count: 2 });
    const grant = await bob().approve(asked);
    // By the sandbox's own record: the grant may be shorter than a question of kubectl's takes.
    const isLent = (changes: readonly string[]) => changes.includes("AssociateAccessPolicy");
    await eventually(async () => sandbox.eksChanges(), isLent);
    await until(grant, 1);
    await sandbox.spoil({ kind: "overlap", milliseconds: 400, count: 2 });
    const ended = await alice().until(grant, ["ended"], 60);
    expect(ended.outcome?.code).toBe("expired");
    await expectNothingLeft(grant);
    expect((await historyOf(grant)).at(-1)).toMatchObject({ type: "settle", to: "ended" });
    expect(sandbox.functionLogs().join("\n")).toContain("another run saved first");
  });
});

/** Puts transactions in the way of some writes of each kind: fewer than any caller retries. */
async function spoilWrites() {
  for (const [operation, count] of [
    ["TransactWriteItems", 3],
    ["UpdateItem", 2],
    ["PutItem", 2],
  ] as const)
    await sandbox.spoil({ kind: "conflict", service: "dynamodb", operation, count });
}

/** The faults that have calls left to strike. */
async function faultsLeft(): Promise<readonly unknown[]> {
  const answer = (await (await fetch(`${sandbox.awsUrl}/_sandbox/faults`)).json()) as {
    readonly faults: readonly unknown[];
  };
  return answer.faults;
}

describe("Transaction conflicts on writes", () => {
  it("An approval and a return take effect despite transaction conflicts on writes", async () => {
    const asked = await alice().ask({ duration: "5m" });
    await spoilWrites();
    const grant = await bob().approve(asked);
    await alice().until(grant, ["active"], 60);
    expect(await canEdit()).toBe("yes");
    await eventually(faultsLeft, (faults) => faults.length === 0);
    await spoilWrites();
    expect(await alice().post(`/v1/requests/${grant.id}/return`, {})).toMatchObject({
      status: 200,
      body: { state: "ending" },
    });
    const ended = await alice().until(grant, ["ended"], 60);
    expect(ended.outcome?.code).toBe("returned");
    await eventually(faultsLeft, (faults) => faults.length === 0);
    await expectNothingLeft(grant);
    expect((await historyOf(grant)).map(({ type }) => type)).toEqual(
      expect.arrayContaining(["request", "approve", "activate", "return", "settle"]),
    );
  });
});

describe("Refusals by EKS to delete the entry", () => {
  it("While EKS refuses to delete the entry, policies are removed in time, and the entry afterwards", async () => {
    const grant = await bob().approve(await alice().ask({ duration: "30s" }));
    await eventually(canEdit, (answer) => answer === "yes");
    await sandbox.spoil({ kind: "refuse", service: "eks", operation: "DeleteAccessEntry" });
    const gone = await eventually(canEdit, (answer) => answer !== "yes", 60);
    // A bare entry lets its principal in, to nothing.
    expect(gone).toBe("no");
    const calls = sandbox.eksChangeCalls().filter(({ at }) => at >= (grant.revokeAt ?? ""));
    const removal = calls.find(({ operation }) => operation === "DisassociateAccessPolicy");
    expect(removal).toMatchObject({ status: 200 });
    expect(Date.parse(removal?.at ?? "")).toBeLessThan(Date.parse(grant.expiresAt ?? ""));
    expect((await alice().until(grant, ["ended"], 60)).outcome?.code).toBe("expired");
    expect(await entriesNow()).toContain(ALICE);
    const policies = ["eks", "list-associated-access-policies", "--cluster-name", "prod"];
    const left = await aws(sandbox, "admin", ...policies, "--principal-arn", ALICE);
    expect(JSON.parse(left.stdout).associatedAccessPolicies).toEqual([]);
    await sandbox.clearFaults();
    await eventually(entriesNow, (entries) => !entries.includes(ALICE), 60);
    await expectNothingLeft(grant);
    await historyOf(grant);
  });
});
