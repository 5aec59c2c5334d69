/** The whole life of grants through the bundles, seen from outside with real clients. */
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DynamoDBClient, ListTablesCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyChains } from "../../shared/domain/requests/audit-chain.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { principalArnOf } from "../sample-principals.ts";
import { apiPerson, editIn } from "./api-person.ts";
import { laterRelease } from "./later-release.ts";
import { installPackedCommand } from "./packed-command.ts";
import { aws, awsJson, inContext, kubectl } from "./real-clients.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";
import { administrator } from "./switches.ts";
import { watchAccess } from "./watched-access.ts";

const ALICE = principalArnOf("alice");
const CAROL = principalArnOf("carol");
const VIEW = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } };
const EDIT = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy";

const dir = mkdtempSync(path.join(tmpdir(), "timelatch-"));
// A minute of the sweep's rule lasts two seconds, so that second chances come in a test's time.
const args = ["--dir", dir, "--minute-seconds", "2"];

let sandbox: SandboxProcess;
beforeAll(async () => {
  sandbox = await startSandboxProcess(args);
});
afterAll(async () => {
  await sandbox.stop();
});

const person = (name: string) => apiPerson(sandbox, name);
const alice = () => person("alice");
const bob = () => person("bob");

/** The policies that are associated on a principal's entry; undefined without an entry. */
async function associated(principalArn: string) {
  const entry = ["--cluster-name", "prod", "--principal-arn", principalArn];
  const answer = await aws(sandbox, "admin", "eks", "list-associated-access-policies", ...entry);
  if (/ResourceNotFoundException/.test(answer.stderr)) return undefined;
  const { associatedAccessPolicies } = JSON.parse(answer.stdout) as {
    readonly associatedAccessPolicies: readonly {
      readonly policyArn: string;
      readonly accessScope: unknown;
    }[];
  };
  return Object.fromEntries(
    associatedAccessPolicies.map(({ policyArn, accessScope }) => [policyArn, accessScope]),
  );
}
const scope = (...namespaces: string[]) => ({ type: "namespace", namespaces });

async function canI(name: string, namespace: string): Promise<string> {
  const question = [
    ...inContext(name, "prod"),
    "auth",
    "can-i",
    "create",
    "deployments",
    "-n",
    namespace,
  ];
  const { stdout, stderr } = await kubectl(sandbox, name, question);
  return stdout.trim() || stderr.trim();
}

/** Alice's grant, extended and approved; answers the extension once it is active. */
async function extended({ id }: RequestAnswer, duration: string): Promise<RequestAnswer> {
  const { status, body } = await alice().post(`/v1/requests/${id}/extend`, { duration });
  expect(status).toBe(201);
  await bob().approve(body);
  return alice().until(body, ["active"]);
}

/** Waits for the instant by which access has to be gone. */
const past = ({ expiresAt }: RequestAnswer) =>
  pause(Math.max(0, Date.parse(expiresAt ?? "") - Date.now()));

