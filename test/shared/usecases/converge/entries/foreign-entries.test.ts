/** Entries and elements of others stay as their owners made them. */
import { describe, expect, it } from "vitest";
import { ns } from "../../../../../lab/fakes/broker-sights.ts";
import { STAGING } from "../../../../../lab/fakes/builders.ts";
import { EDIT, edit, memoryBroker, VIEW, view } from "../../../../../lab/fakes/memory-broker.ts";
import { findingsIn } from "../../../../../shared/domain/requests/audit-event.ts";

describe("An entry that existed before", () => {
  it("An existing entry is restored exactly, and never deleted", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base"), [VIEW]: ns("other") });
    const before = broker.actual();
    const grant = await broker.activeGrant();
    expect(broker.namespaces(EDIT)).toEqual(["base", "payments-api"]);
    await broker.convergeAtEnd(grant);
    expect(broker.actual()).toEqual(before);
    expect(broker.operations()).toEqual(["AssociateAccessPolicy", "AssociateAccessPolicy"]);
    await broker.settle();
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(await broker.isAtRest()).toBe(true);
    expect(broker.actual()).toEqual(before);
  });

  it("An existing entry keeps what its owner added, and does not get back what its owner removed", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api", "added") });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["added", "payments-api"]);
    await broker.convergeAtEnd(grant);
    expect(broker.namespaces(EDIT)).toEqual(["added"]);
    const findings = (await broker.history(grant)).map(findingsIn);
    expect(findings).toContainEqual([
      {
        code: "entry-edited",
        target: EDIT,
        expected: ns("base", "payments-api"),
        found: ns("added", "payments-api"),
      },
    ]);
  });

  it("An existing entry keeps what its owner adds by hand after a grant of the same has ended", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    await broker.end(grant, "return");
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ended"]);
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("base", "payments-api") });
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual(["base", "payments-api"]);
    expect(await broker.isAtRest()).toBe(true);
  });

  it("An element added by hand stays if the run ended while reporting the end of the grant", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    await broker.end(grant, "return");
    broker.after("requests.save", () => {
      throw new Error("The run is over.");
    });
    await expect(broker.converge()).rejects.toThrow("The run is over.");
    expect(await broker.states(grant)).toEqual(["ended"]);
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("base", "payments-api") });
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual(["base", "payments-api"]);
    // The grant's own schedule stays, and fires without effect.
    broker.clock.set(grant.revokeAt ?? "");
    expect(await broker.isAtRest()).toBe(true);
  });

  it("An element that its owner added by hand during a grant of the same ends with the grant", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("base", "payments-api") });
    await broker.convergeAtEnd(grant);
    expect(broker.namespaces(EDIT)).toEqual(["base"]);
  });

  it("An existing entry keeps its username when its groups are updated", async () => {
    const broker = memoryBroker();
    const address = broker.addressOf(STAGING.arn);
    const since = "2026-11-01T00:00:00.000Z";
    broker.entries.edit(address, () => ({ username: "alice@corp" }), since);
    const grant = await broker.activeGrant({
      cluster: "staging",
      access: { groups: ["eks-admins"] },
    });
    expect(grant).toMatchObject({ state: "active" });
    expect(broker.entries.peek(address)).toMatchObject({ username: "alice@corp" });
    await broker.convergeAtEnd(grant);
    expect(broker.entries.peek(address)).toMatchObject({ username: "alice@corp", targets: {} });
  });
});

describe("An entry that others create while a grant waits", () => {
  it("A new entry of others counts once it is as old as the read lag", async () => {
    const broker = memoryBroker();
    broker.othersPut({ [VIEW]: ns("theirs") });
    const grant = await broker.activeGrant();
    expect(grant).toMatchObject({ state: "approved" });
    broker.clock.advance(54.9);
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["approved"]);
    expect(broker.operations()).toEqual([]);
    expect(broker.isDueSoon()).toBe(true);
    broker.clock.advance(0.1);
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
    expect(broker.actual()?.targets).toEqual({
      [EDIT]: ns("payments-api"),
      [VIEW]: ns("theirs"),
    });
  });

  it("A new entry belongs to its creator, even if its list of policies was stale at first", async () => {
    const broker = memoryBroker();
    broker.entries.lag = { list: 44_000 };
    broker.othersPut({ [EDIT]: ns("payments-api", "theirs") });
    const before = broker.actual();
    const grant = await broker.grant();
    await broker.settle();
    expect(await broker.states(grant)).toEqual(["active"]);
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(broker.actual()).toEqual(before);
  });

  it("An entry that others create between our read and our create is not ours", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.before("entries.create", () => broker.othersPut({ [VIEW]: ns("theirs") }));
    await broker.converge();
    await broker.settle(60);
    expect(await broker.states(grant)).toEqual(["active"]);
    expect((await broker.ledger())?.entry.owned).toBe(false);
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("theirs") });
    expect(broker.operations()).not.toContain("DeleteAccessEntry");
  });

  it("An entry that others create before ours keeps the access that a grant was about to lend", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.before("entries.create", () => broker.othersPut({ [EDIT]: ns("payments-api") }));
    await broker.converge();
    const theirs = broker.actual();
    expect(theirs?.tags).toEqual({});
    await broker.settle(60);
    expect(await broker.states(grant)).toEqual(["active"]);
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(broker.actual()).toEqual(theirs);
  });
});

