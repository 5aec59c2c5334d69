/** The order of a sweep's items, and the times at which converge makes bindings due. */
import { describe, expect, it } from "vitest";
import {
  failCalls,
  forge,
  isSoon,
  REFUSED,
  refusedWith,
  THROTTLED,
  timesOf,
  UNANSWERED,
  yields,
} from "../../../../../lab/fakes/broker-sights.ts";
import { EDIT, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { plusSeconds, secondsBetween } from "../../../../../shared/domain/values/instant.ts";
import { IN_TURN } from "../../../../../shared/ports/binding-store.ts";

/** A broker with a lent grant, at the time of its first drift check. */
const lent = async () => {
  const broker = memoryBroker();
  const grant = await broker.activeGrant();
  broker.clock.advance(300);
  return { broker, grant, revokeAt: grant.revokeAt ?? "" };
};

describe("Lent access", () => {
  it("Lent access is due at its end, with a drift check before", async () => {
    const broker = memoryBroker();
    const { revokeAt } = await broker.activeGrant();
    expect(timesOf(broker)).toMatchObject({
      dueAt: revokeAt,
      removeAt: revokeAt,
      driftCheckAt: IN_TURN,
    });
  });

  it("Lent access is checked again and again while there is no drift", async () => {
    const { broker, revokeAt } = await lent();
    for (const _ of [1, 2, 3]) {
      await broker.converge();
      expect(timesOf(broker)).toMatchObject({ dueAt: revokeAt, driftCheckAt: IN_TURN });
      broker.clock.advance(300);
    }
  });

  it("Access that is over has a confirmation when a read can prove it, and nothing afterwards", async () => {
    const { broker, revokeAt } = await lent();
    broker.clock.set(revokeAt);
    await broker.converge();
    expect(timesOf(broker)).toEqual({
      dueAt: plusSeconds(revokeAt, 55),
      dueFor: "confirmation",
      removeAt: null,
      driftCheckAt: null,
    });
    broker.clock.set(plusSeconds(revokeAt, 55));
    await broker.converge();
    expect(timesOf(broker)).toMatchObject({ dueAt: null, removeAt: null, driftCheckAt: null });
  });

  it("An unanswered call causes no work of its own while its access is wanted", async () => {
    const broker = memoryBroker();
    failCalls(broker, "AssociateAccessPolicy", { ...UNANSWERED, applied: "yes" });
    const grant = await broker.activeGrant();
    expect(grant).toMatchObject({ state: "active" });
    await broker.converge();
    expect(timesOf(broker).dueAt).toBe(grant.revokeAt);
  });
});

describe("A repair that fails", () => {
  it("A throttled repair is work, and is retried soon", async () => {
    const { broker } = await lent();
    broker.entries.edit(broker.addressOf(), (entry) => ({ ...entry, targets: {} }));
    failCalls(broker, "AssociateAccessPolicy", THROTTLED);
    await broker.converge();
    expect(isSoon(broker, timesOf(broker).dueAt)).toBe(true);
  });
});

describe("Repeated failures", () => {
  it("A binding that fails is retried after pauses that double, up to a minute", async () => {
    const broker = memoryBroker();
    await broker.grant();
    failCalls(broker, "DescribeAccessEntry", THROTTLED);
    const pauses: number[] = [];
    for (let run = 1; run <= 8; run += 1) {
      await broker.converge();
      const { dueAt } = timesOf(broker);
      pauses.push(secondsBetween(broker.clock.now(), dueAt ?? ""));
      broker.clock.set(dueAt ?? "");
    }
    // Three quarters of 2, 4, 8 and so on, because these tests use a jitter of one half.
    expect(pauses).toEqual([1.5, 3, 6, 12, 24, 45, 45, 45]);
  });
});

describe("A drift check without a read", () => {
  it.each([UNANSWERED, THROTTLED])(
    "A drift check without a read stays one, and is retried soon: $code",
    async (fault) => {
      const { broker, revokeAt } = await lent();
      failCalls(broker, "DescribeAccessEntry", fault);
      await broker.converge();
      expect(timesOf(broker).dueAt).toBe(revokeAt);
      expect(isSoon(broker, timesOf(broker).driftCheckAt)).toBe(true);
      expect(yields(broker)).toBe(0);
      broker.clearFaults();
      await broker.converge();
      expect(timesOf(broker)).toMatchObject({ dueAt: revokeAt, driftCheckAt: IN_TURN });
    },
  );

  it("A drift check stays one while the cluster's circuit is open", async () => {
    const { broker, revokeAt } = await lent();
    failCalls(broker, "DescribeAccessEntry", UNANSWERED);
    for (let run = 1; run <= 6; run += 1) await broker.converge();
    const driftCheckAt = plusSeconds(broker.clock.now(), 30);
    expect(timesOf(broker)).toMatchObject({ dueAt: revokeAt, driftCheckAt });
  });

  it("A drift check stays one if it lets waiting ends go first", async () => {
    const { broker, revokeAt } = await lent();
    await broker.converge(broker.binding, { waitedSeconds: 31 });
    const driftCheckAt = broker.clock.now();
    expect(timesOf(broker)).toMatchObject({ dueAt: revokeAt, driftCheckAt });
  });

  it("A drift check that found drift becomes work", async () => {
    const { broker } = await lent();
    broker.entries.edit(broker.addressOf(), (entry) => ({ ...entry, targets: {} }));
    failCalls(broker, "AssociateAccessPolicy", REFUSED);
    await broker.converge();
    expect(isSoon(broker, timesOf(broker).dueAt)).toBe(true);
  });
});

describe("A drift check that finds no entry", () => {
  it("An entry that cannot be recreated because one exists is work", async () => {
    const { broker, grant } = await lent();
    broker.entries.edit(broker.addressOf(), () => undefined);
    failCalls(broker, "CreateAccessEntry", refusedWith("ResourceInUseException"));
    const before = broker.entries.calls.length;
    await broker.converge();
    expect(broker.operations(before)).toEqual(["CreateAccessEntry"]);
    expect(isSoon(broker, timesOf(broker).dueAt)).toBe(true);
    broker.clearFaults();
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });
});

describe("An end without a read", () => {
  it("An end without a read stays work, run after run", async () => {
    const { broker, revokeAt } = await lent();
    broker.clock.set(revokeAt);
    failCalls(broker, "DescribeAccessEntry", THROTTLED);
    for (const _ of [1, 2, 3]) {
      await broker.converge();
      expect(isSoon(broker, timesOf(broker).dueAt)).toBe(true);
      expect(timesOf(broker).driftCheckAt).toBeNull();
    }
    expect(broker.namespaces(EDIT)).toEqual([]);
  });

  it("An end without a read is work even if its record says that it ends sooner", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant({ durationSeconds: 7_200 });
    await broker.activeGrant();
    forge(broker, await broker.reload(grant), { revokeAt: broker.clock.now() });
    failCalls(broker, "DescribeAccessEntry", UNANSWERED);
    await broker.converge();
    expect(isSoon(broker, timesOf(broker).dueAt)).toBe(true);
  });
});
