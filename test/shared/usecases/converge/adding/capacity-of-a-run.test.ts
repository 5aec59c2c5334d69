/** Runs without capacity: no time left, throttled by AWS, or with others waiting behind them. */
import { describe, expect, it } from "vitest";
import {
  failCalls,
  isDueSoon,
  isSoon,
  REFUSED,
  THROTTLED,
  timesOf,
  UNANSWERED,
  VISIBLE_SECONDS,
  watchAws,
  yields,
} from "../../../../../lab/fakes/broker-sights.ts";
import {
  EDIT,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";
import type { CallFault } from "../../../../../lab/fakes/memory-eks-calls.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

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

describe("An end without capacity", () => {
  it.each(["DescribeAccessEntry", "DeleteAccessEntry"])(
    "An end goes to the end of the queue if %s is throttled",
    async (operation) => {
      const { broker, grant } = await endingWhile(operation, THROTTLED);
      await broker.converge();
      expect(yields(broker)).toBe(1);
      expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
      expect(isDueSoon(broker)).toBe(true);
    },
  );

  it("A run ends once the queue has the binding, since Lambda freezes what is not awaited", async () => {
    const { broker } = await endingWhile("DeleteAccessEntry", THROTTLED);
    const order: string[] = [];
    broker.before("queue.send", async () => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push("sent");
    });
    await broker.converge();
    order.push("over");
    expect(order).toEqual(["sent", "over"]);
  });

  it("An end is left to the sweep after eight turns, so no function calls itself forever", async () => {
    const { broker } = await endingWhile("DeleteAccessEntry", THROTTLED);
    await times(broker, 20);
    expect(yields(broker)).toBe(8);
    expect(isDueSoon(broker)).toBe(true);
  });

  it("An end goes to the end of the queue if its call is unanswered, as access may remain", async () => {
    const { broker } = await endingWhile("DeleteAccessEntry", UNANSWERED);
    await broker.converge();
    expect(yields(broker)).toBe(1);
    expect(isDueSoon(broker)).toBe(true);
  });

  it("An end makes no call and goes to the end of the queue if the run has no time left", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const before = broker.entries.calls.length;
    broker.clock.set(grant.revokeAt ?? "");
    await broker.converge(broker.binding, { millisLeft: () => 499 });
    expect(broker.operations(before)).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
    expect(broker.queue.sent.at(-1)).toEqual({ subject: broker.binding, cause: "yield" });
    const { targets = {} } = (await broker.ledgers.load(broker.binding)) ?? {};
    expect(targets[EDIT]).toMatchObject({ "ns/payments-api": { state: "lent" } });
  });

  it("A grant that EKS refuses in the last pass of a run goes to the end of the queue", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    let saves = 0;
    // Another run saves twice in between, so that two passes are fenced off.
    broker.beforeEach("ledgers.save", async () => {
      saves += 1;
      const stored = await broker.ledgers.load(broker.binding);
      const { ledgers } = broker.ledgers;
      if (stored && saves < 4)
        ledgers.set(broker.binding, { ...stored, revision: stored.revision + 1 });
    });
    failCalls(broker, "AssociateAccessPolicy", REFUSED);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    expect(broker.queue.sent.at(-1)).toEqual({ subject: broker.binding, cause: "yield" });
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "failed" });
  });

  it("A removal is called with half a second left, but an addition is not", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.grant({ access: view("payments-api"), durationSeconds: 7_200 });
    const before = broker.entries.calls.length;
    broker.clock.set(grant.revokeAt ?? "");
    await broker.converge(broker.binding, { millisLeft: () => 500 });
    expect(broker.operations(before)).toEqual(["DisassociateAccessPolicy"]);
    expect(broker.namespaces(VIEW)).toEqual([]);
  });

  it("An end stays due if the queue does not accept the message", async () => {
    const { broker } = await endingWhile("DeleteAccessEntry", THROTTLED);
    broker.beforeEach("queue.send", () => {
      throw new Error("The queue is down.");
    });
    await broker.converge();
    expect(isDueSoon(broker)).toBe(true);
  });
});

