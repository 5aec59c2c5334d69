/** People and other runs act during a run. */
import { describe, expect, it } from "vitest";
import {
  failCalls,
  ns,
  THROTTLED,
  UNANSWERED,
  VISIBLE_SECONDS,
} from "../../../../../lab/fakes/broker-sights.ts";
import { ALICE } from "../../../../../lab/fakes/builders.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";

/** Others add an element to the association beside the lent ones. */
const addTheirs = (broker: MemoryBroker, ...lent: string[]) => {
  broker.clock.advance(VISIBLE_SECONDS + 5);
  broker.entries.edit(broker.addressOf(), (entry) => ({
    tags: entry?.tags ?? {},
    targets: { [EDIT]: ns(...lent, "theirs") },
  }));
};

const isStepOf = (type: string) => (args: readonly unknown[]) =>
  (args[0] as { event: { type: string } }).event.type === type;

describe("A revocation during a run", () => {
  it("A revocation at the moment of expiry removes the access and keeps what others have", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const other = await broker.grant({ access: edit("payments-web"), durationSeconds: 7_200 });
    await broker.converge();
    addTheirs(broker, "payments-api", "payments-web");
    broker.before("requests.save", () => broker.end(grant, "revoke", "bob"), isStepOf("expire"));
    const before = broker.calls.length;
    await broker.convergeAtEnd(grant);
    expect(broker.namespaces(EDIT)).toEqual(["payments-web", "theirs"]);
    // The pass that lost the race ends, and the next one reads again.
    const calls = broker.calls.slice(before);
    expect(calls[calls.indexOf("requests.save") + 1]).toBe("ledgers.load");
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "revoked" },
    });
    expect(await broker.reload(other)).toMatchObject({ state: "active" });
  });

  it("A revocation at the moment of withdrawal removes the access and keeps what others have", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    addTheirs(broker, "payments-api");
    broker.principals.set(ALICE, "AROASUCCESSOR");
    broker.before("requests.save", () => broker.end(grant, "revoke", "bob"), isStepOf("withdraw"));
    await broker.converge();
    await broker.settle(200);
    expect(await broker.reload(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "revoked" },
    });
    expect(broker.namespaces(EDIT)).toEqual(["theirs"]);
  });

  it("A revocation during an addition is not lost, and no fuse is deleted before the access", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const there: boolean[] = [];
    broker.after("entries.associate", () => broker.end(grant, "revoke", "bob"));
    broker.beforeEach("schedules.disarmFuse", () => there.push(broker.actual() !== undefined));
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "revoked" },
    });
    expect(there).toEqual([false]);
    expect(await broker.recordedCalls(grant)).toEqual(broker.operations());
  });

  it("A grant revoked during its addition does not end while its removal fails", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.after("entries.associate", () => broker.end(grant, "revoke", "bob"));
    failCalls(broker, "DeleteAccessEntry", THROTTLED);
    await broker.converge();
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
    expect(
      [...broker.schedules.timers.keys()].filter((name) => !name.startsWith("retry")),
    ).toHaveLength(2);
  });

  it("A repeated pass records no call twice for grants that were not part of the race", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const other = await broker.grant({ access: view("payments-api") });
    broker.after("entries.associate", () => broker.end(grant, "revoke", "bob"));
    await broker.converge();
    await broker.settle();
    expect(await broker.reload(other)).toMatchObject({ state: "active" });
    expect(await broker.recordedCalls(other)).toEqual([
      "CreateAccessEntry",
      "AssociateAccessPolicy",
    ]);
  });
});

describe("Two runs of one binding", () => {
  it("A run whose save is refused makes no call and starts again from the other run's ledger", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.end(grant, "return");
    const before = broker.entries.calls.length;
    broker.before("ledgers.save", () => broker.converge());
    await broker.converge();
    expect(broker.operations(before)).toEqual(["DeleteAccessEntry"]);
    expect(broker.logs.map(({ message }) => message)).toContain("another run saved first");
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
  });

  it("A run that loses every race gives up after three passes, without a call", async () => {
    const broker = memoryBroker();
    await broker.grant();
    let saves = 0;
    broker.beforeEach("ledgers.save", async () => {
      const { ledgers, binding } = broker;
      const ledger = await ledgers.load(binding);
      saves += 1;
      if (ledger) await ledgers.save(ledger);
    });
    // The first save of a new ledger succeeds.
    await broker.converge();
    saves = 0;
    await broker.converge();
    const before = broker.entries.calls.length;
    const grant = await broker.grant({ access: view("payments-api") });
    saves = 0;
    await broker.converge();
    expect(saves).toBe(3);
    expect(broker.operations(before)).toEqual([]);
    broker.clearFaults();
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("An older run adds nothing to a grant that a later run has ended before it began", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    // The older run has read the grant and armed its schedule when the later run ends it.
    broker.after("schedules.armRevocation", async () => {
      await broker.end(grant, "cancel");
      await broker.converge();
      expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    });
    await broker.converge();
    expect(broker.operations()).toEqual([]);
    expect(broker.actual()).toBeUndefined();
  });

  it("An older run adds nothing after a later run has emptied the ledger", async () => {
    const broker = memoryBroker();
    const first = await broker.activeGrant();
    const second = await broker.grant({ access: view("payments-api") });
    broker.before("entries.read", async () => {
      await broker.end(first, "return");
      await broker.end(second, "cancel");
      await broker.settle(200);
    });
    await broker.converge();
    await broker.settle();
    for (const grant of [first, second])
      expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    expect(broker.operations()).toEqual([
      "CreateAccessEntry",
      "AssociateAccessPolicy",
      "DeleteAccessEntry",
    ]);
    expect(broker.actual()).toBeUndefined();
  });

  it("A run reads the ledger before the grants, so it knows every grant that the ledger explains", async () => {
    const broker = memoryBroker();
    await broker.grant();
    await broker.converge();
    expect(broker.calls.slice(0, 2)).toEqual(["ledgers.load", "bindings.view"]);
  });

  it("A grant that another run begins in between is not ended as one that never began", async () => {
    const broker = memoryBroker();
    await broker.grant({ access: view("payments-api"), durationSeconds: 7_200 });
    await broker.converge();
    const grant = await broker.grant();
    broker.after("ledgers.load", () => broker.converge());
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("payments-api") });
  });
});

describe("The message of a run", () => {
  it("A run whose message another run now holds only reads the tables", async () => {
    const broker = memoryBroker();
    await broker.grant();
    await broker.converge(broker.binding, { hold: { extend: async () => false } });
    expect(broker.calls).toEqual(["ledgers.load", "bindings.view"]);
    expect(broker.logs).toEqual([
      { message: "message held by another run", facts: { binding: broker.binding } },
    ]);
  });

  it("A run continues if its message can be extended", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const extended: string[] = [];
    const hold = {
      extend: async () => {
        extended.push(...broker.calls, "extended");
        return true;
      },
    };
    await broker.converge(broker.binding, { hold });
    expect(extended).toEqual(["extended"]);
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("A run continues if SQS does not answer whether its message is held", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const hold = { extend: () => Promise.reject(new Error("SQS does not answer.")) };
    await broker.converge(broker.binding, { hold });
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    expect(broker.logs.map(({ message }) => message)).toContain("message not extended");
  });
});

describe("A crash during a removal", () => {
  it("An unanswered deletion is repeated until a read proves it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.end(grant, "return");
    failCalls(broker, "DeleteAccessEntry", { ...UNANSWERED, applied: "later" }, { times: 1 });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    await broker.settle(40);
    expect(broker.actual()).toBeUndefined();
  });
});
