import { describe, expect, it } from "vitest";
import { ALICE, PROD } from "../../../../lab/fakes/builders.ts";
import { memoryActivityLog } from "../../../../lab/fakes/memory-activity-log.ts";
import type { LogEvent } from "../../../../lab/sandbox/aws/logs/event-fields.ts";
import { resourceText } from "../../../../shared/domain/evidence/activity/activity-summary.ts";
import type { ActivityWindow } from "../../../../shared/domain/evidence/activity/activity-window.ts";
import { MOST_LISTED } from "../../../../shared/domain/evidence/activity/summarize-activity.ts";
import { askActivity } from "../../../../shared/usecases/evidence/ask-activity.ts";
import { atSecond, EDIT, LOG_START, logged } from "../../domain/evidence/audit-log.ts";

const WINDOW: ActivityWindow = {
  requestId: "1",
  clusterArn: PROD.arn,
  principalArn: ALICE,
  access: { policy: EDIT, scope: { type: "cluster" } },
  from: LOG_START,
  until: atSecond(3_600),
};
/** The calls that a cluster's own components make all the time. */
const HEARTBEAT = logged(1, {
  role: "node",
  verb: "update",
  resource: "leases",
  reason: "RBAC: x",
});

const logWith = (...events: readonly LogEvent[]) => {
  const log = memoryActivityLog();
  log.events.set(PROD.arn, [HEARTBEAT, ...events]);
  return log;
};
const summaryOf = (...events: readonly LogEvent[]) => askActivity(logWith(...events), WINDOW, 1);

const secret = (second: number, more: object) =>
  logged(second, { verb: "create", resource: "secrets", name: "s", code: 201, ...more });
const exec = (second: number, more: object) =>
  logged(second, {
    verb: "create",
    resource: "pods/exec",
    name: "api-1",
    code: 101,
    auditID: "exec-1",
    ...more,
  });

