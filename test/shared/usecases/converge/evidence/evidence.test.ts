/** The records in a grant's history and in the ledger: each once, and no longer than needed. */
import { describe, expect, it } from "vitest";
import { ns } from "../../../../../lab/fakes/broker-sights.ts";
import { LOST, THROTTLED } from "../../../../../lab/fakes/faults.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";
import { findingsIn } from "../../../../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";

const evidenceOf = async (broker: MemoryBroker, grant: AccessRequest) =>
  (await broker.history(grant)).filter(({ type }) => type === "evidence");

/** All findings in a grant's history, in order. */
const findingsOf = async (broker: MemoryBroker, grant: AccessRequest) =>
  (await broker.history(grant)).flatMap(findingsIn);

describe("Records in the audit trail", () => {
  it("A run without calls, or with refused calls only, records nothing", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const other = await broker.grant({ access: view("payments-api") });
    broker.faults.push(({ operation, session }) =>
      operation === "AssociateAccessPolicy" && session.sessionName.includes(other.id)
        ? THROTTLED
        : undefined,
    );
    // The first call created the entry for both grants; the second call did nothing.
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

  it("Every call is recorded once, even if its step lost a race", async () => {
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

  it("An edit by others between our call and the next read is recorded", async () => {
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

  it("An edit by others is recorded only on grants of that association", async () => {
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

  it("An edit by others is recorded once if the run that finds it ends the grant", async () => {
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

  it("An edit by others is recorded once, even if its step lost a race", async () => {
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

  it("An edit by others is recorded once, even if the pass that found it was fenced off", async () => {
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

  it("Our own unanswered call is not recorded as an edit by others", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    broker.failNext("AssociateAccessPolicy", { ...LOST, applied: "yes" });
    const grant = await broker.activeGrant();
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(await findingsOf(broker, grant)).toEqual([]);
  });

  it("A stale read without our latest addition is not recorded as an edit by others", async () => {
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

  it("A deletion by others is recorded once, however often it is read", async () => {
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

describe("Calls that are not recorded", () => {
  it("The deletion of an entry without a grant's access is not recorded", async () => {
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

describe("A drift check without a finding", () => {
  it("A drift check without a finding writes nothing and calls no timer or queue", async () => {
    const broker = memoryBroker();
    await broker.grant();
    await broker.activeGrant({ access: view("payments-api") });
    broker.clock.advance(300);
    const [calls, sent] = [broker.calls.length, broker.queue.sent.length];
    await broker.converge(broker.binding, { isDriftCheck: true });
    expect(broker.calls.slice(calls)).toEqual([
      "ledgers.load",
      "bindings.view",
      "requests.isEndNoted",
      "requests.isEndNoted",
      "circuits.load",
      "entries.read",
      "entries.principal",
    ]);
    expect(broker.queue.sent).toHaveLength(sent);
  });
});

describe("The ledger", () => {
  it("The ledger keeps nothing of a grant that is over, beside one that is not", async () => {
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

  it("The ledger is emptied, and not deleted, with the last grant", async () => {
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

  it("The ledger is emptied after a grant that never began, because no call was made", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await broker.end(grant, "revoke", "bob");
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(await broker.isAtRest()).toBe(true);
    expect((await broker.ledger())?.revision).toBe(1);
  });

  it("The ledger keeps a grant's end as of its beginning, whatever its record says later", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const stored = broker.tables.grants.get(broker.binding);
    stored?.set(grant.id, { ...grant, revokeAt: "2027-01-01T00:00:00.000Z" });
    await broker.convergeAtEnd(grant);
    expect(broker.actual()).toBeUndefined();
  });
});

describe("A grant whose access no read shows yet", () => {
  it("A grant becomes active with the first read that shows its access", async () => {
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

  it("A grant that is not visible yet is read three times at once, then after pauses", async () => {
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

  it("A grant does not become active by what another entry shows", async () => {
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
