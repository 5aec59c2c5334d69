/** Stale reads. An element that they lack or still show must neither give nor remove anything. */
import { describe, expect, it } from "vitest";
import { ns } from "../../../../../lab/fakes/broker-sights.ts";
import { EDIT, edit, memoryBroker, VIEW, view } from "../../../../../lab/fakes/memory-broker.ts";

/** Both reads show the state from this many seconds ago. */
const behind = (seconds: number) => ({ describe: seconds * 1_000, list: seconds * 1_000 });

describe("A stale read that still shows what we removed", () => {
  it("A stale read does not turn removed access into the owner's, so no later change restores it", async () => {
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

  it("A stale read of a deleted entry does not activate the next grant of the same access", async () => {
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

  it("A stale read keeps the grant ending, and the removal is called again", async () => {
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

describe("A stale read without what others have just added", () => {
  it("A stale read does not make our change remove what others have just added", async () => {
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

describe("A stale read without what others added before a grant began", () => {
  it("A stale read does not make a grant's end remove what others added before it began", async () => {
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

describe("A stale list that shows the previous entry", () => {
  it("A stale list of the previous entry gives nobody what others had on it", async () => {
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

  it("A stale list of the previous entry is not a baseline while our entry is new", async () => {
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

describe("An element that its owner removed while our change was open", () => {
  it("An element that our open change restores is removed again by the next change", async () => {
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

describe("An empty entry that others created in place of ours", () => {
  it("An entry that others created is not deleted when the grant ends on it", async () => {
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
