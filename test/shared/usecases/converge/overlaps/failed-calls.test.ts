/** Calls that are throttled, unanswered or refused, and tables that do not answer. */
import { describe, expect, it } from "vitest";
import {
  BUSY,
  failCalls,
  isDueSoon,
  isSoon,
  ns,
  refusedWith,
  THROTTLED,
  timesOf,
  UNANSWERED,
} from "../../../../../lab/fakes/broker-sights.ts";
import { EDIT, memoryBroker, VIEW, view } from "../../../../../lab/fakes/memory-broker.ts";
import type { CallFault } from "../../../../../lab/fakes/memory-eks-calls.ts";
import { BrokerError } from "../../../../../shared/domain/values/errors.ts";

describe("A change that fails", () => {
  it("A failed create stops the calls that need the entry", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    failCalls(broker, "CreateAccessEntry", THROTTLED, { times: 1 });
    await broker.converge();
    expect(broker.operations()).toEqual(["CreateAccessEntry"]);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("A failed associate does not stop the others", async () => {
    const broker = memoryBroker();
    const first = await broker.grant();
    const second = await broker.grant({ access: view("payments-api") });
    failCalls(broker, "AssociateAccessPolicy", THROTTLED, { times: 1 });
    await broker.converge();
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("payments-api") });
    expect(await broker.reload(first)).toMatchObject({ state: "approved" });
    expect(await broker.reload(second)).toMatchObject({ state: "active" });
  });

  it.each([
    ["unanswered, then throttled", UNANSWERED, THROTTLED, [true, false]],
    ["throttled, then unanswered", THROTTLED, UNANSWERED, [false, true]],
    ["busy, then busy", BUSY, BUSY, [false, false]],
  ] as const)(
    "Only an unanswered call stays open, whatever happens to the other: %s",
    async (_, first, second, open) => {
      const broker = memoryBroker();
      await broker.grant();
      await broker.grant({ access: view("payments-api") });
      const left: CallFault[] = [first, second];
      broker.faults.push(({ operation }) =>
        operation === "AssociateAccessPolicy" ? left.shift() : undefined,
      );
      // Later reads of the run would close the open call.
      failCalls(broker, "DescribeAccessEntry", BUSY, { spared: 1 });
      await broker.converge();
      const { targets = {} } = (await broker.ledgers.load(broker.binding)) ?? {};
      const openOn = (target: string) =>
        Object.values(targets[target] ?? {}).some(({ openUntil }) => openUntil !== null);
      expect([openOn(EDIT), openOn(VIEW)]).toEqual(open);
    },
  );

  it("An unanswered associate leaves no doubt about another target", async () => {
    const broker = memoryBroker();
    const doubtful = await broker.grant();
    const sure = await broker.grant({ access: view("payments-api") });
    failCalls(broker, "AssociateAccessPolicy", { ...UNANSWERED, applied: "later" }, { times: 1 });
    await broker.converge();
    await broker.end(doubtful, "cancel");
    await broker.end(sure, "return");
    await broker.converge();
    await broker.settle(100);
    expect(await broker.reload(sure)).toMatchObject({ state: "ended" });
    expect(await broker.reload(doubtful)).toMatchObject({ state: "ending" });
    await broker.settle(400);
    expect(await broker.reload(doubtful)).toMatchObject({ state: "ended" });
  });

  it("A removal is repeated in every run while an unanswered addition may land", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ns("theirs") } }));
    broker.clock.advance(60);
    const grant = await broker.grant();
    failCalls(broker, "AssociateAccessPolicy", { ...UNANSWERED, applied: "later" }, { times: 1 });
    await broker.converge();
    await broker.end(grant, "cancel");
    await broker.converge();
    broker.clock.advance(200);
    broker.entries.applyLate();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(isSoon(broker, timesOf(broker).removeAt)).toBe(true);
    await broker.settle(400);
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
  });

  it("A removal that AWS refuses is retried in the next run, but not in the same one", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ns("theirs") } }));
    broker.clock.advance(60);
    const grant = await broker.activeGrant();
    await broker.end(grant, "return");
    const before = broker.entries.calls.length;
    failCalls(broker, "DisassociateAccessPolicy", refusedWith("AccessDenied"), { times: 1 });
    await broker.converge();
    expect(broker.operations(before)).toEqual(["DisassociateAccessPolicy"]);
    expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
    expect(isDueSoon(broker)).toBe(true);
    await broker.converge();
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("theirs") });
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
  });

  it("A removal that was throttled at the end of a grant is made by the next message, however soon", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    const grant = await broker.activeGrant();
    failCalls(broker, "DisassociateAccessPolicy", THROTTLED, { times: 1 });
    await broker.convergeAtEnd(grant);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
  });

  it("A removal that a stale 404 answers is repeated, and does not end its grant", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ns("theirs") } }));
    broker.clock.advance(60);
    const grant = await broker.activeGrant();
    broker.clock.advance(30);
    await broker.end(grant, "return");
    broker.entries.lag = { list: 40_000, describe: 40_000, judge: 40_000 };
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
    expect(isDueSoon(broker)).toBe(true);
    await broker.settle(20);
    expect(broker.namespaces(EDIT)).toEqual([]);
    await broker.settle(120);
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
  });
});

