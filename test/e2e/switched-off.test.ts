/**
 * The ways in which access ends while the others are switched off: only the fuse, only the
 * schedule, or only the sweep.
 */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  paginateListSchedules,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyChains } from "../../shared/domain/requests/audit-chain.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { apiPerson } from "./api-person.ts";
import { associatedPolicies, policyArn, scope } from "./associated-policies.ts";
import { eventually } from "./eventually.ts";
import { patchedAssembly } from "./patched-assembly.ts";
import { inContext, kubectl } from "./real-clients.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";
import { administrator, loseSchedules, switchOff, switchOn } from "./switches.ts";
import { watchAccess } from "./watched-access.ts";

const EDIT = policyArn("AmazonEKSEditPolicy");
const LENT = { [EDIT]: scope("payments-api") };

const dir = mkdtempSync(path.join(tmpdir(), "timelatch-"));

let sandbox: SandboxProcess;
beforeAll(async () => {
  const assembly = await patchedAssembly(mkdtempSync(path.join(tmpdir(), "assembly-")), {
    // A grant of ten seconds has its access removed after four, and its fuse after twelve.
    ...{ minimumDurationSeconds: 10, marginSeconds: 6, fuseDelaySeconds: 2, driftCheckSeconds: 2 },
  });
  const args = ["--dir", dir, "--minute-seconds", "2", "--assembly", assembly];
  sandbox = await startSandboxProcess(args);
});
afterAll(async () => {
  await sandbox.stop();
});

const alice = () => apiPerson(sandbox, "alice");
const onEntry = () => associatedPolicies(sandbox, "prod", "alice");

/** Alice's grant, once its access is there. */
async function lent(duration: string): Promise<RequestAnswer> {
  const asked = await alice().ask({ duration });
  await apiPerson(sandbox, "bob").approve(asked);
  const active = await alice().until(asked, ["active"]);
  expect(await onEntry()).toEqual(LENT);
  return active;
}

/** The answer of alice's own kubectl about the cluster. */
async function mayDeploy(): Promise<string> {
  const question = ["auth", "can-i", "create", "deployments", "-n", "payments-api"];
  const { stdout, stderr } = await kubectl(sandbox, "alice", [
    ...inContext("alice", "prod"),
    ...question,
  ]);
  return stdout.trim() || stderr.trim();
}

/** Waits until nothing is lent on alice's entry. Answers when a read saw that, ISO 8601 UTC. */
async function gone(seconds: number): Promise<string> {
  await eventually(onEntry, (scopes) => scopes?.[EDIT] === undefined, seconds);
  return new Date().toISOString();
}

async function expectEnded(grant: RequestAnswer): Promise<void> {
  expect(await alice().until(grant, ["ended"])).toMatchObject({ outcome: { code: "expired" } });
  const { body } = await apiPerson(sandbox, "dave").get(`/v1/requests/${grant.id}/events`);
  expect(verifyChains(body.events)).toEqual([]);
  expect(await onEntry()).toBeUndefined();
}

