/** One grant by itself: how it begins, what it has until its end, and what it leaves. */
import { describe, expect, it } from "vitest";
import { verifyChains } from "../../../../shared/domain/requests/audit-chain.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { aFailedCall } from "../../../fakes/memory-access-entries.ts";
import { EDIT, memoryBroker } from "../../../fakes/memory-broker.ts";

describe("a grant", () => {
  it("has its access as soon as a read shows it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    expect(grant).toMatchObject({ state: "active", effectiveAt: broker.clock.now() });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(broker.operations()).toEqual(["CreateAccessEntry", "AssociateAccessPolicy"]);
  });

  it("loses its access in the run at its end, and is ended once a read proves it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.convergeAtEnd(grant);
    expect(broker.actual()).toBeUndefined();
    expect(await broker.reload(grant)).toMatchObject({ state: "ending", endedAt: null });
    const confirmAt = plusSeconds(grant.revokeAt ?? "", 55);
    expect(broker.head()).toMatchObject({ dueAt: confirmAt, dueFor: "confirmation" });
    broker.clock.set(confirmAt);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "expired" },
      endedAt: confirmAt,
    });
  });

  it("leaves nothing known, due or armed, and a ledger that keeps its revision", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const { revision = 0 } = (await broker.ledger()) ?? {};
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(await broker.isAtRest()).toBe(true);
    expect((await broker.ledger())?.revision).toBeGreaterThan(revision);
    expect(broker.operations()).toEqual([
      "CreateAccessEntry",
      "AssociateAccessPolicy",
      "DeleteAccessEntry",
    ]);
  });

  it("reads the entry once at its end, and once more when a read can prove it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const calls = () => broker.calls.filter((site) => site.startsWith("entries.")).length;
    const before = calls();
    await broker.convergeAtEnd(grant);
    expect(calls() - before).toBe(2);
    broker.clock.advance(55);
    await broker.converge();
    expect(calls() - before).toBe(3);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("ends on a whole minute, rounded down, and its access goes a margin before", async () => {
    const broker = memoryBroker();
    broker.clock.set("2026-11-24T10:00:42.500Z");
    const grant = await broker.grant();
    expect(grant.expiresAt).toBe("2026-11-24T11:00:00.000Z");
    expect(grant.revokeAt).toBe("2026-11-24T10:58:00.000Z");
  });

  it("has its schedule, its fuse and its place in the ledger before its entry is created", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.before("entries.create", async () => {
      expect((await broker.ledger())?.begun).toMatchObject({ [grant.id]: { over: false } });
      expect([...broker.schedules.timers.values()].map(({ kind, at }) => [kind, at])).toEqual([
        ["revocation", grant.revokeAt],
        ["fuse", plusSeconds(grant.expiresAt ?? "", 300)],
      ]);
    });
    broker.before("schedules.armFuse", async () => {
      expect((await broker.ledger())?.fuses).toMatchObject([{ target: EDIT, sure: false }]);
    });
    await broker.converge();
    const order = [
      "schedules.armRevocation",
      "ledgers.save",
      "schedules.armFuse",
      "entries.create",
    ];
    const seen = broker.calls.filter((site) => order.includes(site));
    expect(seen.slice(0, 5)).toEqual([
      "schedules.armRevocation",
      "ledgers.save",
      "schedules.armFuse",
      "ledgers.save",
      "entries.create",
    ]);
    expect(await broker.states(grant)).toEqual(["active"]);
  });

  it("gets nothing while its schedule cannot be made", async () => {
    const broker = memoryBroker();
    const repair = broker.breakPort("schedules.armRevocation", aFailedCall("CreateSchedule"));
    const grant = await broker.grant();
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.states(grant)).toEqual(["approved"]);
    expect(broker.isDueSoon()).toBe(true);
    repair();
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
  });

  it("ends in one run where its holder returns it after its calls are visible", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(55);
    expect(await broker.end(grant, "return")).toMatchObject({ state: "ending" });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "returned" },
    });
    expect(broker.actual()).toBeUndefined();
  });

  it("ends a read lag after its last addition where its holder returns it sooner", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(20);
    await broker.end(grant, "return");
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.states(grant)).toEqual(["ending"]);
    broker.clock.advance(34.9);
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ending"]);
    broker.clock.advance(0.1);
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("gets nothing before somebody approves it, whatever converge is sent", async () => {
    const broker = memoryBroker();
    await broker.ask();
    await broker.converge();
    expect(broker.operations()).toEqual([]);
  });

  it("starts later where its holder asked for a later start", async () => {
    const broker = memoryBroker();
    const startsAt = plusSeconds(broker.clock.now(), 7_200);
    const grant = await broker.grant({ startsAt });
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    expect(broker.head()?.dueAt).toBe(startsAt);
    broker.clock.set(startsAt);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active", effectiveAt: startsAt });
    expect(grant.expiresAt).toBe(plusSeconds(startsAt, 3_600));
  });

  it("starts as soon as converge's clock reaches the approval of a clock ahead of it", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.clock.advance(-5);
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["approved"]);
    expect(broker.head()?.dueAt).toBe(grant.approvedAt);
    broker.clock.set(grant.approvedAt ?? "");
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
  });

  it("keeps its access where the next run's clock is behind the one that began it", async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    broker.clock.advance(-5);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });

  it("stays over where the next run's clock is behind the one that ended it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.breakPort("requests.save", new Error("The tables are away."));
    await expect(broker.convergeAtEnd(grant)).rejects.toThrow("The tables are away.");
    expect(broker.actual()).toBeUndefined();
    broker.clock.set(plusSeconds(grant.revokeAt ?? "", -9));
    await broker.converge().catch(() => undefined);
    expect(broker.actual()).toBeUndefined();
    expect((await broker.ledger())?.begun[grant.id]).toMatchObject({ over: true });
  });

  it("is due at once where its time comes while converge is at work", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.set(plusSeconds(grant.revokeAt ?? "", -1));
    broker.before("entries.read", () => broker.clock.advance(2));
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
    expect(broker.head()).toMatchObject({ dueAt: grant.revokeAt, removeAt: grant.revokeAt });
  });

  it("fails as too late where hardly anything of it is left before it began", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.clock.set(plusSeconds(grant.revokeAt ?? "", -89));
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "too-late" },
    });
    expect(broker.operations()).toEqual([]);
  });

  it("does not fail as too late after it has begun, however long its calls take", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.failNext("AssociateAccessPolicy", { failure: "busy", code: "ServiceUnavailable" });
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["approved"]);
    broker.clock.set(plusSeconds(grant.revokeAt ?? "", -89));
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["approved"]);
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "expired" },
    });
    expect(broker.actual()).toBeUndefined();
  });

  it("keeps a chain of evidence in which every call stands with its session", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.convergeAtEnd(grant);
    await broker.settle();
    const history = await broker.history(grant);
    expect(verifyChains(history)).toEqual([]);
    expect(history.map(({ type }) => type)).toEqual([
      "request",
      "approve",
      "activate",
      "expire",
      "settle",
    ]);
    const sessions = history.flatMap(({ details }) =>
      ((details["calls"] ?? []) as { sessionName: string }[]).map(({ sessionName }) => sessionName),
    );
    expect(sessions).toEqual(Array(3).fill(`timelatch-${grant.id}`));
  });
});

