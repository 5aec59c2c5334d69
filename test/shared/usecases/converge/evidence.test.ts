/** What stands in a grant's history, and what the ledger keeps: each once, and no longer than needed. */
import { describe, expect, it } from "vitest";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { LOST, THROTTLED } from "../../../fakes/faults.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  ns,
  VIEW,
  view,
} from "../../../fakes/memory-broker.ts";

const evidenceOf = async (broker: MemoryBroker, grant: AccessRequest) =>
  (await broker.history(grant)).filter(({ type }) => type === "evidence");

/** Every finding in a grant's history, in order. */
const findingsOf = async (broker: MemoryBroker, grant: AccessRequest) =>
  (await broker.history(grant)).flatMap(
    ({ details }) => (details["findings"] ?? []) as { readonly code: string }[],
  );

describe("what is put on record", () => {
  it("is nothing where nothing was done, and no call that AWS turned away alone", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const other = await broker.grant({ access: view("payments-api") });
    broker.faults.push(({ operation, session }) =>
      operation === "AssociateAccessPolicy" && session.sessionName.includes(other.id)
        ? THROTTLED
        : undefined,
    );
    // The first made the entry, which serves both; the second did nothing.
    await broker.converge();
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
    expect(await evidenceOf(broker, grant)).toEqual([]);
    const [only, ...more] = await evidenceOf(broker, other);
    expect(more).toEqual([]);
    expect(only?.details).toMatchObject({
      calls: [{ operation: "CreateAccessEntry" }, { operation: "AssociateAccessPolicy" }],
    });
    expect(Object.keys(only?.details ?? {})).toEqual(["calls"]);
  });

  it("is every call once, also where the step that names it lost a race", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.before("requests.save", async () => {
      await broker.end(grant, "return");
    });
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(await broker.recordedCalls(grant)).toEqual([
      "CreateAccessEntry",
      "AssociateAccessPolicy",
      "DeleteAccessEntry",
    ]);
  });

  it("is an edit by others also where it came between our call and the look after it", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.after("entries.associate", () => {
      broker.clock.advance(60);
      broker.othersPut({ [EDIT]: ns("payments-api", "theirs") });
    });
    await broker.converge();
    expect((await broker.history(grant)).at(-1)).toMatchObject({
      type: "activate",
      details: { findings: [{ code: "entry-edited", found: ns("payments-api", "theirs") }] },
    });
  });

  it("is an edit by others with those alone whose association it was", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const other = await broker.activeGrant({ access: view("payments-api") });
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api", "theirs"), [VIEW]: ns("payments-api") });
    await broker.converge();
    expect(await evidenceOf(broker, grant)).toMatchObject([
      { details: { findings: [{ code: "entry-edited", target: EDIT }] } },
    ]);
    expect(await evidenceOf(broker, other)).toEqual([]);
  });

  it("is an edit by others once, where it is found in the run that ends the grant", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const other = await broker.activeGrant({
      access: edit("payments-web"),
      durationSeconds: 7_200,
    });
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api", "payments-web", "theirs") });
    await broker.convergeAtEnd(grant);
    await broker.settle();
    for (const each of [grant, other])
      expect((await findingsOf(broker, each)).map(({ code }) => code)).toEqual(["entry-edited"]);
  });

  it("is an edit by others once, also where the step that names it lost a race", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api", "theirs") });
    broker.before("requests.save", async () => {
      await broker.end(grant, "return");
    });
    await broker.converge();
    await broker.settle();
    expect((await findingsOf(broker, grant)).map(({ code }) => code)).toEqual(["entry-edited"]);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("is an edit by others once, also where the pass that found it was fenced off", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api", "theirs") });
    broker.before("ledgers.save", async () => {
      const stored = await broker.ledger();
      if (stored) await broker.ledgers.save(stored);
    });
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(broker.logs.map(({ message }) => message)).toContain("another run saved first");
    expect((await findingsOf(broker, grant)).map(({ code }) => code)).toEqual(["entry-edited"]);
  });

  it("is no edit by others where it was our own call that nobody heard of", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    broker.failNext("AssociateAccessPolicy", { ...LOST, applied: "yes" });
    const grant = await broker.activeGrant();
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(await findingsOf(broker, grant)).toEqual([]);
  });

  it("is no edit by others where a stale read does not show what we have just added", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    const grant = await broker.activeGrant();
    broker.clock.advance(10);
    broker.entries.lag = { describe: 30_000, list: 30_000 };
    await broker.converge();
    broker.entries.lag = {};
    await broker.settle(60);
    expect(await findingsOf(broker, grant)).toEqual([]);
    expect(await broker.states(grant)).toEqual(["active"]);
    expect(broker.operations()).toEqual(["AssociateAccessPolicy"]);
  });

  it("is a deletion by others once, look after look", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersDelete();
    await broker.settle(60);
    expect((await findingsOf(broker, grant)).map(({ code }) => code)).toEqual(["entry-deleted"]);
    expect(await broker.states(grant)).toEqual(["active"]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });
});

