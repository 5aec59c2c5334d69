/** Ends by people: they are noted where nobody can take them back, and converge ends the access whatever else is stored. */
import { describe, expect, it } from "vitest";
import { forge, VISIBLE_SECONDS } from "../../../../../lab/fakes/broker-sights.ts";
import { T0 } from "../../../../../lab/fakes/builders.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
} from "../../../../../lab/fakes/memory-broker.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { NO_STOPS } from "../../../../../shared/domain/stops/stops.ts";
import { BrokerError } from "../../../../../shared/domain/values/errors.ts";
import { NonceUsed } from "../../../../../shared/ports/request-store.ts";
import type { ConvergeRun } from "../../../../../shared/usecases/converge/converge-run.ts";
import { endGrant } from "../../../../../shared/usecases/requests/end-grant.ts";
import { recordAttempt } from "../../../../../shared/usecases/requests/record-attempt.ts";

const NOTE = { actor: "alice", at: T0, verb: "return" } as const;

/** Fails each step that people would store. */
const endWhile = (
  broker: MemoryBroker,
  error: Error,
  ...of: ["return" | "revoke", string, string]
) => {
  const [verb, by, id] = of;
  const requests = { ...broker.front.requests, save: async () => Promise.reject(error) };
  return endGrant({ ...broker.front, requests }, broker.actor(by), id, verb);
};

const notes = ({ tables }: MemoryBroker) => tables.endNotes.map(({ id, actor }) => [id, actor]);

describe("An end that is noted", () => {
  it.each<[string, (broker: MemoryBroker) => unknown]>([
    ["as the record says", () => undefined],
    [
      "not to be read",
      (broker) => broker.breakPort("requests.historyPage", new Error("no answer")),
    ],
  ])("The access of an active grant goes where its history is %s", async (_, spoil) => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ["ns/own"] });
    const grant = await broker.activeGrant();
    spoil(broker);
    await broker.front.requests.noteEnd(grant.id, NOTE);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
  });

  it("No run asks for notes of a grant that is over by the ledger, so that its removal waits for none", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const ledger = broker.ledgers.ledgers.get(broker.binding);
    const begun = ledger?.begun[grant.id];
    if (!ledger || !begun) throw new Error("The grant has not begun.");
    const over = { ...ledger, begun: { [grant.id]: { ...begun, over: true } } };
    broker.ledgers.ledgers.set(broker.binding, over);
    const before = broker.calls.length;
    await broker.converge();
    expect(broker.calls.slice(before)).not.toContain("requests.isEndNoted");
    expect(broker.actual()).toBeUndefined();
  });

  it("The access goes also where the run found its record outdated before it could read the note", async () => {
    const broker = memoryBroker();
    const old = await broker.activeGrant();
    const attempt = { tried: "approve", why: "forbidden", who: "mallory" } as const;
    const made = { surface: "slack", proof: {}, nonce: "one" } as const;
    await recordAttempt(broker.front, old.id, { ...attempt, ...made });
    const newest = await broker.reload(old);
    expect(newest.version).toBe(old.version + 1);
    await broker.front.requests.noteEnd(old.id, NOTE);
    forge(broker, old, {});
    broker.before("requests.isEndNoted", () => {
      throw new Error("no answer");
    });
    broker.after("requests.historyPage", () => forge(broker, newest, {}));
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  });

  it.each(["return", "revoke"] as const)(
    "A %s of a grant ends its extension too, whatever others wrote into the records of both",
    async (verb) => {
      const broker = memoryBroker();
      const grant = await broker.activeGrant();
      const extension = await broker.approve(await broker.extend(grant));
      await broker.converge();
      expect(await broker.states(grant, extension)).toEqual(["active", "active"]);
      const { extendedBy: _, extendedUntil: __, ...cut } = await broker.reload(grant);
      forge(broker, cut, {});
      const { extends: ___, ...alone } = await broker.reload(extension);
      forge(broker, alone, {});
      await broker.end(grant, verb, verb === "revoke" ? "bob" : "alice");
      expect(await broker.states(grant, extension)).toEqual(["ending", "active"]);
      await broker.converge();
      expect(broker.actual()).toBeUndefined();
    },
  );

  it("The note of an extension counts where that of what it extends cannot be read", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const extension = await broker.approve(await broker.extend(grant));
    await broker.converge();
    broker.clock.advance(3_600);
    await broker.converge();
    await broker.front.requests.noteEnd(extension.id, NOTE);
    const { isEndNoted } = broker.ports.requests;
    Object.assign(broker.ports.requests, {
      isEndNoted: (id: string, of: "grant" | "chain") =>
        id === grant.id ? Promise.reject(new Error("no answer")) : isEndNoted(id, of),
    });
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  });

  it("A grant that has not begun never does", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.front.requests.noteEnd(grant.id, NOTE);
    await broker.settle();
    expect(broker.entries.calls).toEqual([]);
  });

  it.each(["active", "approved"])(
    "Its grant ends on record as well, where it was %s",
    async (state) => {
      const broker = memoryBroker();
      const grant = state === "active" ? await broker.activeGrant() : await broker.grant();
      await broker.front.requests.noteEnd(grant.id, NOTE);
      await broker.converge();
      await broker.settle(600);
      expect(await broker.reload(grant)).toMatchObject({
        state: "ended",
        outcome: { code: "end-noted" },
      });
    },
  );

  it("Its access goes before its end is stored, where the table does not take that", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.front.requests.noteEnd(grant.id, NOTE);
    broker.before("requests.save", () => {
      throw new BrokerError("dependency-unavailable", "Too busy.");
    });
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.reload(grant)).toMatchObject({ outcome: { code: "end-noted" } });
  });
});