describe("a grant", () => {
  it("A grant is requested, approved, used and removed in time, with every step in the audit trail", async () => {
    expect(await associated(ALICE)).toBeUndefined();
    expect(await canI("alice", "payments-api")).toMatch(/Unauthorized/);
    const asked = await alice().ask();
    expect(asked).toMatchObject({ state: "pending", rule: "payments-edit", requester: "alice" });
    await bob().approve(asked);
    const active = await alice().until(asked, ["active"]);
    expect(await associated(ALICE)).toEqual({ [EDIT]: scope("payments-api") });
    expect(
      await Promise.all([canI("alice", "payments-api"), canI("alice", "kube-system")]),
    ).toEqual(["yes", expect.stringMatching(/^no/)]);
    const ended = await alice().until(asked, ["ended"]);
    expect(ended.outcome).toMatchObject({ code: "expired" });
    expect(ended.endedAt && ended.endedAt >= (active.revokeAt ?? "")).toBe(true);
    expect(ended.endedAt && ended.endedAt <= (active.expiresAt ?? "")).toBe(true);
    expect(await associated(ALICE)).toBeUndefined();
    expect(await canI("alice", "payments-api")).toMatch(/Unauthorized/);
    const { events } = (await person("dave").get(`/v1/requests/${asked.id}/events`)).body;
    expect(events.map(({ type }: { type: string }) => type)).toEqual([
      "request",
      "approve",
      "activate",
      "expire",
      "settle",
    ]);
    expect(verifyChains(events)).toEqual([]);
  });

  it("A grant overlaps another and is extended beyond it without a gap, while a standing entry stays unchanged", async () => {
    const standing = await awsJson(
      sandbox,
      "admin",
      "eks",
      "describe-access-entry",
      "--cluster-name",
      "prod",
      "--principal-arn",
      CAROL,
    );
    const before = await associated(CAROL);
    const short = await bob().approve(await alice().ask({ duration: "25s" }));
    const long = await bob().approve(
      await alice().ask({ access: editIn("payments-worker"), duration: "30s" }),
    );
    const glass = await person("carol").ask({
      access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } },
      duration: "25s",
      reason: "production is down",
      rule: "break-glass",
    });
    await Promise.all([
      alice().until(short, ["active"]),
      alice().until(long, ["active"]),
      person("carol").until(glass, ["active"]),
    ]);
    expect(await associated(ALICE)).toEqual({ [EDIT]: scope("payments-api", "payments-worker") });
    const stopWatching = watchAccess(sandbox, "alice");
    expect(Object.keys((await associated(CAROL)) ?? {})).toHaveLength(2);
    const extension = await extended(long, "15s");
    await Promise.all([
      alice().until(short, ["ended"]),
      alice().until(long, ["ended"]),
      person("carol").until(glass, ["ended"]),
    ]);
    expect(await associated(ALICE)).toEqual({ [EDIT]: scope("payments-worker") });
    expect(await canI("alice", "payments-worker")).toBe("yes");
    expect(await associated(CAROL)).toEqual(before);
    expect(
      await awsJson(
        sandbox,
        "admin",
        "eks",
        "describe-access-entry",
        "--cluster-name",
        "prod",
        "--principal-arn",
        CAROL,
      ),
    ).toEqual(standing);
    await alice().until(extension, ["ended"], 60);
    expect(await associated(ALICE)).toBeUndefined();
    const reads = await stopWatching();
    const lasting = reads.filter(({ answeredAt }) => answeredAt < (extension.revokeAt ?? ""));
    expect(lasting.length).toBeGreaterThan(40);
    for (const { scopes } of lasting)
      expect(scopes?.[EDIT]?.namespaces).toContain("payments-worker");
    for (const { sentAt, scopes } of reads)
      if (sentAt > (extension.expiresAt ?? "")) expect(scopes).toBeUndefined();
  });

  it("A grant can be returned and revoked before its end", async () => {
    const grants = await Promise.all([
      alice().ask({ duration: "2m" }),
      alice().ask({ duration: "2m", access: editIn("payments-worker") }),
    ]);
    for (const grant of grants) await bob().approve(grant);
    const [first, second] = grants;
    for (const grant of grants) await alice().until(grant, ["active"]);
    const { body } = await alice().post(`/v1/requests/${first.id}/return`, {});
    expect(body.state).toBe("ending");
    expect(body.remaining.access).toContainEqual(
      expect.objectContaining({ by: second.id, state: "there", elements: ["ns/payments-worker"] }),
    );
    expect(await alice().until(first, ["ended"])).toMatchObject({
      outcome: { code: "returned" },
      endProof: { hadBegun: true, readAt: expect.any(String), stayed: [], stayedBy: [] },
    });
    expect(await associated(ALICE)).toEqual({ [EDIT]: scope("payments-worker") });
    expect((await bob().post(`/v1/requests/${second.id}/revoke`, {})).status).toBe(200);
    expect(await alice().until(second, ["ended"])).toMatchObject({ outcome: { code: "revoked" } });
    expect(await associated(ALICE)).toBeUndefined();
  });

  it("A grant is refused on a cluster without access entries, with the command that enables them", async () => {
    const body = {
      cluster: "legacy",
      access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
      reason: "looking around",
    };
    // Converge looks at clusters from time to time; the first look may still be under way.
    await expect
      .poll(() => alice().post("/v1/requests", body))
      .toMatchObject({
        status: 409,
        body: {
          type: expect.stringMatching(/cluster-not-ready$/),
          detail: expect.stringContaining(
            "aws eks update-cluster-config --name legacy --access-config authenticationMode=API_AND_CONFIG_MAP",
          ),
        },
      });
  });
});

describe("the packed command", () => {
  it("The packed command, installed outside the checkout, asks, approves, uses, returns and verifies", async () => {
    const { timelatch, kubectl: kube } = installPackedCommand(sandbox);
    const terms = [
      "-c",
      "prod",
      "-p",
      "edit",
      "-n",
      "payments-api",
      "-d",
      "2m",
      "-r",
      "INC-4711 stuck",
    ];
    const { id } = JSON.parse(await timelatch("alice", "request", ...terms, "--yes", "--json"));
    await timelatch("bob", "approve", id, "--yes", "--wait");
    await timelatch("alice", "kubeconfig", "prod");
    const question = ["auth", "can-i", "create", "deployments", "-n", "payments-api"];
    expect(await kube("alice", "--context", "timelatch-prod", ...question)).toMatchObject({
      code: 0,
      stdout: "yes\n",
    });
    await timelatch("alice", "return", id, "--yes", "--wait");
    const record = path.join(
      mkdtempSync(path.join(tmpdir(), "timelatch-record-")),
      "record.ndjson",
    );
    const today = new Date().toISOString().slice(0, 10);
    await timelatch("dave", "audit", "export", "--from", today, "--out", record);
    expect(await timelatch("dave", "audit", "verify", record)).toContain("and every hash fits");
  });
});

