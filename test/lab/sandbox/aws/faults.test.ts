import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { DescribeClusterCommand, EKSClient, ListClustersCommand } from "@aws-sdk/client-eks";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { CallRecord } from "../../../../lab/sandbox/aws/dispatch.ts";
import { resourceOf } from "../../../../lab/sandbox/aws/fault-resource.ts";
import { faultTable } from "../../../../lab/sandbox/aws/faults.ts";
import type { Call, Service } from "../../../../lab/sandbox/aws/service.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  type RunningPort,
  role,
  statement,
} from "./iam-world.ts";

const broker = role("broker", { policy: document(statement("*")) });
const other = role("other", { policy: document(statement("*")) });

const runs: Call[] = [];
const run = (call: Call) => {
  runs.push(call);
  return {};
};
const eks: Service = {
  name: "eks",
  protocol: {
    kind: "rest-json",
    errorMember: "message",
    routes: [
      { method: "GET", path: "/clusters/{name}", operation: "DescribeCluster" },
      { method: "GET", path: "/clusters", operation: "ListClusters" },
    ],
  },
  operations: {
    DescribeCluster: { permissions: () => [], run },
    ListClusters: { permissions: () => [], run },
  },
};

let port: RunningPort;
/** The waits of `delay` and `late`; each is let go by its own call. */
const waits: { readonly milliseconds: number; readonly end: () => void }[] = [];
const calls: CallRecord[] = [];
const faults = faultTable();
beforeAll(async () => {
  port = await listen({
    services: [eks],
    iam: iamStore(broker, other),
    onCall: (call) => calls.push(call),
    faults: faults.take,
    pause: (milliseconds) =>
      new Promise((end) => {
        waits.push({ milliseconds, end });
      }),
    unsigned: { "/_sandbox/faults": faults.serve },
  });
});
afterEach(() => {
  faults.serve("DELETE", Buffer.alloc(0));
  for (const list of [runs, calls, waits]) list.length = 0;
});
afterAll(() => port.close());

const client = (of = broker) => new EKSClient(clientConfig(port.url, of));
const describeCluster = (name: string, of = broker) =>
  client(of).send(new DescribeClusterCommand({ name }));
const inject = (fault: object, headers = {}) =>
  fetch(`${port.url}/_sandbox/faults`, { method: "POST", headers, body: JSON.stringify(fault) });

test("A fault throttles as many calls as it counts, of the operation and role that it names", async () => {
  const rule = { kind: "throttle", service: "eks", operation: "DescribeCluster", role: "broker" };
  expect((await inject({ ...rule, count: 2 })).status).toBe(201);
  await expect(describeCluster("prod", other)).resolves.toBeDefined();
  await expect(client().send(new ListClustersCommand({}))).resolves.toBeDefined();
  for (const _ of [1, 2])
    await expect(describeCluster("prod")).rejects.toMatchObject({
      name: "ThrottlingException",
      message: "Rate exceeded",
      $metadata: { httpStatusCode: 429 },
    });
  await expect(describeCluster("prod")).resolves.toBeDefined();
});

test("A fault strikes only calls of the account that it names", async () => {
  const rule = { kind: "throttle", service: "eks", operation: "DescribeCluster" };
  await inject({ ...rule, account: "444455556666" });
  await expect(describeCluster("prod")).resolves.toBeDefined();
  await inject({ ...rule, account: ACCOUNT });
  await expect(describeCluster("prod")).rejects.toMatchObject({ name: "ThrottlingException" });
});

test("A fault strikes only calls of the cluster that it names", async () => {
  await inject({ kind: "throttle", service: "eks", resource: "prod" });
  await expect(describeCluster("staging")).resolves.toBeDefined();
  await expect(client().send(new ListClustersCommand({}))).resolves.toBeDefined();
  await expect(describeCluster("prod")).rejects.toMatchObject({ name: "ThrottlingException" });
});

test.each([
  ["timelatch-notify.fifo", "throttle"],
  ["timelatch-converge.fifo", undefined],
])("A call for the queue %s meets the fault of notify's queue: %s", (queue, kind) => {
  const table = faultTable();
  table.serve(
    "POST",
    Buffer.from('{"kind":"throttle","service":"sqs","resource":"timelatch-notify.fifo"}'),
  );
  const input = { QueueUrl: `http://127.0.0.1:1/111122223333/${queue}` };
  const call = { service: "sqs", operation: "SendMessage", caller: { principalArn: "x" } as never };
  expect(table.take({ ...call, resource: resourceOf("sqs", input) })?.kind).toBe(kind);
});

test("A fault refuses without running", async () => {
  await inject({ kind: "refuse", service: "eks" });
  await expect(describeCluster("prod")).rejects.toMatchObject({ name: "AccessDeniedException" });
  expect(runs).toEqual([]);
  expect(calls[0]).toMatchObject({ status: 403, errorCode: "AccessDeniedException" });
});

test("A fault drops the answer of a call that was applied", async () => {
  await inject({ kind: "drop", count: 1 });
  await expect(describeCluster("prod")).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(runs).toHaveLength(1);
  expect(calls[0]).toMatchObject({ status: 200 });
});

test("A late call lands after its connection was cut, up to 300 s later", async () => {
  expect((await inject({ kind: "late", count: 1, milliseconds: 300_000 })).status).toBe(201);
  await expect(describeCluster("prod")).rejects.toMatchObject({ code: "ECONNRESET" });
  await vi.waitFor(() => expect(waits).toMatchObject([{ milliseconds: 300_000 }]));
  expect(runs).toEqual([]);
  waits[0]?.end();
  await vi.waitFor(() => expect(runs).toHaveLength(1));
  expect(calls[0]).toMatchObject({ operation: "DescribeCluster", status: 200 });
});

