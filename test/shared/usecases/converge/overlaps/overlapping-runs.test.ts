/**
 * Two runs of one binding at once. The ledger's revision lets one make calls and stops the other.
 */
import { describe, expect, it } from "vitest";
import { failCalls, ns, THROTTLED } from "../../../../../lab/fakes/broker-sights.ts";
import { LANDS_LATE } from "../../../../../lab/fakes/faults.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";
import { findingsIn } from "../../../../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const LONG = { durationSeconds: 7_200 } as const;

const changes = (broker: MemoryBroker) =>
  broker.calls.filter((site) => site.startsWith("entries.") && !READS.has(site));
const READS = new Set(["entries.prepare", "entries.read", "entries.principal", "entries.cluster"]);

describe("An overtaken run", () => {
  it.each(["ledgers.load", "bindings.view", "entries.read", "schedules.armFuse", "ledgers.save"])(
    "A run overtaken before %s makes no second call for the same grant",
    async (site) => {
      const broker = memoryBroker();
      const grant = await broker.grant();
      broker.before(site, () => broker.converge());
      await broker.converge();
      expect(await broker.states(grant)).toEqual(["active"]);
      expect(changes(broker)).toEqual(["entries.create", "entries.associate"]);
    },
  );

  it.each(["entries.create", "entries.associate"])(
    "A run overtaken before %s leaves one entry, which ends with its grant",
    async (site) => {
      const broker = memoryBroker();
      const grant = await broker.grant();
      broker.before(site, () => broker.converge());
      await broker.converge();
      await broker.settle(60);
      expect(await broker.states(grant)).toEqual(["active"]);
      await broker.convergeAtEnd(grant);
      await broker.settle(400);
      expect(broker.actual()).toBeUndefined();
      expect(await broker.states(grant)).toEqual(["ended"]);
      expect(await broker.isAtRest()).toBe(true);
    },
  );

  it.each(["ledgers.load", "bindings.view"])(
    "A run overtaken after %s never mistakes what the other run began for the owner's",
    async (site) => {
      const broker = memoryBroker();
      broker.othersHad({ [EDIT]: ns("base") });
      const first = await broker.activeGrant();
      broker.clock.advance(60);
      const second = await broker.grant({ access: edit("payments-web") });
      broker.after(site, () => broker.converge());
      await broker.converge();
      expect(broker.namespaces(EDIT)).toEqual(["base", "payments-api", "payments-web"]);
      for (const grant of [first, second]) await broker.convergeAtEnd(grant);
      await broker.settle();
      expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("base") });
      expect(await broker.states(first, second)).toEqual(["ended", "ended"]);
    },
  );

  it("An overtaken run does not withdraw a grant that the other run has begun meanwhile", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.after("ledgers.load", () => broker.converge());
    await broker.converge();
    const history = (await broker.history(grant)).map(({ type }) => type);
    expect(history).toEqual(["request", "approve", "activate"]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });

  it("An overtaken run is fenced off by a run that ended a grant which never began", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.before("schedules.armRevocation", async () => {
      await broker.end(grant, "revoke", "bob");
      await broker.converge();
      expect(await broker.states(grant)).toEqual(["ended"]);
    });
    await broker.converge();
    expect(changes(broker)).toEqual([]);
    expect(broker.actual()).toBeUndefined();
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("An overtaken run is fenced off even if the other run has emptied the ledger", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    const next = await broker.grant({ access: view("payments-api") });
    broker.before("schedules.armRevocation", async () => {
      for (const each of [grant, next]) await broker.end(each, "revoke", "bob");
      // The overtaken run may still arm the fuse that it has recorded.
      await broker.settle(400);
      expect(await broker.isAtRest()).toBe(true);
    });
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.states(grant, next)).toEqual(["ended", "ended"]);
    expect((await broker.ledger())?.fuses).toEqual([]);
  });

  it("An overtaken run knows the end that the other run stored, so the next grant begins at once", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(120);
    await broker.end(grant, "return");
    // It reads the grants before the other run, and the ledger after it.
    broker.before("ledgers.load", async () => {
      await broker.converge();
      expect(await broker.states(grant)).toEqual(["ended"]);
    });
    await broker.converge();
    expect(await broker.activeGrant()).toMatchObject({ state: "active" });
  });

  it("An overtaken run makes no call after its save was refused, and starts again from the ledger", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const sites: string[] = [];
    broker.clock.set(grant.revokeAt ?? "");
    broker.before("ledgers.save", () => broker.converge());
    broker.watch("entries.remove", () => sites.push("remove"));
    await broker.converge();
    expect(sites).toEqual(["remove"]);
    expect(broker.logs.map(({ message }) => message)).toContain("another run saved first");
    expect(await broker.states(grant)).not.toEqual(["active"]);
  });

  it("An overtaken run gives up after three passes, and leaves the other run's due time", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.set(grant.revokeAt ?? "");
    let passes = 0;
    broker.watch("ledgers.save", async ([ledger]) => {
      const stored = await broker.ledgers.load(broker.binding);
      if (stored && stored === ledger) return;
      passes += 1;
      if (stored) broker.ledgers.ledgers.set(stored.binding, { ...stored, revision: 100 + passes });
    });
    const before = broker.head();
    await broker.converge();
    expect(passes).toBe(3);
    expect(changes(broker)).toEqual(["entries.create", "entries.associate"]);
    expect(broker.head()).toEqual(before);
  });

  it("An overtaken run does not park the binding with knowledge from before the other's removal", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    // A check that could not read the entry: the next run parks the binding for something else.
    failCalls(broker, "DescribeAccessEntry", THROTTLED, { times: 1 });
    await broker.converge();
    broker.clock.set(plusSeconds(grant.revokeAt ?? "", -1));
    broker.before("bindings.park", async () => {
      broker.clock.advance(1);
      await broker.converge();
      expect(broker.actual()).toBeUndefined();
    });
    await broker.converge();
    expect(broker.head()).toMatchObject({ dueFor: "confirmation", driftCheckAt: null });
  });
});