describe("An addition without capacity", () => {
  it("A run with little time left arms and adds nothing", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.converge(broker.binding, { millisLeft: () => 3_499 });
    expect(broker.operations()).toEqual([]);
    expect(broker.schedules.timers.size).toBe(0);
    expect(yields(broker)).toBe(1);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("An addition whose run ends after the create is continued by the next run", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const millisLeft = () => (broker.operations().length === 0 ? 8_000 : 1_499);
    await broker.converge(broker.binding, { millisLeft });
    expect(broker.operations()).toEqual(["CreateAccessEntry"]);
    const { targets = {} } = (await broker.ledgers.load(broker.binding)) ?? {};
    expect(targets[EDIT]).toEqual({});
    expect(isDueSoon(broker)).toBe(true);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    expect(broker.operations()).toEqual(["CreateAccessEntry", "AssociateAccessPolicy"]);
  });

  it("An addition is not read back in a run that has no work time left", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const millisLeft = () => (broker.operations().length < 2 ? 8_000 : 2_000);
    await broker.converge(broker.binding, { millisLeft });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(broker.calls.filter((call) => call === "entries.read")).toHaveLength(1);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("An addition that no read shows yet is looked at three times at once, then after a pause", async () => {
    const broker = memoryBroker();
    broker.entries.lag = { describe: 40_000, list: 40_000 };
    await broker.grant();
    await times(broker, 6);
    expect(yields(broker)).toBe(3);
    expect(isDueSoon(broker)).toBe(true);
  });

  it("A run for another reason puts no look off beyond the time from which a read must show the addition", async () => {
    const broker = memoryBroker();
    broker.entries.lag = { describe: 54_000, list: 54_000 };
    const grant = await broker.grant();
    await times(broker, 5);
    const shownFrom = plusSeconds(broker.clock.now(), VISIBLE_SECONDS);
    broker.clock.advance(VISIBLE_SECONDS - 2);
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["approved"]);
    expect(timesOf(broker).dueAt).toBe(shownFrom);
    broker.clock.set(shownFrom);
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
  });

  it("An addition that no read shows in time is looked at after a pause", async () => {
    const broker = memoryBroker();
    broker.entries.lag = { describe: 300_000, list: 300_000 };
    await broker.grant();
    await times(broker, 5);
    broker.clock.advance(VISIBLE_SECONDS);
    await broker.converge();
    expect(isDueSoon(broker)).toBe(true);
  });
});

describe("A message that waited long because others wait behind it", () => {
  const late = (broker: MemoryBroker, waitedSeconds = 31) =>
    broker.converge(broker.binding, { waitedSeconds });

  it("A message that waited long adds nothing, and comes back with the next sweep", async () => {
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

  it("A message that waited long does not check for drift", async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    const asked = watchAws(broker);
    await late(broker);
    expect(asked).toEqual([]);
    await late(broker, 0);
    expect(asked).toContain("DescribeAccessEntry");
  });

  it("A message that waited long still removes access that is over", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.set(grant.revokeAt ?? "");
    await late(broker);
    expect(broker.actual()).toBeUndefined();
  });

  it("A message that waited long still deletes our entry after its last grant", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    failCalls(broker, "DeleteAccessEntry", { failure: "refused", code: "AccessDenied" });
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    expect(broker.actual()).toBeDefined();
    expect(isDueSoon(broker)).toBe(true);
    broker.clearFaults();
    broker.clock.advance(60);
    await late(broker);
    expect(broker.actual()).toBeUndefined();
  });
});

describe("A run that leaves access behind", () => {
  it("A binding with access that should be gone is due for removal at once", async () => {
    const { broker } = await endingWhile("DeleteAccessEntry", THROTTLED);
    await broker.converge();
    expect(isSoon(broker, timesOf(broker).removeAt)).toBe(true);
    broker.clearFaults();
    await broker.converge();
    expect(timesOf(broker)).toMatchObject({ removeAt: null, dueFor: "confirmation" });
  });

  it("Overdue grants whose end is not proven are counted for an alarm", async () => {
    const { broker, grant } = await endingWhile("DeleteAccessEntry", THROTTLED);
    expect(await broker.converge()).toMatchObject({ overdueGrants: 0 });
    broker.clock.set(grant.expiresAt ?? "");
    expect(await broker.converge()).toMatchObject({ overdueGrants: 0 });
    broker.clock.advance(1);
    expect(await broker.converge()).toMatchObject({ overdueGrants: 1 });
    broker.clearFaults();
    await broker.settle();
    expect(await broker.converge()).toMatchObject({ overdueGrants: 0 });
  });
});
