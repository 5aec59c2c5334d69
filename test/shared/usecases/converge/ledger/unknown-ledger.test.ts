/** A ledger that is missing, emptied or older than what it once knew. */
import { describe, expect, it } from "vitest";
import { forge, ns } from "../../../../../lab/fakes/broker-sights.ts";
import { DENIED } from "../../../../../lab/fakes/faults.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";
import { tablesAsOf } from "../../../../../lab/fakes/restored-tables.ts";
import { TAG_TOKEN } from "../../../../../shared/domain/entries/ledger.ts";
import { knowsFrom } from "../../../../../shared/domain/entries/unknown-ledger.ts";
import { findingsIn } from "../../../../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const BEHIND = { code: "ledger-behind" };
const LONG = { durationSeconds: 7_200 } as const;

/** How a ledger comes not to know. */
const LOST: readonly (readonly [string, (broker: MemoryBroker) => () => void])[] = [
  [
    "is missing",
    ({ ledgers }) =>
      () =>
        ledgers.ledgers.clear(),
  ],
  ["was restored to before the grant", (broker) => tablesAsOf(broker).ledgers],
];

const findingsOf = async (broker: MemoryBroker, grant: AccessRequest) =>
  (await broker.history(grant)).flatMap(findingsIn);

describe.each(LOST)("A ledger that %s", (_, past) => {
  it("has what a grant lent on our own entry removed, before its end is reported", async () => {
    const broker = memoryBroker();
    const lose = past(broker);
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    lose();
    broker.watch("requests.save", async ([step]) => {
      const { request } = step as { readonly request: AccessRequest };
      if (request.state === "ended") expect(broker.namespaces(EDIT)).toEqual([]);
    });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(await broker.states(grant)).toEqual(["ending"]);
    await broker.settle(500);
    expect(await broker.reload(grant)).toMatchObject({ state: "ended", outcome: BEHIND });
    expect(await findingsOf(broker, grant)).toContainEqual(expect.objectContaining(BEHIND));
  });

  it("has what a grant lent on an entry of others removed, and leaves the owner's", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base"), [VIEW]: ns("other") });
    const before = broker.actual();
    const lose = past(broker);
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    lose();
    await broker.settle(500);
    expect(broker.actual()).toEqual(before);
    expect(await broker.reload(grant)).toMatchObject({ state: "ended", outcome: BEHIND });
    expect(await broker.isAtRest()).toBe(true);
  });

  it("takes nothing lent for a baseline when the next grant begins", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const lose = past(broker);
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    lose();
    const next = await broker.grant({ access: edit("payments-web"), ...LONG });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["base"]);
    expect(await broker.states(grant, next)).toEqual(["ending", "approved"]);
    await broker.settle(600);
    expect(await broker.states(grant, next)).toEqual(["ended", "active"]);
    expect(broker.namespaces(EDIT)).toEqual(["base", "payments-web"]);
    await broker.convergeAtEnd(next);
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual(["base"]);
  });

  it("has the access of a whole chain of extensions removed", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const lose = past(broker);
    const first = await broker.activeGrant();
    const asked = await broker.extend(first);
    const second = await broker.approve(asked);
    await broker.converge();
    await broker.convergeAtEnd(first);
    await broker.settle();
    expect(await broker.states(first, second)).toEqual(["ended", "active"]);
    lose();
    await broker.settle(500);
    expect(broker.namespaces(EDIT)).toEqual(["base"]);
    expect(await broker.states(second)).toEqual(["ended"]);
  });

  it("leaves standing access that a grant only covered", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("payments-api") });
    const lose = past(broker);
    const grant = await broker.activeGrant();
    expect(grant).toMatchObject({ state: "active" });
    broker.clock.advance(60);
    lose();
    await broker.settle(500);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("proves no end while the entry cannot be read", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const lose = past(broker);
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    lose();
    broker.failNext("DescribeAccessEntry", DENIED, 20);
    await broker.settle(200);
    expect(await broker.states(grant)).toEqual(["ending"]);
    broker.clearFaults();
    await broker.settle(500);
    expect(broker.namespaces(EDIT)).toEqual(["base"]);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("has access removed that was added before its grant was reported active", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const lose = past(broker);
    const grant = await broker.grant();
    broker.before("requests.save", () => {
      throw new Error("The run is over.");
    });
    await expect(broker.converge()).rejects.toThrow("The run is over.");
    expect(broker.namespaces(EDIT)).toEqual(["base", "payments-api"]);
    expect(await broker.states(grant)).toEqual(["approved"]);
    broker.clock.advance(60);
    lose();
    await broker.settle(500);
    expect(broker.namespaces(EDIT)).toEqual(["base"]);
    expect(await broker.reload(grant)).toMatchObject({ state: "failed", outcome: BEHIND });
  });
});

