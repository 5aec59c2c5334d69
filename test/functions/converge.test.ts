/** One invocation of converge, over a broker in memory. */
import { beforeEach, describe, expect, it } from "vitest";
import { PROD } from "../../lab/fakes/builders.ts";
import { DENIED } from "../../lab/fakes/faults.ts";
import { type MemoryBroker, memoryBroker } from "../../lab/fakes/memory-broker.ts";
import { contextWith, standIns } from "./loaded-function.ts";

/** The same object for the life of the function, as its ports are. Each test fills it. */
const ports: Record<string, unknown> = {};
const limits = { millisLeft: () => 0, over: () => new AbortController().signal };
const extended: string[] = [];
let woken = 0;

const said = standIns({
  "aws/composition-root": {
    convergePorts: (_: unknown, millisLeft: () => number, over: () => AbortSignal) => {
      Object.assign(limits, { millisLeft, over });
      return ports;
    },
    messageHolds: () => (receiptHandle: string) => ({
      extend: async () => extended.push(receiptHandle) > 0,
    }),
  },
});
const { handler } = await import("../../functions/converge.ts");

const messageOf = (subject: string | undefined, cause = "approved", waitedMillis = 0) => ({
  messageId: `id of ${subject}`,
  receiptHandle: `receipt of ${subject}`,
  body: JSON.stringify({ cause }),
  attributes: {
    ...(subject === undefined ? {} : { MessageGroupId: subject }),
    SentTimestamp: "1795514400000",
    ApproximateFirstReceiveTimestamp: String(1_795_514_400_000 + waitedMillis),
  },
});
const take = (...records: readonly ReturnType<typeof messageOf>[]) =>
  handler(
    { Records: records } as never,
    contextWith(() => 8_000),
  );

let broker: MemoryBroker;
beforeEach(() => {
  broker = memoryBroker();
  Object.assign(ports, broker.ports, {
    wakeNotify: async () => {
      woken += 1;
    },
  });
  for (const list of [said.lines, said.reported, extended]) list.length = 0;
  woken = 0;
});

describe("An invocation of converge", () => {
  it("It converges the binding that is the message's group, and says how long that waited", async () => {
    const grant = await broker.grant();
    await take(messageOf(broker.binding, "approved", 1_500));
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    expect(extended).toContain(`receipt of ${broker.binding}`);
    const facts = { subject: broker.binding, body: '{"cause":"approved"}', waitedSeconds: 1.5 };
    expect(said.lines).toEqual([{ level: "info", message: "converging", facts }]);
    expect(said.keys).toEqual({ awsRequestId: "invocation" });
  });

  it("It logs no more of a message than the broker's own have", async () => {
    await take({
      ...messageOf(broker.binding),
      body: JSON.stringify({ cause: "x".repeat(9_000) }),
    });
    const [line] = said.lines as readonly { readonly facts?: { readonly body?: string } }[];
    expect(line?.facts?.body).toHaveLength(512);
  });

  it("A grant does not begin in the run of a message that waited for long", async () => {
    const grant = await broker.grant();
    await take(messageOf(broker.binding, "approved", 3_600_000));
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
  });

  it("It takes every message of a batch", async () => {
    const grant = await broker.grant();
    await take(messageOf("cluster/prod"), messageOf(broker.binding));
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    expect(await broker.front.clusters.load(PROD.arn)).toMatchObject({ clusterArn: PROD.arn });
  });

  it("It checks a cluster, and converges nothing for its message", async () => {
    const grant = await broker.grant();
    await take(messageOf("cluster/prod"));
    expect(await broker.front.clusters.load(PROD.arn)).toMatchObject({ clusterArn: PROD.arn });
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    expect(said.reported).toEqual([]);
  });

  it.each([
    undefined,
    "",
    "f".repeat(63),
    "f".repeat(65),
    "F".repeat(64),
    "cluster/",
    "a cluster/prod",
  ])("A message about nothing that it knows is dropped, and said: %s", async (subject) => {
    await broker.grant();
    const before = broker.calls.length;
    await take(messageOf(subject));
    expect(broker.calls.length).toBe(before);
    expect(said.lines.at(-1)).toEqual({
      level: "error",
      message: "message of an unknown subject dropped",
      facts: { messageId: `id of ${subject}`, subject: subject ?? "" },
    });
  });

  it("It reports what its run found wrong, for the alarms", async () => {
    const grant = await broker.activeGrant();
    broker.failNext("DeleteAccessEntry", DENIED, 99);
    broker.clock.set(grant.revokeAt ?? "");
    broker.clock.advance(3_600);
    await take(messageOf(broker.binding));
    expect(said.reported).toEqual([
      { BareEntry: 1, FuseRefused: 0, OverdueGrants: 1, TableFaults: 0, TicketsUnread: 0 },
    ]);
  });

  it("A drift check that changes nothing neither extends its message nor logs", async () => {
    await broker.activeGrant();
    await take(messageOf(broker.binding, "drift-check"));
    expect([extended, said.lines]).toEqual([[], []]);
  });

  it("A drift check extends its message before it changes anything, and logs then", async () => {
    await broker.activeGrant();
    broker.clock.advance(600);
    broker.othersDelete();
    await take(messageOf(broker.binding, "drift-check"));
    expect(extended).toContain(`receipt of ${broker.binding}`);
    expect(said.lines[0]).toMatchObject({ message: "converging" });
  });
});

describe("The limits of an invocation of converge", () => {
  it("Calls see the time that is left of the current invocation", async () => {
    await broker.grant();
    let left = 9_000;
    broker.before("entries.read", () => {
      expect(limits.millisLeft()).toBe(9_000);
      left = 7_000;
      expect(limits.millisLeft()).toBe(7_000);
    });
    await handler(
      { Records: [messageOf(broker.binding)] } as never,
      contextWith(() => left),
    );
    expect(left).toBe(7_000);
  });

  it("Calls that go on are aborted at its end, however it ends, and not before", async () => {
    await broker.grant();
    const signals: AbortSignal[] = [];
    broker.beforeEach("entries.read", () => {
      signals.push(limits.over());
      expect(signals.at(-1)?.aborted).toBe(false);
    });
    await take(messageOf(broker.binding));
    await take(messageOf(broker.binding));
    expect(signals.map(({ aborted }) => aborted)).toEqual(signals.map(() => true));
    expect(new Set(signals).size).toBe(2);
    broker.breakPort("bindings.view", new Error("DynamoDB does not answer."));
    await expect(take(messageOf(broker.binding))).rejects.toThrow("DynamoDB does not answer.");
    expect(limits.over().aborted).toBe(true);
  });

  it("It wakes notify last, even where it fails", async () => {
    const wokenBefore: number[] = [];
    broker.beforeEach("bindings.view", () => wokenBefore.push(woken));
    await take(messageOf(broker.binding));
    expect([new Set(wokenBefore), woken]).toEqual([new Set([0]), 1]);
    broker.breakPort("bindings.view", new Error("DynamoDB does not answer."));
    await expect(take(messageOf(broker.binding))).rejects.toThrow("DynamoDB does not answer.");
    expect(woken).toBe(2);
  });
});