/** Scheduler's actions since the test began, as the sandbox logged them. */
const scheduled = (since: string) =>
  readFileSync(path.join(dir, "logs/scheduler.log"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Readonly<Record<string, string>>)
    .filter(({ scheduledTime = "" }) => scheduledTime >= since);

async function fuses(): Promise<readonly Pick<GetScheduleCommandOutput, "Name" | "GroupName">[]> {
  const client = new SchedulerClient(administrator(sandbox));
  const found: Pick<GetScheduleCommandOutput, "Name" | "GroupName">[] = [];
  for await (const { Schedules = [] } of paginateListSchedules({ client }, {}))
    for (const { Name, GroupName, Target } of Schedules)
      if (Target?.Arn?.includes("disassociateAccessPolicy")) found.push({ Name, GroupName });
  return found;
}

/** The fuse of the only grant, as Scheduler has it. */
async function armedFuse(): Promise<GetScheduleCommandOutput> {
  const [{ Name, GroupName } = {}] = await fuses();
  if (Name === undefined) throw new Error("There is no fuse.");
  const client = new SchedulerClient(administrator(sandbox));
  return await client.send(new GetScheduleCommand({ Name, GroupName }));
}

/** Ends a grant early. Its fuse goes a moment after its end is reported, and is no later grant's. */
async function givenBack(grant: RequestAnswer): Promise<void> {
  await alice().post(`/v1/requests/${grant.id}/return`, {});
  await alice().until(grant, ["ended"]);
  await eventually(fuses, (left) => left.length === 0);
}

/** Has a fuse fire now. */
async function fire(fuse: GetScheduleCommandOutput): Promise<void> {
  const { Name, GroupName, Target, ActionAfterCompletion, FlexibleTimeWindow } = fuse;
  const early = { Name, GroupName, Target, ActionAfterCompletion, FlexibleTimeWindow };
  const ScheduleExpression = `at(${new Date(Date.now() + 1_000).toISOString().slice(0, 19)})`;
  const client = new SchedulerClient(administrator(sandbox));
  await client.send(new UpdateScheduleCommand({ ...early, ScheduleExpression }));
}

/** The lines that a function logged since then, as far as they are whole. */
const logged = (name: string, since: string) =>
  readdirSync(path.join(dir, "logs"))
    .filter((file) => file.startsWith(`Timelatch-${name}Function`))
    .flatMap((file) =>
      readFileSync(path.join(dir, "logs", file), "utf8")
        .split("\n")
        .slice(0, -1),
    )
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
    .filter(({ timestamp }) => String(timestamp) >= since);

describe("access whose end has one way left", () => {
  it("A drift check that finds nothing logs nothing, and one that repairs logs its run", async () => {
    const grant = await lent("10m");
    const runs = (since: string) =>
      logged("Converge", since).filter(
        ({ message, body }) => message === "converging" && String(body).includes("drift-check"),
      );
    const checks = (since: string) =>
      logged("Sweep", since).filter(({ driftChecks }) => Number(driftChecks) > 0);
    // The first checks may still arm a fuse whose answer was slow.
    const checksSinceARun = async () => {
      const last = runs(grant.createdAt).map(({ timestamp }) => String(timestamp));
      return checks([grant.createdAt, ...last].toSorted().at(-1) ?? "").length;
    };
    await eventually(checksSinceARun, (count) => count >= 3, 60);
    const brokenFrom = new Date().toISOString();
    await fire(await armedFuse());
    await eventually(
      async () => runs(brokenFrom).length,
      (count) => count > 0,
      20,
    );
    await givenBack(grant);
  });

  it("A fuse that fires early takes access away, and converge adds it again with another fuse within a drift check and a sweep", async () => {
    const grant = await lent("60s");
    const fired = await armedFuse();
    await fire(fired);
    // A look at the entry may miss how short the access was away. A run that saw it bare names another fuse.
    const fuse = () =>
      armedFuse().then(
        ({ Name }) => Name,
        () => undefined,
      );
    await eventually(fuse, (name) => name !== undefined && name !== fired.Name, 40);
    await eventually(onEntry, (scopes) => scopes?.[EDIT] !== undefined, 20);
    expect(await onEntry()).toEqual(LENT);
    const { body } = await apiPerson(sandbox, "dave").get(`/v1/requests/${grant.id}/events`);
    expect(JSON.stringify(body.events)).toContain('"code":"entry-edited"');
    expect(await mayDeploy()).toBe("yes");
    const { Name, ScheduleExpression } = await armedFuse();
    expect(ScheduleExpression).toBe(fired.ScheduleExpression);
    expect(Name).not.toBe(fired.Name);
    expect((await alice().get(`/v1/requests/${grant.id}`)).body.state).toBe("active");
    await givenBack(grant);
    expect(await onEntry()).toBeUndefined();
  });

  it("Only the schedule ends access in time while the sweep is switched off", async () => {
    await switchOff(sandbox, "SweepFunction");
    const grant = await lent("10s");
    const at = await gone(15);
    expect(at >= (grant.revokeAt ?? "") && at <= (grant.expiresAt ?? "")).toBe(true);
    expect(await mayDeploy()).toMatch(/Unauthorized/);
    await switchOn(sandbox, "SweepFunction");
    await expectEnded(grant);
  });

  it("Only the fuse ends access while converge and the sweep are switched off, and both take it up later", async () => {
    await switchOff(sandbox, "SweepFunction");
    const grant = await lent("10s");
    await switchOff(sandbox, "ConvergeFunction");
    const stopWatching = watchAccess(sandbox, "alice");
    await eventually(
      async () => new Date().toISOString(),
      (now) => now > (grant.revokeAt ?? ""),
    );
    expect(await mayDeploy()).toBe("yes");
    await gone(20);
    const reads = await stopWatching();
    const late = reads.filter(({ sentAt }) => sentAt > (grant.expiresAt ?? ""));
    // Nobody else removed it before: it was there after its end.
    expect(late[0]?.scopes).toEqual(LENT);
    // The fuse knows of no entry. It is left without a policy.
    expect(await onEntry()).toEqual({});
    expect(await mayDeploy()).toMatch(/^no|Forbidden/);
    await switchOn(sandbox, "ConvergeFunction");
    await switchOn(sandbox, "SweepFunction");
    await expectEnded(grant);
  });

  it("Only the sweep ends access in time while EventBridge Scheduler loses every schedule", async () => {
    await loseSchedules(sandbox, true);
    const since = new Date().toISOString();
    const grant = await lent("10s");
    const at = await gone(15);
    expect(at >= (grant.revokeAt ?? "") && at <= (grant.expiresAt ?? "")).toBe(true);
    // A run so near the end arms a second schedule, for clocks that differ.
    expect(new Set(scheduled(since).map(({ event }) => event))).toEqual(new Set(["lost"]));
    await expectEnded(grant);
    await loseSchedules(sandbox, false);
  });
});
