/** One single grant: its begin, its access until its end, and the rest that it leaves. */
import { describe, expect, it } from "vitest";
import { aFailedCall } from "../../../../lab/fakes/faults.ts";
import { EDIT, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { verifyChains } from "../../../../shared/domain/requests/audit-chain.ts";
import { callsIn } from "../../../../shared/domain/requests/audit-event.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

describe("A grant", () => {
  it("A grant is active as soon as a read shows its access", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    expect(grant).toMatchObject({ state: "active", effectiveAt: broker.clock.now() });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(broker.operations()).toEqual(["CreateAccessEntry", "AssociateAccessPolicy"]);
  });

  it("A grant loses its access in the run at its end, and is ended once a read proves it", async () => {
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

  it("A grant leaves nothing known, due or armed, and a ledger that keeps its revision", async () => {
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

  it("A grant's entry is read once at its end, and once more when a read can prove it", async () => {
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

  it("A grant ends on a whole minute, rounded down, and loses its access a margin before", async () => {
    const broker = memoryBroker();
    broker.clock.set("2026-11-24T10:00:42.500Z");
    const grant = await broker.grant();
    expect(grant.expiresAt).toBe("2026-11-24T11:00:00.000Z");
    expect(grant.revokeAt).toBe("2026-11-24T10:58:00.000Z");
  });

  it("A grant has its schedule, fuse and ledger record before its entry is created", async () => {
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
      "ledgers.save",
      "schedules.armRevocation",
      "schedules.armFuse",
      "ledgers.save",
      "entries.create",
    ]);
    expect(await broker.states(grant)).toEqual(["active"]);
  });

  it("A grant gets no access while its schedule cannot be created", async () => {
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

  it("A grant returned after its calls are visible ends in one run", async () => {
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

  it("A grant returned earlier ends one read lag after its last addition", async () => {
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

  it("A request gets no access before it is approved, whatever message converge receives", async () => {
    const broker = memoryBroker();
    await broker.ask();
    await broker.converge();
    expect(broker.operations()).toEqual([]);
  });

  it("A grant starts later if its requester asked for a later start", async () => {
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

  it("A grant approved by a faster clock starts when converge's clock reaches the approval", async () => {
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

  it("A grant keeps its access if the next run's clock is behind", async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    broker.clock.advance(-5);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });

  it("A grant stays over if the next run's clock is behind", async () => {
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

  it("A grant is due at once if its time comes while converge runs", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.set(plusSeconds(grant.revokeAt ?? "", -1));
    broker.before("entries.read", () => broker.clock.advance(2));
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
    expect(broker.head()).toMatchObject({ dueAt: grant.revokeAt, removeAt: grant.revokeAt });
  });

  it("A grant that has almost no time left before it began fails as too late", async () => {
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

  it("A grant that has begun does not fail as too late, however long its calls take", async () => {
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

  it("A grant's audit trail contains every call with its session", async () => {
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
    const sessions = history.flatMap((event) =>
      callsIn(event).map(({ sessionName }) => sessionName),
    );
    expect(sessions).toEqual(Array(3).fill(`timelatch-${grant.id}`));
  });
});

describe("The report of converge", () => {
  it("A report counts the overdue grants whose end no read has proven", async () => {
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

  it("A second message for an end that no read can show yet causes no call", async () => {
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

  const NOTHING_TO_REPORT = {
    overdueGrants: 0,
    bareEntries: 0,
    fusesRefused: 0,
    timersRefused: 0,
    recordsLeftOut: 0,
    ledgersTooLarge: 0,
    ticketsUnread: 0,
  };

  it("A report is empty if the grant began and ended as it should", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    expect(await broker.converge()).toEqual(NOTHING_TO_REPORT);
    expect(await broker.convergeAtEnd(grant)).toEqual(NOTHING_TO_REPORT);
  });

  it("A report is empty if the message belongs to another run, and only tables are read", async () => {
    const broker = memoryBroker();
    await broker.grant();
    const hold = { extend: async () => false };
    expect(await broker.converge(broker.binding, { hold })).toEqual(NOTHING_TO_REPORT);
    expect(broker.calls).toEqual(["ledgers.load", "bindings.view"]);
  });
});