describe("A ledger that was restored while another grant was lent", () => {
  it("keeps the grant that it knows until that ends, and removes what it does not know", async () => {
    const broker = memoryBroker();
    const known = await broker.activeGrant(LONG);
    const { ledgers } = tablesAsOf(broker);
    broker.clock.advance(60);
    const unknown = await broker.activeGrant({ access: edit("payments-web") });
    broker.clock.advance(60);
    ledgers();
    await broker.settle(500);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.states(known, unknown)).toEqual(["active", "ended"]);
    await broker.convergeAtEnd(known);
    await broker.settle();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.isAtRest()).toBe(true);
  });

  it("is noticed by the revision that the head keeps, and adds nothing for a while", async () => {
    const broker = memoryBroker();
    await broker.activeGrant(LONG);
    const { ledgers } = tablesAsOf(broker);
    broker.clock.advance(60);
    const second = await broker.activeGrant({ access: view("payments-api") });
    await broker.end(second, "return");
    await broker.settle();
    ledgers();
    const calls = broker.entries.calls.length;
    const next = await broker.activeGrant({ access: edit("payments-web") });
    expect(next).toMatchObject({ state: "approved" });
    expect(broker.operations(calls)).toEqual([]);
    await broker.settle(600);
    expect(await broker.states(next)).toEqual(["active"]);
    expect(await findingsOf(broker, next)).toContainEqual(BEHIND);
  });

  it("is parked by the run that notices it, so that the binding is not due for ever", async () => {
    const broker = memoryBroker();
    await broker.activeGrant(LONG);
    const head = broker.head();
    if (head) broker.tables.heads.set(broker.binding, { ...head, ledgerRevision: 1_000 });
    broker.clock.advance(60);
    await broker.converge();
    expect(broker.head()?.ledgerRevision).toBe((await broker.ledger())?.revision);
    await broker.settle(600);
    expect((await broker.ledger())?.unsureSince).toBeUndefined();
  });
});

describe("A record that cannot be read", () => {
  it("adds nothing, and delays no removal", async () => {
    const broker = memoryBroker();
    const first = await broker.activeGrant();
    broker.clock.set(first.revokeAt ?? "");
    const next = await broker.grant({ access: view("payments-api") });
    const repair = broker.breakPort("evidence.intents", new Error("The table does not answer."));
    await expect(broker.converge()).rejects.toThrow("The table does not answer.");
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(broker.namespaces(VIEW)).toEqual([]);
    repair();
    await broker.settle();
    expect(await broker.states(first, next)).toEqual(["ended", "active"]);
  });

  it("proves no end of what was never reported active, while the entry cannot be read either", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const { ledgers } = tablesAsOf(broker);
    const grant = await broker.grant();
    broker.before("requests.save", () => {
      throw new Error("The run is over.");
    });
    await expect(broker.converge()).rejects.toThrow("The run is over.");
    ledgers();
    await broker.end(grant, "cancel");
    broker.failNext("DescribeAccessEntry", DENIED, 3);
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ending"]);
    await broker.settle(500);
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(broker.namespaces(EDIT)).toEqual(["base"]);
  });
});

