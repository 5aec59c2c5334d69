import { describe, expect, it, onTestFinished } from "vitest";
import { asyncInvoker } from "../../../../lab/sandbox/lambda/async-invoke.ts";
import type { LambdaFunction } from "../../../../lab/sandbox/lambda/lambda-function.ts";
import { Throttled } from "../../../../lab/sandbox/lambda/throttled.ts";

/** Fails this number of times, then answers. */
function failing(times: number, asyncRetries: number) {
  const events: unknown[] = [];
  const fn = {
    resource: { name: "tiny", asyncRetries },
    invoke: async (event: unknown) => {
      events.push(event);
      if (events.length <= times) throw new Error(`failure ${events.length}`);
    },
  } as unknown as LambdaFunction;
  return { fn, events };
}

function throttle(): never {
  throw new Throttled("tiny");
}

function invoker() {
  const logs: string[] = [];
  const made = asyncInvoker(0.01, (line) => void logs.push(line));
  onTestFinished(() => made.stop());
  return { ...made, logs };
}

describe("an asynchronous invocation", () => {
  it("An asynchronous invocation that fails is retried with the same event until it succeeds", async () => {
    const { fn, events } = failing(2, 2);
    const { invoke, logs } = invoker();
    invoke(fn, "event");
    await expect.poll(() => events).toEqual(["event", "event", "event"]);
    expect(logs).toHaveLength(2);
  });

  it("An asynchronous invocation is dropped after its retries, and the log says so", async () => {
    const { fn, events } = failing(9, 2);
    const { invoke, logs } = invoker();
    invoke(fn, "event");
    await expect.poll(() => logs.at(-1)).toBe("tiny: dropped an event after 3 attempts: failure 3");
    expect(events).toHaveLength(3);
  });

  it("An asynchronous invocation of a function with a reserved concurrency of 0 is dropped at once", async () => {
    const { invoke, logs } = invoker();
    const fn = { resource: { name: "tiny", asyncRetries: 2 }, invoke: async () => throttle() };
    invoke(fn as unknown as LambdaFunction, "event");
    await expect
      .poll(() => logs)
      .toEqual([expect.stringMatching(/^tiny: dropped an event: .*Rate/)]);
  });

  it("An asynchronous invocation of a function without retries is tried once", async () => {
    const { fn, events } = failing(9, 0);
    const { invoke, logs } = invoker();
    invoke(fn, "event");
    await expect.poll(() => logs).toEqual(["tiny: dropped an event after 1 attempts: failure 1"]);
    expect(events).toHaveLength(1);
  });
});