describe("An entry that others recreated", () => {
  it("A recreated entry belongs to its creator, and a grant lends and ends on it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersDelete();
    broker.othersPut({ [VIEW]: ns("theirs") });
    await broker.converge();
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("theirs") });
    await broker.settle(60);
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("payments-api"), [VIEW]: ns("theirs") });
    const findings = (await broker.history(grant)).map(findingsIn);
    expect(findings).toContainEqual([{ code: "entry-replaced" }]);
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("theirs") });
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("A recreated entry gets no addition while its list may be incomplete", async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersDelete();
    broker.othersPut({ [EDIT]: ns("theirs") });
    broker.entries.lag = { list: 1_000 };
    await broker.activeGrant({ access: edit("payments-web") });
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("theirs") });
    await broker.settle(80);
    expect(broker.actual()?.targets).toEqual({
      [EDIT]: ns("payments-api", "payments-web", "theirs"),
    });
  });

  it("A recreated entry keeps the grant's access if its creator gave it, long after our call", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(120);
    broker.othersDelete();
    broker.othersPut({ [EDIT]: ns("payments-api") });
    const theirs = broker.actual();
    await broker.settle(60);
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(broker.actual()).toEqual(theirs);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("A recreated entry loses the access that our own call added just after its creation", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [VIEW]: ns("theirs") });
    const grant = await broker.grant();
    broker.before("entries.associate", () => {
      broker.othersDelete();
      broker.othersPut({ [VIEW]: ns("theirs") });
    });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    await broker.settle();
    expect(await broker.states(grant)).toEqual(["active"]);
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("theirs") });
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("A recreated entry does not get back what we removed, even if a stale read still shows it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    // So soon that our Associate may have landed on the new entry.
    broker.othersDelete();
    broker.othersPut({ [EDIT]: ns("payments-api") });
    broker.clock.advance(20);
    await broker.end(grant, "return");
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    broker.clock.advance(38);
    broker.entries.lag = { describe: 44_000, list: 44_000 };
    const next = await broker.activeGrant({ access: edit("payments-web") });
    broker.entries.lag = {};
    await broker.settle();
    expect(await broker.states(grant, next)).toEqual(["ended", "active"]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
  });

  it("A recreated entry keeps what its owner put on it during an outage, once it can be read", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(120);
    broker.othersDelete();
    broker.clock.advance(60);
    const down = { failure: "unknown", code: "InternalFailure" } as const;
    broker.faults.push(() => down);
    await broker.end(grant, "return");
    await broker.settle(60);
    broker.othersPut({ [EDIT]: ns("payments-api", "theirs") });
    await broker.settle(60);
    broker.clearFaults();
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "theirs"]);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("A recreated entry is not confused with the old one that a stale read still shows", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersDelete();
    broker.othersPut({ [VIEW]: ns("theirs") });
    broker.clock.advance(56);
    await broker.converge();
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("payments-api"), [VIEW]: ns("theirs") });
    const revision = (await broker.ledger())?.revision;
    broker.entries.lag = { describe: 58_000, list: 58_000 };
    await broker.converge();
    expect((await broker.ledger())?.revision).toBe(revision);
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("payments-api"), [VIEW]: ns("theirs") });
    expect(await broker.states(grant)).toEqual(["active"]);
  });
});

describe("Access of others on an entry", () => {
  it("An association of others is never touched by a grant of another association", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [VIEW]: ns("theirs") });
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api"), [VIEW]: ns("theirs", "more") });
    await broker.converge();
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("theirs", "more") });
  });

  it("Elements of others join the baseline when a later grant needs their association", async () => {
    const broker = memoryBroker();
    const first = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api"), [VIEW]: ns("theirs") });
    const second = await broker.activeGrant({ access: view("payments-api") });
    expect(broker.namespaces(VIEW)).toEqual(["payments-api", "theirs"]);
    await broker.convergeAtEnd(first);
    await broker.settle(60);
    await broker.convergeAtEnd(second);
    await broker.settle();
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ns("theirs") });
    expect(await broker.states(first, second)).toEqual(["ended", "ended"]);
    expect(await broker.isAtRest()).toBe(true);
  });
});
