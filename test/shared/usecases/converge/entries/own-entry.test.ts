/** The entry that we created: how we recognise it, how long it is ours, and when others own it. */
import { describe, expect, it } from "vitest";
import { ns } from "../../../../../lab/fakes/broker-sights.ts";
import {
  APPLIED_UNANSWERED,
  DENIED,
  LANDS_LATE,
  LOST,
  THROTTLED,
} from "../../../../../lab/fakes/faults.ts";
import { EDIT, memoryBroker, VIEW, view } from "../../../../../lab/fakes/memory-broker.ts";
import { TAG_TOKEN } from "../../../../../shared/domain/entries/ledger.ts";
import { findingsIn } from "../../../../../shared/domain/requests/audit-event.ts";

const LONG = { durationSeconds: 7_200 } as const;

describe("Our own entry", () => {
  it("Our entry is created without access, so a create that lands late gives nobody access", async () => {
    const broker = memoryBroker();
    broker.failNext("CreateAccessEntry", LANDS_LATE);
    const grant = await broker.activeGrant();
    broker.entries.applyLate();
    expect(broker.actual()?.targets).toEqual({});
    expect(grant).toMatchObject({ state: "approved" });
  });

  it("Our entry becomes someone else's once they use it and nothing is lent on it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api"), [VIEW]: ns("theirs") });
    await broker.convergeAtEnd(grant);
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("theirs") });
    await broker.settle();
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("theirs") });
    expect(await broker.isAtRest()).toBe(true);
    const adopted = broker.logs.filter(({ message }) => message === "entry adopted by others");
    expect(adopted).toHaveLength(1);
  });

  it("Our entry becomes someone else's also if they use the association that we lent", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api", "theirs") });
    await broker.convergeAtEnd(grant);
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("theirs") });
    await broker.settle();
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("theirs") });
    expect(await broker.isAtRest()).toBe(true);
  });

  it("Our entry stays ours until a read begins one read lag after our last call", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api"), [VIEW]: ns("theirs") });
    await broker.convergeAtEnd(grant);
    broker.clock.advance(54);
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect((await broker.ledger())?.entry.owned).toBe(true);
    broker.clock.advance(1);
    await broker.converge();
    expect((await broker.ledger())?.entry.owned).toBe(false);
  });

  it("Our entry is deleted if others have left it again before it became theirs", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api"), [VIEW]: ns("theirs") });
    await broker.convergeAtEnd(grant);
    broker.clock.advance(20);
    broker.othersPut({});
    await broker.settle();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.isAtRest()).toBe(true);
  });

  it("Our entry is created again, with a new token, if somebody deletes it during a grant", async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    const first = broker.actual()?.tags[TAG_TOKEN];
    broker.clock.advance(60);
    broker.othersDelete();
    await broker.converge();
    await broker.settle(60);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(broker.actual()?.tags[TAG_TOKEN]).not.toBe(first);
    expect((await broker.ledger())?.entry).toMatchObject({ owned: true });
  });

  it("Our entry keeps its token while its create is unanswered, and the next create has another", async () => {
    const broker = memoryBroker();
    const tokens: unknown[] = [];
    broker.watch("entries.create", ([, , token]) => tokens.push(token));
    await broker.grant();
    broker.failNext("CreateAccessEntry", LOST);
    await broker.converge();
    await broker.settle(400);
    broker.othersDelete();
    await broker.converge();
    const [first, again, next] = tokens;
    expect(again).toBe(first);
    expect(next).not.toBe(first);
    expect(broker.actual()?.tags[TAG_TOKEN]).toBe(next);
    expect((await broker.ledger())?.entry).toMatchObject({ tokens: [next], tokenOpen: false });
  });

  it("Our entry is recognised by its token after a create whose answer was lost", async () => {
    const broker = memoryBroker();
    broker.failNext("CreateAccessEntry", LANDS_LATE);
    const grant = await broker.activeGrant();
    expect((await broker.ledger())?.entry).toMatchObject({ owned: false, tokenOpen: true });
    broker.entries.applyLate();
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
    expect((await broker.ledger())?.entry).toMatchObject({ owned: true, tokenOpen: false });
    await broker.convergeAtEnd(grant);
    expect(broker.actual()).toBeUndefined();
  });

  it("Our entry is recognised by its token, even if it lands after someone else's entry came and went", async () => {
    const broker = memoryBroker();
    broker.failNext("CreateAccessEntry", LANDS_LATE);
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersHad({});
    broker.clock.advance(60);
    await broker.converge();
    broker.othersDelete();
    broker.failNext("CreateAccessEntry", THROTTLED);
    await broker.converge();
    broker.entries.applyLate();
    expect(broker.actual()?.tags).toHaveProperty(TAG_TOKEN);
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(broker.actual()).toBeUndefined();
  });

  it("Our entry is deleted if its create lands after its grant was revoked", async () => {
    const broker = memoryBroker();
    broker.failNext("CreateAccessEntry", LANDS_LATE);
    const grant = await broker.activeGrant();
    await broker.end(grant, "revoke", "bob");
    await broker.converge();
    broker.clock.advance(290);
    broker.entries.applyLate();
    expect(broker.actual()?.targets).toEqual({});
    await broker.settle(200);
    expect(broker.actual()).toBeUndefined();
    expect(await broker.states(grant)).toEqual(["ended"]);
    await broker.settle(200);
    expect(await broker.isAtRest()).toBe(true);
  });

  it("Our entry is deleted in a later run if the first deletion was throttled", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({});
    broker.failNext("DeleteAccessEntry", THROTTLED);
    await broker.convergeAtEnd(grant);
    expect(broker.actual()?.targets).toEqual({});
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    await broker.settle();
    expect(await broker.isAtRest()).toBe(true);
  });

  it("Our entry is emptied in the same run if AWS refuses to delete it, and is reported as bare", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.activeGrant({ access: view("payments-api") });
    broker.failNext("DeleteAccessEntry", DENIED, Number.POSITIVE_INFINITY);
    expect(await broker.convergeAtEnd(grant)).toMatchObject({ bareEntries: 1 });
    expect(broker.actual()?.targets).toEqual({});
    await broker.settle(60);
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(broker.head()?.dueAt).not.toBeNull();
    broker.faults.length = 0;
    await broker.settle();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.isAtRest()).toBe(true);
  });

  it("Our entry keeps what others put on it if AWS refuses to delete it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.failNext("DeleteAccessEntry", DENIED);
    broker.before("entries.remove", () =>
      broker.othersPut({ [EDIT]: ns("payments-api", "theirs") }),
    );
    await broker.convergeAtEnd(grant);
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("theirs") });
    const findings = (await broker.history(grant)).map(findingsIn);
    expect(findings).toContainEqual([
      expect.objectContaining({ code: "entry-edited", found: ns("payments-api", "theirs") }),
    ]);
  });
});