test("A late call that is yet to land holds no process alive", async () => {
  const file = path.join(import.meta.dirname, "late-call-process.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 600_000 });
  expect(stdout).toBe("ECONNRESET\n");
});

test("A fault delays one call and lets those after it pass", async () => {
  await inject({ kind: "delay", operation: "DescribeCluster", count: 1, milliseconds: 500 });
  const delayed = describeCluster("delayed");
  await vi.waitFor(() => expect(waits).toMatchObject([{ milliseconds: 500 }]));
  await describeCluster("prod");
  waits[0]?.end();
  await delayed;
  expect(runs.map((call) => call.input["name"])).toEqual(["prod", "delayed"]);
});

test("A stale fault reaches the operations that know it, and leaves the others alone", async () => {
  await inject({ kind: "stale", milliseconds: 4000, count: 1 });
  await client().send(new ListClustersCommand({}));
  await describeCluster("prod");
  await describeCluster("prod");
  expect(runs.map(({ operation, staleMilliseconds }) => [operation, staleMilliseconds])).toEqual([
    ["ListClusters", undefined],
    ["DescribeCluster", 4000],
    ["DescribeCluster", undefined],
  ]);
});

test("An overlap fault leaves the call alone and waits for a message", () => {
  const table = faultTable();
  table.serve("POST", Buffer.from('{"kind":"overlap","milliseconds":5,"count":1}'));
  const caller = { principalArn: "x" } as never;
  const receive = { service: "sqs", operation: "ReceiveMessage", caller };
  expect(table.take(receive)).toBeUndefined();
  expect(table.takeOverlap({ ...receive, operation: "SendMessage" })).toBeUndefined();
  expect(table.takeOverlap(receive)).toBe(5);
  expect(table.takeOverlap(receive)).toBeUndefined();
});

test("A fault is listed until it is forgotten", async () => {
  await inject({ kind: "refuse", service: "sqs", count: 3 });
  const url = `${port.url}/_sandbox/faults`;
  expect(await (await fetch(url)).json()).toMatchObject({
    faults: [{ fault: { kind: "refuse" }, service: "sqs", count: 3 }],
  });
  await fetch(url, { method: "DELETE" });
  expect(await (await fetch(url)).json()).toEqual({ faults: [] });
});

test("A fault lasts for its seconds", () => {
  let now = new Date("2026-11-24T10:00:00.000Z");
  const table = faultTable(() => now);
  table.serve("POST", Buffer.from('{"kind":"throttle","seconds":60}'));
  const call = { service: "eks", operation: "X", caller: { principalArn: "x" } as never };
  now = new Date("2026-11-24T10:00:59.999Z");
  expect(table.take(call)).toEqual({ kind: "throttle" });
  now = new Date("2026-11-24T10:01:00.000Z");
  expect(table.take(call)).toBeUndefined();
});

test("A web page cannot make a fault", async () => {
  const response = await inject({ kind: "refuse" }, { origin: "https://evil.example" });
  expect(response.status).toBe(403);
  await expect(describeCluster("prod")).resolves.toBeDefined();
});

test.each([
  [{ kind: "explode" }, "kind is one of throttle, refuse,"],
  [{}, "kind is one of"],
  [{ kind: "throttle", opration: "X" }, "no member opration"],
  [{ kind: "late" }, "late needs milliseconds"],
  [{ kind: "stale" }, "stale needs milliseconds"],
  [{ kind: "overlap" }, "overlap needs milliseconds"],
  [{ kind: "drop", milliseconds: 5 }, "drop takes no milliseconds"],
  [{ kind: "conflict", milliseconds: 5 }, "conflict takes no milliseconds"],
  [{ kind: "late", milliseconds: 3_600_001 }, "milliseconds is at most 3600000"],
  [{ kind: "late", milliseconds: 0.5 }, "milliseconds is a whole number above zero"],
  [{ kind: "throttle", count: 0 }, "count is a whole number above zero"],
  [{ kind: "throttle", service: 1 }, "service is a text"],
  [{ kind: "throttle", resource: "prod" }, "resource is for a service of sqs, eks"],
  [{ kind: "throttle", service: "kms", resource: "prod" }, "resource is for a service of sqs, eks"],
  [{ kind: "stale", milliseconds: 5, service: "sqs" }, "stale is for eks, iam, not sqs"],
  [
    { kind: "stale", milliseconds: 5, service: "iam", operation: "ListRoles" },
    "stale is for GetRole, not ListRoles",
  ],
  [
    { kind: "stale", milliseconds: 5, operation: "TagResource" },
    "UpdateAccessEntry, GetRole, not TagResource",
  ],
  [{ kind: "overlap", milliseconds: 5, service: "eks" }, "overlap is for sqs, not eks"],
  [
    { kind: "overlap", milliseconds: 5, operation: "SendMessage" },
    "overlap is for ReceiveMessage, not SendMessage",
  ],
  [{ kind: "conflict", service: "eks" }, "conflict is for dynamodb, not eks"],
  [
    { kind: "conflict", service: "dynamodb", operation: "Query" },
    "conflict is for DeleteItem, PutItem, TransactWriteItems, UpdateItem, not Query",
  ],
])("The fault %j is refused by name and not added", async (rule, named) => {
  const response = await inject(rule);
  expect(response.status).toBe(400);
  const { message } = (await response.json()) as { message: string };
  expect(message).toContain(named);
  expect(message).toContain("No fault was added.");
  await expect(describeCluster("prod")).resolves.toBeDefined();
});