describe("A run that continues after another run saved its ledger", () => {
  it("A run leaves no access if its addition was open while the grant ended", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    const grant = await broker.grant();
    broker.before("entries.associate", async () => {
      await broker.end(grant, "revoke", "bob");
      await broker.converge();
      expect(await broker.states(grant)).toEqual(["ending"]);
    });
    await broker.converge();
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    await broker.settle(400);
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(broker.actual()?.targets).toEqual({});
  });

  it("A run does not close a call of its own while the other run knows of an open one", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    const grant = await broker.grant();
    broker.before("entries.associate", () => {
      broker.failNext("AssociateAccessPolicy", LANDS_LATE);
      return broker.converge();
    });
    await broker.converge();
    broker.clock.advance(30);
    await broker.converge();
    await broker.end(grant, "return");
    await broker.converge();
    broker.clock.advance(100);
    broker.entries.applyLate();
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(await broker.states(grant)).toEqual(["ending"]);
    await broker.settle(300);
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(broker.actual()?.targets).toEqual({});
  });

  it("A run does not narrow away what the other run added for a grant that it never saw", async () => {
    const broker = memoryBroker();
    const short = await broker.activeGrant();
    broker.clock.set(short.revokeAt ?? "");
    const next = await broker.grant({ access: edit("payments-web"), ...LONG });
    broker.before("entries.remove", () => broker.converge());
    await broker.converge();
    await broker.settle(400);
    expect(await broker.states(short, next)).toEqual(["ended", "active"]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
  });

  it("A run adds nothing for a grant that another run has marked as over", async () => {
    const broker = memoryBroker();
    broker.othersHad({});
    const grant = await broker.grant();
    const repairTables = broker.breakPort("requests.save", new Error("The tables are away."));
    await broker.converge().catch(() => undefined);
    await broker.convergeAtEnd(grant).catch(() => undefined);
    repairTables();
    expect((await broker.ledger())?.begun[grant.id]).toMatchObject({ over: true });
    broker.clock.set(plusSeconds(grant.revokeAt ?? "", -200));
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(await broker.states(grant)).not.toEqual(["active"]);
  });

  it("A later run never reuses a revision of the ledger", async () => {
    const broker = memoryBroker();
    const revisions: number[] = [];
    broker.after("ledgers.save", function note() {
      revisions.push(broker.ledgers.ledgers.get(broker.binding)?.revision ?? 0);
      broker.after("ledgers.save", note);
    });
    for (const _ of [1, 2]) {
      const grant = await broker.activeGrant();
      broker.clock.advance(60);
      await broker.end(grant, "return");
      await broker.settle();
      expect(await broker.isAtRest()).toBe(true);
    }
    expect(new Set(revisions).size).toBe(revisions.length);
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
  });
});

describe("A run that reads what another run of the broker changed", () => {
  /** Alice's Edit in one namespace, and a question for another one that is not approved yet. */
  async function oneActive(since: number) {
    const broker = memoryBroker();
    const first = await broker.activeGrant();
    broker.clock.advance(since);
    const second = await broker.ask({ access: edit("payments-web"), ...LONG });
    const addSecond = async () => {
      await broker.approve(second);
      await broker.converge();
    };
    return { broker, grants: [first, second], addSecond };
  }
  const findingsOf = async (broker: MemoryBroker, grants: readonly AccessRequest[]) => {
    const histories = await Promise.all(grants.map((grant) => broker.history(grant)));
    return histories.flat().flatMap(findingsIn);
  };

  it.each([
    ["in the middle of a grant, where its fuse is looked at", 120],
    ["in the last seconds of a grant, where nothing is added any more", 3_420],
  ])("It accuses nobody of an edit that the other run made %s", async (_, since) => {
    const { broker, grants, addSecond } = await oneActive(since);
    broker.before("entries.read", addSecond);
    await broker.converge();
    await broker.settle(40);
    expect(await findingsOf(broker, grants)).toEqual([]);
  });

  it("It records once what somebody else changed, also where it was overtaken", async () => {
    const { broker, grants, addSecond } = await oneActive(120);
    broker.before("entries.read", async () => {
      await addSecond();
      broker.othersPut({ [EDIT]: ["ns/other", "ns/payments-api", "ns/payments-web"] });
    });
    await broker.converge();
    await broker.settle();
    const found = await findingsOf(broker, grants);
    expect(found).toEqual(
      grants.map(() => ({
        code: "entry-edited",
        target: EDIT,
        expected: ["ns/payments-api", "ns/payments-web"],
        found: ["ns/other", "ns/payments-api", "ns/payments-web"],
      })),
    );
  });
});