describe("A create that EKS answers with ResourceInUse", () => {
  it("A create answered with ResourceInUse waits, and the grant uses the existing entry", async () => {
    const broker = memoryBroker();
    broker.entries.lag = { describe: 30_000, list: 30_000 };
    broker.othersHad({});
    broker.clock.advance(29);
    broker.entries.edit(broker.addressOf(), () => undefined);
    broker.othersPut({ [VIEW]: ns("theirs") });
    broker.clock.advance(29);
    const grant = await broker.activeGrant();
    expect(grant).toMatchObject({ state: "approved" });
    broker.entries.lag = {};
    await broker.settle();
    expect(await broker.states(grant)).toEqual(["active"]);
    expect((await broker.ledger())?.entry.owned).toBe(false);
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("payments-api"), [VIEW]: ns("theirs") });
  });

  it("A create answered with ResourceInUse after a stale 404 leaves our entry ours", async () => {
    const broker = memoryBroker();
    broker.failNext("CreateAccessEntry", APPLIED_UNANSWERED);
    await broker.grant();
    await broker.converge();
    broker.entries.lag = { describe: 10_000, list: 10_000 };
    broker.failNext("CreateAccessEntry", { failure: "refused", code: "ResourceInUseException" });
    broker.clock.advance(1);
    const grant = await broker.activeGrant(LONG);
    expect(grant).toMatchObject({ state: "approved" });
    broker.entries.lag = {};
    broker.clock.advance(1);
    await broker.converge();
    expect((await broker.ledger())?.entry).toMatchObject({ owned: true, tokenOpen: false });
    expect(await broker.states(grant)).toEqual(["active"]);
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.isAtRest()).toBe(true);
  });

  it("A create answered with ResourceInUse again and again fails no grant", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const inUse = { failure: "refused", code: "ResourceInUseException" } as const;
    broker.failNext("CreateAccessEntry", inUse, 3);
    for (const _ of [1, 2, 3]) {
      await broker.converge();
      expect(await broker.states(grant)).toEqual(["approved"]);
      expect(broker.isDueSoon()).toBe(true);
      broker.clock.advance(20);
    }
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
  });
});

describe("A used token", () => {
  it("A token is not used again for an entry that follows ours within a read lag", async () => {
    const broker = memoryBroker();
    const tokens: unknown[] = [];
    broker.watch("entries.create", ([, , token]) => tokens.push(token));
    const first = await broker.activeGrant();
    broker.clock.advance(5);
    await broker.end(first, "return");
    await broker.converge();
    broker.clock.advance(5);
    const next = await broker.activeGrant();
    expect(new Set(tokens).size).toBe(2);
    expect(next).toMatchObject({ state: "active" });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });

  it("A create without an answer is repeated under its own token, although an earlier one is known", async () => {
    const broker = memoryBroker();
    const tokens: unknown[] = [];
    broker.watch("entries.create", ([, , token]) => tokens.push(token));
    const first = await broker.activeGrant();
    broker.clock.advance(5);
    await broker.end(first, "return");
    await broker.converge();
    broker.clock.advance(5);
    await broker.grant();
    broker.failNext("CreateAccessEntry", LOST);
    for (const _ of [1, 2]) await broker.converge();
    const [, second, again] = tokens;
    expect(again).toBe(second);
    expect(broker.actual()?.tags[TAG_TOKEN]).toBe(second);
  });

  it("A token may be answered with a deleted entry, which is not taken for the present one", async () => {
    const broker = memoryBroker();
    broker.failNext("CreateAccessEntry", APPLIED_UNANSWERED);
    const grant = await broker.activeGrant();
    broker.clock.advance(1);
    broker.othersDelete();
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.states(grant)).toEqual(["approved"]);
    await broker.settle(480);
    expect(await broker.states(grant)).toEqual(["active"]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.isAtRest()).toBe(true);
  });
});