describe("The summary of a grant's use", () => {
  it("Counts what was done as somebody else by itself, and says as whom", async () => {
    const deployer = "system:serviceaccount:ops:deployer";
    const { counts } = await summaryOf(
      logged(10),
      logged(20, { reason: "RBAC: x", impersonated: deployer }),
      logged(30, { reason: "RBAC: x", impersonated: deployer }),
    );
    const listed = {
      verb: "list",
      resource: "pods",
      namespace: "payments-api",
      outcome: "allowed",
    };
    expect(counts).toHaveLength(2);
    expect(counts).toContainEqual({ ...listed, count: 1 });
    expect(counts).toContainEqual({ ...listed, count: 2, as: deployer });
    expect(counts.map(resourceText).toSorted()).toEqual(["pods", `pods as ${deployer}`]);
  });

  it("Counts requests by verb, resource, namespace and outcome, with the first and the last", async () => {
    const summary = await summaryOf(
      logged(10),
      logged(20),
      logged(30, { namespace: "payments-web" }),
      logged(40, { verb: "get", resource: "nodes", namespace: "", code: 403, reason: null }),
      logged(50, { verb: "patch", resource: "deployments.apps/scale", code: 409 }),
      logged(60, { verb: "patch", resource: "deployments.apps/scale", code: 500 }),
    );
    expect(summary).toMatchObject({
      state: "read",
      from: WINDOW.from,
      until: WINDOW.until,
      firstAt: atSecond(10),
      lastAt: atSecond(60),
      streams: [],
      leftBehind: [],
      isCut: false,
    });
    const kinds = summary.counts.map(({ verb, resource, namespace, outcome, count }) =>
      [verb, resource, namespace, outcome, count].join(" "),
    );
    expect(kinds).toEqual([
      "get nodes  denied 1",
      "list pods payments-api allowed 2",
      "list pods payments-web allowed 1",
      "patch deployments.apps/scale payments-api failed 2",
    ]);
  });

  it("A watch is one request, whether or not it has ended", async () => {
    const watch = (stage: string, auditID: string, second: number) =>
      logged(second, { verb: "watch", stage, auditID });
    const { counts } = await summaryOf(
      watch("ResponseStarted", "w-1", 10),
      watch("ResponseComplete", "w-1", 90),
      watch("ResponseStarted", "w-2", 20),
    );
    expect(counts).toMatchObject([{ verb: "watch", count: 2 }]);
  });

  it.each([
    ["closed before the end", 3_500, atSecond(3_500)],
    ["open at the end", 3_600.5, null],
    ["never closed", undefined, null],
  ])("A shell that was %s is a stream", async (_how, closed, endedAt) => {
    const { streams } = await summaryOf(
      exec(100, { stage: "ResponseStarted" }),
      ...(closed === undefined ? [] : [exec(closed, {})]),
    );
    expect(streams).toEqual([
      {
        kind: "exec",
        namespace: "payments-api",
        pod: "api-1",
        startedAt: atSecond(100),
        endedAt,
      },
    ]);
  });

  it("Every kind of connection is a stream, unless it was refused", async () => {
    const { streams } = await summaryOf(
      exec(1, { auditID: "a", verb: "get" }),
      exec(2, { auditID: "b", resource: "pods/attach" }),
      exec(3, { auditID: "c", resource: "pods/portforward" }),
      exec(4, { auditID: "d", code: 403, reason: null }),
    );
    expect(streams.map(({ kind }) => kind)).toEqual(["exec", "attach", "port-forward"]);
  });

  it("Names what was made and may give access after the grant", async () => {
    const { leftBehind } = await summaryOf(
      secret(10, {}),
      secret(11, { resource: "rolebindings.rbac.authorization.k8s.io", name: "rb" }),
      secret(12, { resource: "cronjobs.batch", name: "later" }),
      secret(13, { resource: "serviceaccounts/token", name: "default" }),
      secret(14, { resource: "serviceaccounts/token", name: "default" }),
      secret(15, { verb: "patch", name: "applied" }),
      secret(16, { resource: "configmaps", name: "harmless" }),
      secret(17, { name: "refused", code: 403, reason: null }),
      secret(18, { verb: "patch", name: "changed", code: 200 }),
    );
    expect(leftBehind.map(({ resource, name }) => `${resource} ${name}`)).toEqual([
      "secrets s",
      "rolebindings.rbac.authorization.k8s.io rb",
      "cronjobs.batch later",
      "serviceaccounts/token default",
      "serviceaccounts/token default",
      "secrets applied",
    ]);
    expect(leftBehind[0]).toEqual({
      resource: "secrets",
      namespace: "payments-api",
      name: "s",
      createdAt: atSecond(10),
    });
  });

  it("A thing that was deleted by name is not left behind, unless it was made again", async () => {
    const deleted = { verb: "delete", code: 200 };
    const { leftBehind } = await summaryOf(
      secret(30, { ...deleted, name: "a" }),
      secret(10, { name: "a" }),
      secret(10, { name: "b" }),
      secret(20, { ...deleted, name: "b" }),
      secret(30, { name: "b" }),
      secret(10, { name: "c" }),
      secret(20, { ...deleted, name: "c", namespace: "elsewhere" }),
      secret(10, { name: "d" }),
      secret(20, { ...deleted, name: "d", code: 403, reason: null }),
    );
    expect(leftBehind.map(({ name, createdAt }) => [name, createdAt])).toEqual([
      ["c", atSecond(10)],
      ["d", atSecond(10)],
      ["b", atSecond(30)],
    ]);
  });

  it("A dry run leaves nothing, and objects that the API server named are each left", async () => {
    const { leftBehind } = await summaryOf(
      secret(1, { requestURI: "/api/v1/namespaces/x/secrets?dryRun=All" }),
      secret(2, { name: undefined }),
      secret(3, { name: undefined }),
    );
    expect(leftBehind.map(({ name }) => name)).toEqual([null, null]);
  });

  it("Lists have an end, and the summary says that there was more", async () => {
    const most = MOST_LISTED.leftBehind;
    const flood = Array.from({ length: most + 1 }, (_, at) => secret(at + 10, { name: `s-${at}` }));
    const { leftBehind, isCut } = await summaryOf(...flood);
    expect([leftBehind.length, leftBehind[0]?.name, isCut]).toEqual([most, "s-0", true]);
    expect((await summaryOf(...flood.slice(1))).isCut).toBe(false);
  });

  it("A grant that was not used has an empty summary, and its query", async () => {
    const summary = await summaryOf();
    expect(summary).toMatchObject({ state: "read", counts: [], firstAt: null, lastAt: null });
    expect(summary.query).toContain("stats count(*)");
  });

  it("A reader who runs the stored queries finds the same as the summary counts", async () => {
    const log = logWith(logged(10), exec(20, {}));
    const { query } = await askActivity(log, WINDOW, 1);
    const found = (query ?? "").split("\n\n").map((each) => log.ask({ ...WINDOW, query: each }));
    const [counts, marks] = await Promise.all(found);
    expect([counts?.rows.length, marks?.rows.length]).toEqual([2, 1]);
  });

  it.each([
    ["no log group", undefined, null],
    ["no event in the window", [logged(-100), logged(4_000)], "count(*) as events"],
    ["other logs alone", [logged(10, { logStream: "kube-scheduler-1" })], "count(*) as events"],
  ])("A cluster with %s has its audit log switched off", async (_what, events, query) => {
    const log = memoryActivityLog();
    if (events) log.events.set(PROD.arn, events);
    const summary = await askActivity(log, WINDOW, 1);
    expect(summary).toMatchObject({ state: "logging-off", counts: [] });
    if (query === null) expect(summary.query).toBeNull();
    else expect(summary.query).toContain(query);
  });

  it("A log whose first minute was silent, and that others used later, is not switched off", async () => {
    const log = memoryActivityLog();
    log.events.set(PROD.arn, [logged(3_000, { role: "bob" })]);
    expect((await askActivity(log, WINDOW, 1)).state).toBe("read");
  });
});

