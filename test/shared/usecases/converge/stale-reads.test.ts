/** Reads that show the past: what they lack or still have must neither give nor take anything. */
import { describe, expect, it } from "vitest";
import { EDIT, edit, memoryBroker, ns, VIEW, view } from "../../../fakes/memory-broker.ts";

/** Both reads show what was so many seconds ago. */
const behind = (seconds: number) => ({ describe: seconds * 1_000, list: seconds * 1_000 });

describe("a read that still shows what a removal of ours took", () => {
  it("does not make it the owner's, so that no later change brings it back", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const first = await broker.activeGrant();
    broker.clock.advance(60);
    await broker.end(first, "return");
    await broker.converge();
    expect(await broker.states(first)).toEqual(["ended"]);
    broker.clock.advance(10);
    broker.entries.lag = behind(30);
    const second = await broker.activeGrant({ access: edit("payments-web") });
    broker.entries.lag = {};
    await broker.settle(60);
    expect(broker.namespaces(EDIT)).toEqual(["base", "payments-web"]);
    await broker.convergeAtEnd(second);
    await broker.settle();
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("base") });
  });

  it("does not make the next grant of the same active by an entry that is gone", async () => {
    const broker = memoryBroker();
    const first = await broker.activeGrant();
    broker.clock.advance(60);
    await broker.end(first, "return");
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    broker.clock.advance(10);
    broker.entries.lag = behind(30);
    const next = await broker.activeGrant();
    expect(next).toMatchObject({ state: "approved" });
    broker.entries.lag = {};
    await broker.settle(60);
    expect(await broker.states(next)).toEqual(["active"]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    await broker.convergeAtEnd(next);
    await broker.settle();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.isAtRest()).toBe(true);
  });

  it("keeps the grant ending, and the removal is called again", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.convergeAtEnd(grant);
    broker.clock.advance(10);
    broker.entries.lag = behind(30);
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ending"]);
    broker.entries.lag = {};
    await broker.settle(60);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });
});

describe("a read that lacks what others have just added", () => {
  it("does not let our own change take it away", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const grant = await broker.activeGrant();
    const lastSeconds = Date.parse(grant.revokeAt ?? "") - 5_000;
    broker.clock.set(new Date(lastSeconds).toISOString());
    broker.othersPut({ [EDIT]: ns("base", "payments-api", "added") });
    await broker.converge();
    broker.entries.lag = behind(8);
    await broker.convergeAtEnd(grant);
    expect(broker.namespaces(EDIT)).toEqual(["added", "base"]);
    broker.entries.lag = {};
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual(["added", "base"]);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });
});

describe("a read that lacks what others had added just before a grant began", () => {
  it("does not let the end of the grant take it away", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    broker.othersPut({ [EDIT]: ns("added", "base") });
    broker.clock.advance(1);
    const grant = await broker.activeGrant();
    broker.clock.advance(2);
    broker.entries.lag = behind(4);
    await broker.end(grant, "return");
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["added", "base"]);
  });
});

describe("a list that shows what was on an entry's predecessor", () => {
  it("gives nobody what others had on it, beside what is lent on our young entry", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("theirs") });
    broker.clock.advance(60);
    broker.othersDelete();
    broker.clock.advance(1);
    broker.after("entries.associate", () => {
      broker.entries.lag = { list: 10_000 };
    });
    const first = await broker.activeGrant();
    broker.clock.advance(2);
    const second = await broker.activeGrant({ access: edit("payments-web") });
    broker.entries.lag = {};
    await broker.settle(60);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "payments-web"]);
    expect(await broker.states(first, second)).toEqual(["active", "active"]);
    await broker.convergeAtEnd(second);
    await broker.settle();
    expect(broker.actual()).toBeUndefined();
  });

  it("is no baseline of an association that a grant touches first while our entry is young", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [VIEW]: ns("theirs") });
    broker.clock.advance(60);
    broker.othersDelete();
    broker.clock.advance(1);
    await broker.activeGrant();
    broker.clock.advance(2);
    broker.entries.lag = { list: 10_000 };
    const second = await broker.activeGrant({ access: view("payments-web") });
    broker.entries.lag = {};
    await broker.settle(60);
    expect(broker.namespaces(VIEW)).toEqual(["payments-web"]);
    expect(await broker.states(second)).toEqual(["active"]);
  });
});

describe("what its owner removed while our change that carries it was under way", () => {
  it("comes back by our change, and goes again by the next", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api") });
    broker.clock.advance(2);
    broker.entries.lag = behind(10);
    await broker.activeGrant({ access: edit("payments-web") });
    expect(broker.namespaces(EDIT)).toEqual(["base", "payments-api", "payments-web"]);
    broker.clock.advance(2);
    broker.entries.lag = behind(3);
    await broker.converge();
    broker.entries.lag = {};
    await broker.settle(80);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "payments-web"]);
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });
});

describe("an entry that others made bare in the place of ours", () => {
  it("is not deleted when the grant ends on it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersDelete();
    broker.othersPut({});
    await broker.settle(80);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(broker.actual()?.targets).toEqual({});
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(await broker.isAtRest()).toBe(true);
  });
});