describe("An old record that somebody puts back before converge reads an end", () => {
  it("It keeps no access though nobody ended its grant: its history goes on beyond it", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ["ns/own"] });
    const old = await broker.activeGrant();
    const attempt = { tried: "approve", why: "forbidden", who: "mallory" } as const;
    const made = { surface: "slack", proof: {}, nonce: "one" } as const;
    await recordAttempt(broker.front, old.id, { ...attempt, ...made });
    forge(broker, old, {});
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
  });

  it("It keeps no access where the note cannot be read, since its history goes on beyond it", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ["ns/own"] });
    const old = await broker.activeGrant();
    await broker.end(old, "revoke", "bob");
    forge(broker, old, {});
    broker.breakPort("requests.isEndNoted", new Error("no answer"));
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
  });

  it.each<[string, Partial<AccessRequest>]>([
    ["as it was", {}],
    ["in a version of more events than are read", { version: 5_000 }],
  ])("It keeps no access, %s", async (_, change) => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const old = await broker.reload(grant);
    expect(await broker.end(grant, "revoke", "bob")).toMatchObject({ state: "ending" });
    forge(broker, old, { ...old, ...change });
    // They put the event over as well.
    broker.tables.events.splice(-1, 1);
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  });

  it.each<[string, Partial<ConvergeRun>, Partial<AccessRequest>]>([
    ["a message that has waited long", { waitedSeconds: 31 }, {}],
    ["a drift check", { isDriftCheck: true }, {}],
    ["a drift check of a record without an end", { isDriftCheck: true }, { revokeAt: null }],
  ])("It keeps no access where %s is all that converge gets", async (_, run, change) => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(VISIBLE_SECONDS);
    const old = await broker.reload(grant);
    await broker.end(grant, "revoke", "bob");
    forge(broker, old, change);
    await broker.converge(broker.binding, run);
    expect(broker.actual()).toBeUndefined();
  });
});

