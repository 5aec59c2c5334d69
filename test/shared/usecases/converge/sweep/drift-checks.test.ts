/** Runs that a message calls a drift check: what they write, and when they extend their message. */
import { describe, expect, it } from "vitest";
import { failCalls, THROTTLED } from "../../../../../lab/fakes/broker-sights.ts";
import { PROD, T0 } from "../../../../../lab/fakes/builders.ts";
import { EDIT, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { CLOSED } from "../../../../../shared/domain/clusters/circuit.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { IN_TURN, type NextTimes } from "../../../../../shared/ports/binding-store.ts";
import type { MessageHold } from "../../../../../shared/ports/message-hold.ts";
import { isParkedSo } from "../../../../../shared/usecases/converge/park-binding.ts";

/** A broker with lent access, and a drift check of it whose message another run may have. */
async function checking(isHeld = true) {
  const broker = memoryBroker();
  const grant = await broker.activeGrant();
  broker.clock.advance(300);
  const asked: number[] = [];
  const hold: MessageHold = {
    extend: async () => {
      asked.push(broker.entries.calls.length);
      return isHeld;
    },
  };
  const before = broker.entries.calls.length;
  const check = () => broker.converge(broker.binding, { hold, isDriftCheck: true });
  return { broker, grant, asked, before, check };
}

describe("A drift check", () => {
  it("A drift check that finds nothing extends no message and writes nothing", async () => {
    const { broker, asked, check } = await checking();
    const calls = broker.calls.length;
    await check();
    expect(asked).toEqual([]);
    expect(broker.calls.slice(calls).filter((site) => /save|park|send/.test(site))).toEqual([]);
  });

  it("A drift check extends its message once, before its first change", async () => {
    const { broker, asked, before, check } = await checking();
    broker.othersPut({});
    await check();
    expect(asked).toEqual([before]);
    expect(broker.operations(before)).toEqual(["AssociateAccessPolicy"]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });

  it("A drift check changes nothing if its message belongs to another run", async () => {
    const { broker, before, check } = await checking(false);
    broker.othersPut({});
    const head = broker.head();
    await check();
    expect(broker.operations(before)).toEqual([]);
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(broker.head()).toEqual(head);
    expect(broker.logs.map(({ message }) => message)).toContain("message held by another run");
  });

  it("A drift check ends what is over, since its message says nothing of what to do", async () => {
    const { broker, grant, asked, check } = await checking();
    broker.clock.set(grant.revokeAt ?? "");
    await check();
    expect(asked).toHaveLength(1);
    expect(broker.namespaces(EDIT)).toEqual([]);
  });

  it("A drift check that could not read the entry is stored, to be repeated soon", async () => {
    const { broker, asked, check } = await checking();
    failCalls(broker, "DescribeAccessEntry", THROTTLED);
    const { dueAt, removeAt } = broker.head() ?? {};
    await check();
    expect(asked).toEqual([]);
    expect(broker.head()).toMatchObject({ dueAt, removeAt });
    const again = broker.head()?.driftCheckAt ?? "";
    expect(again > broker.clock.now() && again < plusSeconds(broker.clock.now(), 120)).toBe(true);
  });

  it("A drift check that the cluster's open circuit holds up stays a drift check", async () => {
    const { broker, check } = await checking();
    const { dueAt, removeAt } = broker.head() ?? {};
    const openUntil = plusSeconds(broker.clock.now(), 30);
    await broker.ports.circuits.save(PROD.arn, { ...CLOSED, failures: 5, openUntil });
    await check();
    expect(broker.head()).toMatchObject({ dueAt, removeAt, driftCheckAt: openUntil });
  });

  it("A drift check reads histories only where it has something to put back", async () => {
    const { broker, check } = await checking();
    const read = () => broker.calls.filter((site) => site === "requests.historyPage").length;
    const before = read();
    await check();
    expect(read()).toBe(before);
    broker.othersPut({});
    await check();
    expect(read()).toBeGreaterThan(before);
  });
});

describe("Parking", () => {
  it("A binding is parked again after a step of the same run, which made it due at once", () => {
    const next: NextTimes = {
      dueAt: T0,
      dueFor: "addition",
      removeAt: T0,
      driftCheckAt: IN_TURN,
      attempts: 0,
      reservedBytes: 0,
    };
    const content = { grants: [], leftOut: [], isWhole: true, broken: [] };
    const held = { ledgerRevision: 7, ledgerHolds: false };
    const view = { binding: "binding", version: 3, ...held, ...content, ...next };
    expect(isParkedSo(view, { version: 3, ledgerRevision: 7 }, next)).toBe(true);
    expect(isParkedSo(view, { version: 4, ledgerRevision: 7 }, next)).toBe(false);
    expect(isParkedSo(view, { version: 3, ledgerRevision: 8 }, next)).toBe(false);
    for (const change of [
      ...[{ dueAt: null }, { dueFor: "confirmation" }, { removeAt: null }],
      ...[{ driftCheckAt: T0 }, { attempts: 1 }, { reservedBytes: 1 }],
    ] as const)
      expect(isParkedSo({ ...view, ...change }, { version: 3, ledgerRevision: 7 }, next)).toBe(
        false,
      );
  });

  it("A binding is parked again where the ledger was saved since, although nothing else is new", async () => {
    const { broker, check } = await checking();
    const ledger = await broker.ledger();
    if (!ledger) throw new Error("There is no ledger.");
    const revision = ledger.revision + 7;
    broker.ledgers.ledgers.set(ledger.binding, { ...ledger, revision });
    await check();
    expect(broker.head()).toMatchObject({ ledgerRevision: revision });
  });
});