describe("An entry with our tag that no ledger knows", () => {
  const leftOver = async () => {
    const broker = memoryBroker();
    const past = tablesAsOf(broker);
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    past.ledgers();
    past.requests();
    return { broker, expiresAt: grant.expiresAt ?? "" };
  };

  it("gives no baseline: additions stop with a finding, and nothing is removed", async () => {
    const { broker } = await leftOver();
    const next = await broker.activeGrant({ access: edit("payments-web"), ...LONG });
    expect(next).toMatchObject({ state: "approved" });
    await broker.settle(600);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.reload(next)).toMatchObject({ state: "failed", outcome: BEHIND });
    expect(await findingsOf(broker, next)).toContainEqual({
      code: "ledger-behind",
      target: EDIT,
      found: ns("payments-api"),
    });
  });

  it("lends again once the fuse has taken what was on it", async () => {
    const { broker, expiresAt } = await leftOver();
    expect(broker.fuses()).toHaveProperty(EDIT);
    broker.clock.set(expiresAt);
    // The fuse of the grant that no table knows.
    broker.othersPut({});
    broker.clock.advance(60);
    const next = await broker.activeGrant();
    expect(next).toMatchObject({ state: "active" });
    await broker.convergeAtEnd(next);
    await broker.settle();
    expect(broker.actual()?.targets).toEqual({});
  });

  it("is its owner's once they have taken the tag off", async () => {
    const { broker } = await leftOver();
    const actual = broker.actual();
    await broker.activeGrant({ access: edit("payments-web") });
    broker.entries.edit(broker.addressOf(), () => ({ tags: {}, targets: actual?.targets ?? {} }));
    await broker.settle(600);
    const next = await broker.activeGrant({ access: edit("payments-app") });
    expect(next).toMatchObject({ state: "active" });
    await broker.convergeAtEnd(next);
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });

  it("is known where an owner goes on using it, also after its ledger is emptied", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api", "theirs") });
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(broker.actual()?.tags).toHaveProperty(TAG_TOKEN);
    expect((await broker.ledger())?.adopted).toBe(broker.actual()?.accessEntryArn);
    expect(await broker.isAtRest()).toBe(true);
    const next = await broker.activeGrant();
    expect(next).toMatchObject({ state: "active" });
    await broker.convergeAtEnd(next);
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual(["theirs"]);
  });

  it("is doubted until a read begins that shows all that calls did, however late it is judged", async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    broker.clock.advance(60);
    broker.ledgers.ledgers.clear();
    await broker.converge();
    const { unsureSince = "" } = (await broker.ledger()) ?? {};
    broker.clock.set(plusSeconds(knowsFrom(unsureSince, broker.front.settings), -1));
    broker.after("entries.read", () => broker.clock.advance(2));
    await broker.converge();
    expect(await broker.ledger()).toMatchObject({ unsureSince });
    broker.clock.advance(60);
    await broker.converge();
    expect(await broker.ledger()).not.toHaveProperty("unsureSince");
  });

  it("is forgotten once its owner has deleted it, so that its ledger may go", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api", "theirs") });
    await broker.convergeAtEnd(grant);
    await broker.settle();
    broker.othersDelete();
    broker.clock.advance(60);
    await broker.activeGrant();
    expect(await broker.ledger()).not.toHaveProperty("adopted");
  });
});

describe("A requests table that is older than the ledger", () => {
  it("has access removed whose grant is on no record", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const { requests } = tablesAsOf(broker);
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    requests();
    broker.failNext("AssociateAccessPolicy", {
      failure: "busy",
      code: "ServiceUnavailableException",
    });
    broker.clock.set(grant.revokeAt ?? "");
    await broker.converge();
    // The head was missing, so nothing but this run can have it due.
    expect(broker.isDueSoon()).toBe(true);
    await broker.settle(500);
    expect(broker.namespaces(EDIT)).toEqual(["base"]);
    expect(await broker.isAtRest()).toBe(true);
  });

  it("lends nothing by a record that is active again after its end", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const { requests } = tablesAsOf(broker);
    broker.clock.advance(60);
    await broker.end(grant, "return");
    await broker.settle(500);
    requests();
    await broker.settle(500);
    expect(broker.actual()).toBeUndefined();
    expect(await broker.states(grant)).toEqual(["active"]);
  });
});

describe("A ledger that another run saved while it was read", () => {
  it("is not taken for an older one, and nobody is told of it", async () => {
    const broker = memoryBroker();
    const first = await broker.activeGrant(LONG);
    broker.clock.advance(60);
    const second = await broker.grant({ access: edit("payments-web") });
    // The other run begins the grant, and parks, after this run has loaded the ledger.
    broker.after("ledgers.load", () => broker.converge());
    await broker.converge();
    expect(await broker.states(first, second)).toEqual(["active", "active"]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "payments-web"]);
    expect(await findingsOf(broker, second)).not.toContainEqual(expect.objectContaining(BEHIND));
    expect((await broker.ledger())?.unsureSince).toBeUndefined();
  });
});

describe("A forged record beside a ledger that knows", () => {
  it("gains and keeps nothing where it claims to be active", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const grant = await broker.grant();
    forge(broker, grant, { state: "active", effectiveAt: broker.clock.now() });
    await broker.settle(500);
    expect(broker.namespaces(EDIT)).toEqual(["base"]);
    expect(broker.entries.calls).toEqual([]);
  });
});