describe("the report of converge", () => {
  it("counts the grants whose time is over and whose end no read has proven", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.faults.push(() => ({ failure: "refused", code: "AccessDeniedException" }));
    broker.clock.set(plusSeconds(grant.expiresAt ?? "", -1));
    expect(await broker.converge()).toMatchObject({ overdueGrants: 0 });
    broker.clock.advance(2);
    expect(await broker.converge()).toMatchObject({ overdueGrants: 1 });
    broker.faults.length = 0;
    await broker.settle();
    expect(await broker.converge()).toMatchObject({ overdueGrants: 0 });
  });

  it("a second message of an end that no read can show yet costs no call", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.convergeAtEnd(grant);
    const before = broker.calls.length;
    broker.clock.advance(20);
    await broker.converge();
    const calls = broker.calls.slice(before);
    expect(calls.filter((call) => call.startsWith("entries."))).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
    broker.clock.advance(35);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
  });

  it("is empty where the message belongs to another run, which calls nothing", async () => {
    const broker = memoryBroker();
    await broker.grant();
    const hold = { extend: async () => false };
    expect(await broker.converge(broker.binding, { hold })).toEqual({
      overdueGrants: 0,
      bareEntries: 0,
      fusesRefused: 0,
    });
    expect(broker.calls).toEqual([]);
  });
});
