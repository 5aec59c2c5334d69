/** One invocation of correlate. How it judges an event is the use case's, and other tests cover it. */
import { beforeEach, describe, expect, it } from "vitest";
import type { TakeRun } from "../../shared/usecases/evidence/take-messages.ts";
import { contextWith, standIns } from "./loaded-function.ts";

let woken = 0;
const PORTS = {
  wakeNotify: async () => {
    woken += 1;
  },
};
const delayed: unknown[] = [];
const asked: unknown[] = [];
let found: object = { missing: 0, correlated: [] };
let during: (run: TakeRun & { readonly millisLeft?: () => number }) => void = () => undefined;
const said = standIns({
  "aws/composition-root": {
    correlatePorts: () => PORTS,
    messageDelay: () => async (receiptHandle: string, seconds: number) =>
      void delayed.push([receiptHandle, seconds]),
  },
  "usecases/evidence/look-up-calls": {
    lookUpCalls: async (ports: unknown, run: TakeRun & { readonly millisLeft: () => number }) => {
      asked.push(["lookUpCalls", ports === PORTS]);
      during(run);
      return found;
    },
  },
  "usecases/evidence/take-messages": {
    takeMessages: async (ports: unknown, messages: readonly unknown[], run: TakeRun) => {
      asked.push(["takeMessages", ports === PORTS, messages]);
      during(run);
      return ["m2"];
    },
  },
});
const { handler } = await import("../../functions/correlate.ts");
const invoke = (event: object) =>
  handler(
    event as never,
    contextWith(() => 25_000),
  );
const BATCH = {
  Records: ["m1", "m2"].map((id) => ({
    messageId: id,
    body: `body of ${id}`,
    receiptHandle: `receipt of ${id}`,
    awsRegion: "r",
  })),
};

beforeEach(() => {
  woken = 0;
  found = { missing: 0, correlated: [] };
  during = () => undefined;
  for (const list of [delayed, asked, said.lines, said.reported]) list.length = 0;
});

describe("A batch of CloudTrail's events", () => {
  it("Each message is taken, and the one that must come again is named as failed", async () => {
    expect(await invoke(BATCH)).toEqual({ batchItemFailures: [{ itemIdentifier: "m2" }] });
    const messages = ["m1", "m2"].map((id) => ({
      id,
      body: `body of ${id}`,
      receiptHandle: `receipt of ${id}`,
    }));
    expect(asked).toEqual([["takeMessages", true, messages]]);
    expect(woken).toBe(1);
  });

  it("It delays, counts and logs as it takes them", async () => {
    during = (run) => {
      void run.delay("receipt of m1", 40);
      run.count("EvidenceFindings", 1);
      run.report("error", "event not correlated", { messageId: "m1" });
      run.report("info", "correlated", { messageId: "m2" });
      run.log("trouble", { code: "x" });
      expect(woken).toBe(0);
    };
    await invoke(BATCH);
    expect(delayed).toEqual([["receipt of m1", 40]]);
    expect(said.reported).toEqual([{ EvidenceFindings: 1 }]);
    expect(said.lines).toEqual([
      { level: "error", message: "event not correlated", facts: { messageId: "m1" } },
      { level: "info", message: "correlated", facts: { messageId: "m2" } },
      { level: "warn", message: "trouble", facts: { code: "x" } },
    ]);
  });
});

describe("A look for calls that nothing confirmed", () => {
  it("Missing calls, findings and unreadable events count as evidence findings, and others do not", async () => {
    const outcomes = [
      "finding",
      "finding",
      "unreadable",
      "unreadable",
      "unreadable",
      "wait",
      "own",
    ];
    found = { missing: 10, correlated: outcomes.map((outcome) => ({ outcome })) };
    during = (run) => {
      expect(run.millisLeft?.()).toBe(25_000);
      run.log("trouble", { code: "x" });
    };
    expect(await invoke({})).toEqual({ batchItemFailures: [] });
    expect(asked).toEqual([["lookUpCalls", true]]);
    expect(said.reported).toEqual([{ EvidenceFindings: 15 }]);
    const facts = { missing: 10, events: 7 };
    expect(said.lines).toEqual([
      { level: "warn", message: "trouble", facts: { code: "x" } },
      { level: "info", message: "looked for calls", facts },
    ]);
  });

  it("An error of the look fails the invocation, after it counted, and notify is woken", async () => {
    found = { missing: 1, correlated: [], error: new Error("CloudTrail does not answer.") };
    await expect(invoke({})).rejects.toThrow("CloudTrail does not answer.");
    expect([said.reported, woken]).toEqual([[{ EvidenceFindings: 1 }], 1]);
  });
});
