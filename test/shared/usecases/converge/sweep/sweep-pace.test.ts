/** The sweep's finds, and its acts on them. */
import { describe, expect, it } from "vitest";
import { memoryBroker, view } from "../../../../../lab/fakes/memory-broker.ts";
import { BrokerError } from "../../../../../shared/domain/values/errors.ts";
import { clusterSubject } from "../../../../../shared/ports/converge-queue.ts";
import { sweep } from "../../../../../shared/usecases/converge/sweep.ts";

describe("The sweep", () => {
  it("A sweep sends what is due each minute, even if it runs early or late", async () => {
    const broker = memoryBroker();
    await broker.grant();
    const sentAt = async (time: string) => {
      const before = broker.queue.sent.length;
      broker.clock.set(`2026-11-24T10:${time}Z`);
      await sweep(broker.front, {});
      return broker.queue.sent.slice(before).filter(({ cause }) => cause === "sweep").length;
    };
    expect(await sentAt("01:00.900")).toBe(1);
    expect(await sentAt("01:59.100")).toBe(1);
    // The same sweep, started again.
    expect(await sentAt("01:59.800")).toBe(0);
  });

  it("A sweep sends bindings, lapses requests and continues after a failure", async () => {
    const broker = memoryBroker();
    await broker.grant();
    const pending = await broker.ask({ access: view("payments-api") });
    broker.clock.set(pending.lapsesAt);
    const down = {
      ...broker.front,
      queue: { ...broker.front.queue, sendOnce: () => Promise.reject(new Error("down")) },
    };
    // The binding, and a check of each of the two clusters.
    expect(await sweep(down, {})).toMatchObject({ additions: 0, lapsed: 1, failed: 3 });
    expect(await sweep(broker.front, {})).toMatchObject({ additions: 1, lapsed: 0, failed: 0 });
    expect(await broker.front.requests.load(pending.id)).toMatchObject({ state: "lapsed" });
  });

  const lapsing = async () => {
    const broker = memoryBroker();
    const pending = await broker.ask();
    broker.clock.set(pending.lapsesAt);
    const item = { kind: "lapse", requestId: pending.id } as const;
    const bindings = { ...broker.front.bindings, due: async () => [item] };
    return { broker, pending, front: { ...broker.front, bindings } };
  };

  it("A sweep leaves a request alone that was decided after it was found due", async () => {
    const { broker, pending, front } = await lapsing();
    broker.clock.advance(-1);
    await broker.approve(pending);
    broker.clock.advance(1);
    expect(await sweep(front, {})).toMatchObject({ failed: 0 });
    expect(await broker.reload(pending)).toMatchObject({ state: "approved" });
  });

  it.each([
    [new BrokerError("version-conflict", "Somebody decided at the last moment."), 0],
    [new BrokerError("dependency-unavailable", "The table does not answer."), 1],
    [new Error("The table does not answer."), 1],
  ])(
    "A request whose lapse cannot be stored stays pending, and failures are counted: %s",
    async (error, failed) => {
      const { broker, pending, front } = await lapsing();
      const requests = { ...front.requests, save: () => Promise.reject(error) };
      expect(await sweep({ ...front, requests }, {})).toMatchObject({ failed });
      expect(await broker.reload(pending)).toMatchObject({ state: "pending" });
    },
  );

  it("A sweep sends no checks of retired clusters", async () => {
    const broker = memoryBroker();
    const { staging, ...others } = broker.front.policy.clusters;
    if (!staging) throw new Error("There is no staging.");
    const clusters = { ...others, staging: { ...staging, retired: true } };
    await sweep({ ...broker.front, policy: { ...broker.front.policy, clusters } }, {});
    expect(broker.queue.sent).toEqual([
      { subject: clusterSubject("prod"), cause: "cluster-check" },
    ]);
  });
});