describe("a grant during an accident", () => {
  it("Grants end in time while a later release, with newer schemas, takes the place of this one, and goes again", async () => {
    const later = await laterRelease(mkdtempSync(path.join(tmpdir(), "later-")));
    const before = await bob().approve(await alice().ask({ duration: "28s" }));
    const waiting = await alice().ask({ access: editIn("payments-worker"), duration: "45s" });
    await alice().until(before, ["active"]);
    await restart("--assembly", later);
    expect(await associated(ALICE)).toEqual({ [EDIT]: scope("payments-api") });
    await bob().approve(waiting);
    const viewing = await bob().ask({
      ...{ cluster: "staging", access: VIEW, duration: "45s", reason: "looking at staging" },
    });
    const [first] = await Promise.all([
      alice().until(before, ["ended"]),
      alice().until(waiting, ["active"]),
      bob().until(viewing, ["active"]),
    ]);
    expect(await associated(ALICE)).toEqual({ [EDIT]: scope("payments-worker") });
    await restart();
    const [lent, viewed] = await Promise.all([
      alice().until(waiting, ["active"]),
      bob().until(viewing, ["active"]),
    ]);
    expect(await laterItems()).toEqual(["event", "ledger", "request"]);
    const { body: mine } = await alice().get("/v1/requests?view=mine");
    expect(mine.requests.map(({ id }: RequestAnswer) => id)).toEqual(
      expect.arrayContaining([before.id, waiting.id]),
    );
    for (const grant of [first, lent, viewed]) {
      const ended = await person(grant.requester).until(grant, ["ended"], 60);
      expect(ended.outcome?.code).toBe("expired");
      expect(ended.endedAt && ended.endedAt <= (grant.expiresAt ?? "")).toBe(true);
      const { body } = await person("dave").get(`/v1/requests/${grant.id}/events`);
      expect(verifyChains(body.events)).toEqual([]);
    }
    expect(await associated(ALICE)).toBeUndefined();
  });

  it("A grant starts and ends in time when converge is killed between two calls of each", async () => {
    const asked = await alice().ask({ duration: "60s" });
    await delay("AssociateAccessPolicy", 3_000);
    const grant = await bob().approve(asked);
    await expect.poll(() => associated(ALICE)).toEqual({});
    killConverge();
    const active = await alice().until(grant, ["active"], 40);
    expect(await associated(ALICE)).toEqual({ [EDIT]: scope("payments-api") });
    await delay("DeleteAccessEntry", 3_000);
    await pause(Math.max(0, Date.parse(active.revokeAt ?? "") - Date.now() + 1_500));
    killConverge();
    await past(grant);
    expect(await associated(ALICE)).toBeUndefined();
    const ended = await alice().until(grant, ["ended"]);
    const { events } = (await person("dave").get(`/v1/requests/${grant.id}/events`)).body;
    expect(verifyChains(events)).toEqual([]);
    expect(ended.outcome?.code).toBe("expired");
  });
});

/** Stops the sandbox and starts it again, with more arguments. */
async function restart(...more: readonly string[]): Promise<void> {
  await sandbox.stop();
  sandbox = await startSandboxProcess([...args, ...more]);
}

/** The traces of a later release in the tables: the values of its member in stored items. */
async function laterItems(): Promise<readonly string[]> {
  const client = new DynamoDBClient(administrator(sandbox));
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const pages = await Promise.all(
    TableNames.map((TableName) => client.send(new ScanCommand({ TableName }))),
  );
  const found = JSON.stringify(pages.flatMap(({ Items = [] }) => Items));
  return [
    ...new Set([...found.matchAll(/"later":\{"S":"(\w+)"\}/g)].map(([, by = ""]) => by)),
  ].sort();
}

/** Has the next call of an EKS operation wait before it is done. */
async function delay(operation: string, milliseconds: number) {
  const rule = { kind: "delay", service: "eks", operation, milliseconds, count: 1 };
  const response = await fetch(`${sandbox.awsUrl}/_sandbox/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(rule),
  });
  expect(response.ok).toBe(true);
}

/** Kills every running environment of converge in this sandbox, as a machine under it would. */
function killConverge() {
  const pids = execFileSync("ps", ["-Ao", "pid=,ppid=,command="], { encoding: "utf8" })
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+timelatch:\S*Converge/.exec(line))
    .filter((found) => Number(found?.[2]) === sandbox.pid)
    .map((found) => Number(found?.[1]));
  expect(pids.length).toBeGreaterThan(0);
  for (const pid of pids) process.kill(pid, "SIGKILL");
}