describe("A second read that fails", () => {
  it("A grant is reported active by the next read if the second read fails", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    failCalls(broker, "DescribeAccessEntry", THROTTLED, { spared: 1, times: 1 });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("A grant that never began ends at once, even if no read is answered", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.end(grant, "cancel");
    failCalls(broker, "DescribeAccessEntry", THROTTLED);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    expect(broker.operations()).toEqual([]);
  });

  it("An end that no read has proven is not reported", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.end(grant, "return");
    failCalls(broker, "DescribeAccessEntry", THROTTLED, { spared: 1 });
    await broker.converge();
    await broker.settle(120);
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
    broker.clearFaults();
    await broker.settle(80);
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
  });
});

describe("A step that cannot be stored", () => {
  it.each([
    new Error("The table does not answer."),
    new BrokerError("dependency-unavailable", "The table does not answer."),
  ])("A run ends if a step cannot be stored, so that its message returns: $name", async (error) => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.beforeEach("requests.save", () => {
      throw error;
    });
    await expect(broker.convergeAtEnd(grant)).rejects.toThrow(error);
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    expect(broker.namespaces(EDIT)).toEqual([]);
    broker.clearFaults();
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
  });

  it("A run makes no call if the ledger cannot be saved, so that its message returns", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const before = broker.entries.calls.length;
    broker.before("ledgers.save", () => {
      throw new Error("The table does not answer.");
    });
    await expect(broker.convergeAtEnd(grant)).rejects.toThrow("The table does not answer.");
    expect(broker.operations(before)).toEqual([]);
  });
});

describe("Changes by others between our call and our read", () => {
  it("Access that others removed before it was read back is looked at again soon", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.after("entries.associate", () =>
      broker.entries.edit(broker.addressOf(), (entry) => ({ tags: entry?.tags ?? {} })),
    );
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    expect(isDueSoon(broker)).toBe(true);
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });

  it("Access that others restored before its end was proven is removed again", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ns("theirs") } }));
    broker.clock.advance(60);
    const grant = await broker.activeGrant();
    const lent = broker.actual();
    await broker.end(grant, "return");
    broker.after("entries.disassociate", () => broker.entries.edit(broker.addressOf(), () => lent));
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
    expect(isDueSoon(broker)).toBe(true);
    await broker.settle(200);
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("theirs") });
  });

  it("An entry that others have just created is left alone until its List is complete", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(120);
    broker.entries.edit(broker.addressOf(), () => undefined);
    failCalls(broker, "CreateAccessEntry", THROTTLED);
    await broker.converge();
    await broker.settle(60);
    broker.clearFaults();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ns("theirs") } }));
    const before = broker.entries.calls.length;
    await broker.settle(40);
    expect(broker.operations(before)).toEqual([]);
    expect(isDueSoon(broker)).toBe(true);
    await broker.settle(40);
    expect(broker.operations(before)).toEqual(["AssociateAccessPolicy"]);
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("theirs") });
  });
});

describe("A read that should confirm an end", () => {
  it("A confirmation whose read fails stays a confirmation, so that sweeps keep their share for it", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    const grant = await broker.activeGrant();
    await broker.convergeAtEnd(grant);
    broker.clock.advance(120);
    broker.faults.push(() => THROTTLED);
    await broker.converge();
    expect(broker.head()).toMatchObject({ dueFor: "confirmation" });
    expect(await broker.states(grant)).toEqual(["ending"]);
  });
});
