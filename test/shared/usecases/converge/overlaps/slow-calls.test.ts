/** Runs with slow calls or little time, and the calls that they save. */
import { describe, expect, it } from "vitest";
import { failCalls, THROTTLED, VISIBLE_SECONDS } from "../../../../../lab/fakes/broker-sights.ts";
import { EDIT, edit, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

describe("A removal that EKS answers late, with a 404", () => {
  it("It proves what a read that began with the call would, and no more", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    const grant = await broker.activeGrant();
    // A read that begins one second later would prove that the access is gone.
    broker.clock.advance(54);
    broker.entries.lag = { judge: 60_000 };
    broker.before("entries.disassociate", () => broker.clock.advance(2));
    await broker.end(grant, "return");
    await broker.converge();
    expect(broker.entries.calls.at(-1)).toMatchObject({ result: "ResourceNotFoundException" });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    const { targets = {} } = (await broker.ledger()) ?? {};
    expect(targets[EDIT]?.["ns/payments-api"]).toMatchObject({ state: "lent" });
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });
});

describe("An addition that EKS answers late", () => {
  it("Its end is proven by a read that began late enough after the answer, and by no earlier one", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    broker.before("entries.associate", () => broker.clock.advance(2));
    const called = broker.clock.now();
    const grant = await broker.activeGrant();
    await broker.end(grant, "return");
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    broker.clock.set(plusSeconds(called, VISIBLE_SECONDS + 1));
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ending"]);
    broker.clock.set(plusSeconds(called, VISIBLE_SECONDS + 2));
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ended"]);
  });
});

describe("A Scheduler that takes a second for each schedule", () => {
  it("It leaves half of a run for fuses and calls, so that grants begin in every run", async () => {
    const broker = memoryBroker();
    for (let n = 0; n < 8; n += 1) await broker.grant({ access: edit(`payments-${n}`) });
    broker.beforeEach("schedules.armRevocation", () => broker.clock.advance(1));
    await broker.converge(broker.binding, broker.timed(8));
    const begun = () => Object.keys(broker.ledgers.ledgers.get(broker.binding)?.begun ?? {}).length;
    expect(begun()).toBe(3);
    expect(broker.namespaces(EDIT)).toHaveLength(3);
    await broker.converge(broker.binding, broker.timed(8));
    expect(begun()).toBe(6);
  });
});

describe("A run with little time left", () => {
  it.each([
    [5_499, 1],
    [5_500, 2],
  ])(
    "It keeps the time for a removal: with %i ms, it tries to read %i times",
    async (left, reads) => {
      const broker = memoryBroker();
      broker.othersHad({});
      const grant = await broker.activeGrant();
      failCalls(broker, "DescribeAccessEntry", THROTTLED);
      broker.clock.set(grant.revokeAt ?? "");
      const before = broker.calls.length;
      await broker.converge(broker.binding, { millisLeft: () => left });
      const calls = broker.calls.slice(before);
      expect(calls.filter((site) => site === "entries.read")).toHaveLength(reads);
      expect(broker.namespaces(EDIT)).toEqual([]);
    },
  );

  it("It arms no fuse for which the next run has more time", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    await broker.activeGrant();
    broker.clock.advance(VISIBLE_SECONDS + 5);
    // Its fuse may have fired, so another one is wanted.
    broker.othersPut({});
    const armed = () => broker.calls.filter((site) => site === "schedules.armFuse").length;
    await broker.converge(broker.binding, { millisLeft: () => 4_499 });
    expect(armed()).toBe(1);
    await broker.converge();
    expect(armed()).toBe(2);
  });
});

describe("The schedule of a grant that is over", () => {
  it("It is deleted where the grant ended early, and deletes itself where it fired", async () => {
    const broker = memoryBroker();
    const deleted = () => broker.calls.filter((site) => site === "schedules.disarmRevocation");
    await broker.convergeAtEnd(await broker.activeGrant());
    await broker.settle();
    expect(deleted()).toEqual([]);
    await broker.end(await broker.activeGrant(), "return");
    await broker.converge();
    await broker.settle();
    expect(deleted()).toHaveLength(1);
  });
});

describe("A grant that begins in a run that also ends one", () => {
  it("Its principal and cluster are asked for only after the removal", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    const grant = await broker.activeGrant();
    broker.clock.advance(VISIBLE_SECONDS + 5);
    await broker.end(grant, "return");
    await broker.grant({ access: edit("payments-web") });
    const before = broker.calls.length;
    await broker.converge();
    const calls = broker.calls.slice(before);
    const removal = calls.indexOf("entries.disassociate");
    expect(removal).toBeGreaterThan(0);
    for (const site of ["entries.principal", "entries.cluster"]) {
      expect(calls).toContain(site);
      expect(calls.indexOf(site)).toBeGreaterThan(removal);
    }
  });
});