describe("The limit of a scan", () => {
  const bytesOf = (events: readonly LogEvent[]) =>
    events.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0);
  const even = Array.from({ length: 360 }, (_, at) => logged(at * 10));
  const gb = (bytes: number) => bytes / 1e9;

  it("A window of which the first minute promises too much is not read", async () => {
    const log = logWith(...even);
    const summary = await askActivity(log, WINDOW, gb(bytesOf(even) * 1.5));
    expect(summary).toMatchObject({ state: "too-large", counts: [], query: null });
    expect(log.asked.map(({ until }) => until)).toEqual([atSecond(60)]);
    expect(summary.scannedBytes).toBeGreaterThan(0);
    expect(summary.scannedBytes).toBeLessThan(gb(bytesOf(even)) * 1e9);
  });

  it("A window that turns out to be denser is not read a second time", async () => {
    const dense = Array.from({ length: 360 }, (_, at) => logged(at * 5 + 1_000));
    const log = logWith(...dense);
    const summary = await askActivity(log, WINDOW, gb(bytesOf(dense) * 1.5));
    expect(summary).toMatchObject({ state: "too-large", counts: [] });
    expect(log.asked.length).toBe(2);
    expect(summary.scannedBytes).toBeLessThanOrEqual(bytesOf(dense) * 1.5);
  });

  it("Within the limit, the summary says what all its queries scanned", async () => {
    const log = logWith(...even);
    const { state, scannedBytes } = await askActivity(log, WINDOW, gb(bytesOf(even) * 3));
    const probe = bytesOf([HEARTBEAT, ...even.slice(0, 7)]);
    expect({ state, scannedBytes }).toEqual({
      state: "read",
      scannedBytes: probe + 2 * bytesOf([HEARTBEAT, ...even]),
    });
  });

  it("A log that cannot be read has no summary", async () => {
    const log = logWith();
    const failing = { ask: async () => Promise.reject(new Error("LimitExceededException")) };
    await expect(askActivity(failing, WINDOW, 1)).rejects.toThrow("LimitExceededException");
    const leaving = {
      ask: async (asked: Parameters<typeof log.ask>[0]) =>
        log.asked.length === 0 ? await log.ask(asked) : undefined,
    };
    await expect(askActivity(leaving, WINDOW, 1)).rejects.toThrow("went away");
  });
});