describe("The ends that are noted", () => {
  it("One whose step conflicts each time: its access goes", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const conflict = new BrokerError("version-conflict", "Somebody was quicker.");
    await expect(endWhile(broker, conflict, "revoke", "bob", grant.id)).rejects.toThrow(
      "converge takes away any access that it gives",
    );
    expect(notes(broker)).toEqual([[grant.id, "bob"]]);
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  });

  it("Where the note cannot be stored either, nobody is promised that converge ends the access", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const conflict = new BrokerError("version-conflict", "Somebody was quicker.");
    const noteEnd = async () => Promise.reject(new Error("no answer"));
    broker.front.requests.noteEnd = noteEnd;
    await expect(endWhile(broker, conflict, "revoke", "bob", grant.id)).rejects.toBe(conflict);
    expect(notes(broker)).toEqual([]);
  });

  it("One of a chain is noted for all of it that may give access", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const extension = await broker.extend(grant);
    const conflict = new BrokerError("version-conflict", "Somebody was quicker.");
    await expect(endWhile(broker, conflict, "return", "alice", grant.id)).rejects.toMatchObject({
      code: "version-conflict",
    });
    expect(notes(broker)).toEqual([
      [grant.id, "alice"],
      [extension.id, "alice"],
    ]);
  });

  it("One of a chain is noted also for a part whose own record somebody deleted", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const extension = await broker.extend(grant);
    broker.tables.requests.delete(extension.id);
    const conflict = new BrokerError("version-conflict", "Somebody was quicker.");
    const end = endWhile(broker, conflict, "return", "alice", grant.id);
    await expect(end).rejects.toMatchObject({ code: "version-conflict" });
    expect(notes(broker).map(([id]) => id)).toEqual([grant.id, extension.id]);
  });

  it.each<[string, Parameters<typeof endWhile>[2], string]>([
    ["who may not", "return", "bob"],
    ["of a grant that is not active yet", "return", "alice"],
  ])("None by somebody %s", async (_, verb, by) => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const conflict = new BrokerError("version-conflict", "Somebody was quicker.");
    await expect(endWhile(broker, conflict, verb, by, grant.id)).rejects.not.toMatchObject({
      code: "version-conflict",
    });
    expect(notes(broker)).toEqual([]);
  });

  it("None of a grant that became active while its person cancelled it", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const { save } = broker.front.requests;
    let isFirst = true;
    const requests: typeof broker.front.requests = {
      ...broker.front.requests,
      async save(step, options) {
        if (isFirst) await broker.converge();
        isFirst = false;
        await save(step, options);
      },
    };
    await expect(
      endGrant({ ...broker.front, requests }, broker.actor("alice"), grant.id, "cancel"),
    ).rejects.toMatchObject({ code: "illegal-transition" });
    expect(notes(broker)).toEqual([]);
  });

  it("None by a message that acted before", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const error = new NonceUsed("It acted before.");
    await expect(endWhile(broker, error, "return", "alice", grant.id)).rejects.toBe(error);
    expect(notes(broker)).toEqual([]);
  });

  it.each(["is there", "others deleted"])(
    "None by an admin who is suspended, of a grant whose record %s",
    async (record) => {
      const broker = memoryBroker();
      const grant = await broker.activeGrant();
      if (record !== "is there") broker.tables.requests.delete(grant.id);
      const stop = { by: "heidi", at: T0, reason: "INC-1 laptop stolen" };
      const latest = async () => ({ ...NO_STOPS, people: { carol: stop } });
      const front = { ...broker.front, stops: { ...broker.front.stops, latest } };
      const end = endGrant(front, broker.actor("carol"), grant.id, "revoke");
      await expect(end).rejects.toMatchObject({ code: "suspended" });
      expect(notes(broker)).toEqual([]);
    },
  );

  it.each([
    ["None", "suspended", []],
    ["One", "version-conflict", ["bob"]],
  ])(
    "%s of what others forged as lapsed, by an approver whose revocation fails as %s",
    async (_, code, by) => {
      const broker = memoryBroker();
      const grant = await broker.activeGrant();
      forge(broker, grant, { state: "pending", lapsesAt: grant.createdAt });
      const people = code === "suspended" ? { bob: { by: "heidi", at: T0, reason: "INC-1" } } : {};
      broker.front.stops.latest = async () => ({ ...NO_STOPS, people });
      const conflict = new BrokerError("version-conflict", "Somebody was quicker.");
      const end = endWhile(broker, conflict, "revoke", "bob", grant.id);
      await expect(end).rejects.toMatchObject({ code });
      expect(notes(broker).map(([, actor]) => actor)).toEqual(by);
    },
  );

  it("One while nobody can read who is suspended: its access goes", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const latest = async () => Promise.reject(new Error("too busy"));
    const front = { ...broker.front, stops: { ...broker.front.stops, latest } };
    const end = endGrant(front, broker.actor("bob"), grant.id, "revoke");
    await expect(end).rejects.toThrow("too busy");
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  });

  it("One while the table is busy: its access goes", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const busy = new BrokerError("dependency-unavailable", "Too busy.");
    await expect(endWhile(broker, busy, "return", "alice", grant.id)).rejects.toBe(busy);
    expect(notes(broker)).toEqual([[grant.id, "alice"]]);
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  });

  it.each<[string, Partial<AccessRequest>]>([
    ["ended", { state: "ended" }],
    ["failed", { state: "failed", effectiveAt: null }],
    ["cancelled", { state: "cancelled" }],
  ])("One whose own record was forged as %s: its access goes", async (_, change) => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.tables.requests.set(grant.id, { ...grant, ...change });
    await expect(broker.end(grant, "revoke", "bob")).rejects.toThrow("Your end is noted");
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  });

  it("One whose own record others replaced by that of another grant: the access of the one goes", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const other = await broker.activeGrant({ access: edit("payments-web") });
    broker.tables.requests.set(grant.id, other);
    await broker.end(grant, "revoke", "bob").catch(() => undefined);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
    expect(await broker.states(other)).toEqual(["active"]);
  });

  it("One of a grant that is over does not mean its extension, which goes on", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const extension = await broker.approve(await broker.extend(grant));
    await broker.converge();
    await broker.convergeAtEnd(await broker.reload(grant));
    await broker.settle();
    expect(await broker.states(grant, extension)).toEqual(["ended", "active"]);
    await expect(broker.end(grant, "return")).rejects.toThrow("Your end is noted");
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.states(grant, extension)).toEqual(["ended", "active"]);
  });

  it("One whose own record was forged as pending, once its person cancels it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.tables.requests.set(grant.id, { ...grant, state: "pending" });
    await broker.end(grant, "cancel");
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  });
});