describe("what is not put on record", () => {
  it("is the deletion of an entry on which nothing of a grant was", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    broker.failNext("AssociateAccessPolicy", THROTTLED);
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersDelete();
    await broker.settle(80);
    expect(await broker.states(grant)).toEqual(["active"]);
    expect(await findingsOf(broker, grant)).toEqual([]);
  });
});

describe("a look that finds nothing amiss", () => {
  it("touches no timer, no queue and no ledger, and changes nothing at EKS", async () => {
    const broker = memoryBroker();
    await broker.grant();
    await broker.activeGrant({ access: view("payments-api") });
    broker.clock.advance(300);
    const [calls, sent] = [broker.calls.length, broker.queue.sent.length];
    await broker.converge();
    expect(broker.calls.slice(calls)).toEqual([
      "ledgers.load",
      "bindings.view",
      "circuits.load",
      "entries.read",
      "entries.principal",
      "bindings.park",
    ]);
    expect(broker.queue.sent).toHaveLength(sent);
  });
});

describe("the ledger", () => {
  it("holds nothing of a grant that is over, beside one that is not", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const other = await broker.activeGrant({ access: view("payments-api") });
    broker.clock.advance(60);
    await broker.end(grant, "return");
    await broker.converge();
    await broker.settle();
    const { targets, begun, fuses } = (await broker.ledger()) ?? {};
    expect(Object.keys(targets ?? {})).toEqual([VIEW]);
    expect(Object.keys(begun ?? {})).toEqual([other.id]);
    expect(fuses).toMatchObject([{ target: VIEW }]);
  });

  it("is emptied, and not deleted, with the last grant", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(await broker.ledger()).toMatchObject({
      binding: broker.binding,
      entry: { arn: null, owned: false, tokens: [] },
      targets: {},
      begun: {},
      fuses: [],
    });
    expect((await broker.ledger())?.revision).toBeGreaterThan(0);
  });

  it("is emptied also of a grant that never began, since nothing was called under it", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.end(grant, "revoke", "bob");
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(await broker.isAtRest()).toBe(true);
    expect((await broker.ledger())?.revision).toBe(1);
  });

  it("keeps a grant's end as it stood when its access began, whatever its record says later", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const stored = broker.tables.grants.get(broker.binding);
    stored?.set(grant.id, { ...grant, revokeAt: "2027-01-01T00:00:00.000Z" });
    await broker.convergeAtEnd(grant);
    expect(broker.actual()).toBeUndefined();
  });
});

describe("a grant whose access is not visible yet", () => {
  it("is active on the first read that shows it, and no sooner", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    broker.entries.lag = { describe: 30_000, list: 30_000 };
    const grant = await broker.activeGrant();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(grant).toMatchObject({ state: "approved" });
    broker.clock.advance(29);
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["approved"]);
    broker.clock.advance(1);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({
      state: "active",
      effectiveAt: broker.clock.now(),
    });
    expect(broker.operations()).toEqual(["AssociateAccessPolicy"]);
  });

  it("is looked at again at once for three times, and then after pauses", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    broker.entries.lag = { describe: 40_000, list: 40_000 };
    await broker.grant();
    for (let look = 1; look <= 5; look += 1) {
      await broker.converge();
      const yields = broker.queue.sent.filter(({ cause }) => cause === "yield").length;
      expect(yields).toBe(Math.min(look, 3));
      broker.clock.advance(1);
    }
    expect(broker.isDueSoon()).toBe(true);
  });

  it("is not active by what another entry shows in the place of the one we know", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [VIEW]: ns("theirs") });
    const grant = await broker.grant();
    broker.after("entries.associate", () => {
      broker.othersDelete();
      broker.othersPut({ [EDIT]: ns("payments-api") });
    });
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["approved"]);
    await broker.settle(60);
    expect(await broker.states(grant)).toEqual(["active"]);
  });
});
