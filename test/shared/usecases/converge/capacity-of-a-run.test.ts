/** Runs that find no room: no time, AWS asked too much at once, or others that wait behind. */
import { describe, expect, it } from "vitest";
import {
  failCalls,
  isDueSoon,
  isSoon,
  operations,
  THROTTLED,
  timesOf,
  UNANSWERED,
  watchAws,
  yields,
} from "../../../fakes/broker-sights.ts";
import type { CallFault } from "../../../fakes/memory-access-entries.ts";
import { EDIT, type MemoryBroker, memoryBroker, VIEW, view } from "../../../fakes/memory-broker.ts";

/** A broker whose one grant has just ended, while one operation fails. */
const endingWhile = async (operation: string, fault: CallFault) => {
  const broker = memoryBroker();
  const grant = await broker.activeGrant();
  failCalls(broker, operation, fault);
  broker.clock.set(grant.revokeAt ?? "");
  return { broker, grant };
};

const times = async (broker: MemoryBroker, count: number) => {
  for (let run = 0; run < count; run += 1) await broker.converge();
};

describe("an end that finds no room", () => {
  it.each(["DescribeAccessEntry", "DeleteAccessEntry"])(
    "an end goes to the end of the queue by itself where %s is throttled",
    async (operation) => {
      const { broker, grant } = await endingWhile(operation, THROTTLED);
      await broker.converge();
      expect(yields(broker)).toBe(1);
      expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
      expect(isDueSoon(broker)).toBe(true);
    },
  );

  it("an end is left to the sweep after eight turns, so that no function calls itself for ever", async () => {
    const { broker } = await endingWhile("DeleteAccessEntry", THROTTLED);
    await times(broker, 20);
    expect(yields(broker)).toBe(8);
    expect(isDueSoon(broker)).toBe(true);
  });

  it("an end goes to the end of the queue where the call had no answer: access may be there", async () => {
    const { broker } = await endingWhile("DeleteAccessEntry", UNANSWERED);
    await broker.converge();
    expect(yields(broker)).toBe(1);
    expect(isDueSoon(broker)).toBe(true);
  });

  it("an end calls nothing and goes to the end of the queue where the run's time is over", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const before = broker.entries.calls.length;
    broker.clock.set(grant.revokeAt ?? "");
    await broker.converge(broker.binding, { millisLeft: () => 499 });
    expect(operations(broker, before)).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
    expect(broker.queue.sent.at(-1)).toEqual({ subject: broker.binding, cause: "yield" });
    const { targets = {} } = (await broker.ledgers.load(broker.binding)) ?? {};
    expect(targets[EDIT]).toMatchObject({ "ns/payments-api": { state: "lent" } });
  });

  it("an end is called for with half a second left, which an addition would not be", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.grant({ access: view("payments-api"), durationSeconds: 7_200 });
    const before = broker.entries.calls.length;
    broker.clock.set(grant.revokeAt ?? "");
    await broker.converge(broker.binding, { millisLeft: () => 500 });
    expect(operations(broker, before)).toEqual(["DisassociateAccessPolicy"]);
    expect(broker.namespaces(VIEW)).toEqual([]);
  });

  it("an end stays due where the queue does not take it", async () => {
    const { broker } = await endingWhile("DeleteAccessEntry", THROTTLED);
    broker.beforeEach("queue.send", () => {
      throw new Error("The queue is down.");
    });
    await broker.converge();
    expect(isDueSoon(broker)).toBe(true);
  });
});

describe("an addition that finds no room", () => {
  it("nothing is armed or added where little of the run is left", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge(broker.binding, { millisLeft: () => 3_499 });
    expect(operations(broker)).toEqual([]);
    expect(broker.schedules.timers.size).toBe(0);
    expect(yields(broker)).toBe(1);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("an addition whose run ends after its create is taken up by the next one", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const millisLeft = () => (operations(broker).length === 0 ? 8_000 : 1_499);
    await broker.converge(broker.binding, { millisLeft });
    expect(operations(broker)).toEqual(["CreateAccessEntry"]);
    const { targets = {} } = (await broker.ledgers.load(broker.binding)) ?? {};
    expect(targets[EDIT]).toEqual({});
    expect(isDueSoon(broker)).toBe(true);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    expect(operations(broker)).toEqual(["CreateAccessEntry", "AssociateAccessPolicy"]);
  });

  it("an addition is not read back in a run whose time for work is over", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const millisLeft = () => (operations(broker).length < 2 ? 8_000 : 2_000);
    await broker.converge(broker.binding, { millisLeft });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(broker.calls.filter((call) => call === "entries.read")).toHaveLength(1);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("an addition that no read shows yet looks again three times at once, and then waits", async () => {
    const broker = memoryBroker();
    broker.entries.lag = { describe: 40_000, list: 40_000 };
    await broker.grant();
    await times(broker, 6);
    expect(yields(broker)).toBe(3);
    expect(isDueSoon(broker)).toBe(true);
  });
});

describe("a message that waited long, as others wait behind it", () => {
  const late = (broker: MemoryBroker, waitedSeconds = 31) =>
    broker.converge(broker.binding, { waitedSeconds });

  it("a message that waited long adds nothing, and comes back with the next sweep", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await late(broker);
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    expect(broker.entries.calls).toEqual([]);
    expect(timesOf(broker).dueAt).toBe(broker.clock.now());
    expect(yields(broker)).toBe(0);
    await late(broker, 30);
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("a message that waited long does not look at what is lent", async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    const asked = watchAws(broker);
    await late(broker);
    expect(asked).toEqual([]);
    await late(broker, 0);
    expect(asked).toContain("DescribeAccessEntry");
  });

  it("a message that waited long still takes away what is over", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.set(grant.revokeAt ?? "");
    await late(broker);
    expect(broker.actual()).toBeUndefined();
  });

  it("a message that waited long still deletes an entry of ours that outlived its last grant", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    failCalls(broker, "DeleteAccessEntry", { failure: "refused", code: "AccessDenied" });
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    expect(broker.actual()).toBeDefined();
    expect(isDueSoon(broker)).toBe(true);
    broker.calmDown();
    broker.clock.advance(60);
    await late(broker);
    expect(broker.actual()).toBeUndefined();
  });
});

describe("a run that leaves access", () => {
  it("a binding is due for a removal at once while something is left that should not be", async () => {
    const { broker } = await endingWhile("DeleteAccessEntry", THROTTLED);
    await broker.converge();
    expect(isSoon(broker, timesOf(broker).removeAt)).toBe(true);
    broker.calmDown();
    await broker.converge();
    expect(timesOf(broker)).toMatchObject({ removeAt: null, dueFor: "confirmation" });
  });

  it("grants whose end is past and not proven are counted for an alarm", async () => {
    const { broker, grant } = await endingWhile("DeleteAccessEntry", THROTTLED);
    expect(await broker.converge()).toMatchObject({ overdueGrants: 0 });
    broker.clock.set(grant.expiresAt ?? "");
    expect(await broker.converge()).toMatchObject({ overdueGrants: 0 });
    broker.clock.advance(1);
    expect(await broker.converge()).toMatchObject({ overdueGrants: 1 });
    broker.calmDown();
    await broker.settle();
    expect(await broker.converge()).toMatchObject({ overdueGrants: 0 });
  });
});
