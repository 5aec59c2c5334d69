/** Removals come first: before timers, records and additions, whatever else there is to do. */
import { describe, expect, it } from "vitest";
import {
  failCalls,
  isLedgerEmpty,
  ns,
  refusedWith,
  THROTTLED,
  UNANSWERED,
  VISIBLE_SECONDS,
  watchAws,
} from "../../../../../lab/fakes/broker-sights.ts";
import { ALICE, STAGING } from "../../../../../lab/fakes/builders.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import type { Access } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { STEPS_AT_ONCE } from "../../../../../shared/ports/request-store.ts";

const STAGED = bindingKey(STAGING.arn, ALICE);
const WHOLE: Access = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } };
const CHANGES = /^entries\.(create|updateGroups|associate|disassociate|remove)$/;
const ARMS = /^schedules\.arm/;

const firstOf = (calls: readonly string[], pattern: RegExp) =>
  calls.findIndex((call) => pattern.test(call));
const countOf = (calls: readonly string[], pattern: RegExp) =>
  calls.filter((call) => pattern.test(call)).length;

/** A broker where one person may have any number of grants. */
const roomy = () =>
  memoryBroker({ settings: { openGrantsPerPerson: 2_000, requestsPerWindow: 5_000 } });

/** Creates this many grants of Alice on staging, which the policy approves by itself. */
const pile = async (broker: MemoryBroker, count: number) => {
  const grants = [];
  for (let each = 0; each < count; each += 1)
    grants.push(await broker.grant({ cluster: "staging", access: WHOLE }));
  return grants;
};

/** A run of eight seconds on staging, in which each call of Scheduler takes a second. */
const slowRun = async (broker: MemoryBroker) => {
  const before = broker.calls.length;
  await broker.converge(STAGED, broker.timed(8));
  return broker.calls.slice(before);
};

const slowScheduler = (broker: MemoryBroker) => {
  for (const method of ["armRevocation", "armFuse", "disarmRevocation", "disarmFuse"])
    broker.beforeEach(`schedules.${method}`, () => broker.clock.advance(1));
};

describe("A removal with many grants to begin", () => {
  it.each([150, 180])(
    "A revocation is the first call that changes anything, with %i grants to begin",
    async (count) => {
      const broker = roomy();
      const address = broker.addressOf(STAGING.arn);
      const groups = await broker.grant({ cluster: "staging", access: { groups: ["eks-admins"] } });
      await broker.converge(STAGED);
      slowScheduler(broker);
      await pile(broker, count);
      await broker.end(groups, "revoke", "carol");
      const calls = await slowRun(broker);
      expect(calls[firstOf(calls, CHANGES)]).toBe("entries.updateGroups");
      expect(firstOf(calls, CHANGES)).toBeLessThan(firstOf(calls, ARMS));
      expect(countOf(calls, ARMS)).toBeLessThan(7);
      expect(broker.entries.peek(address)?.targets["groups"]).toBeUndefined();
    },
  );

  it("All of many grants begin eventually, a limited number per run", async () => {
    const broker = roomy();
    const grants = await pile(broker, 25);
    const arms: number[] = [];
    for (let run = 0; run < 4; run += 1) {
      const before = broker.calls.length;
      await broker.converge(STAGED);
      arms.push(countOf(broker.calls.slice(before), /armRevocation/));
    }
    expect(arms).toEqual([10, 10, 5, 0]);
    for (const grant of grants)
      expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("All of many grants begin eventually, even if each call of Scheduler takes a second", async () => {
    const broker = roomy();
    slowScheduler(broker);
    const grants = await pile(broker, 12);
    for (let run = 0; run < 12; run += 1) await slowRun(broker);
    for (const grant of grants)
      expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("A run stops arming fuses before its work time is over", async () => {
    const broker = roomy();
    const address = broker.addressOf();
    for (const policy of ["AmazonEKSEditPolicy", "AmazonEKSViewPolicy"] as const)
      await broker.grant({
        access: { policy, scope: { type: "namespace", namespaces: ["payments-api"] } },
      });
    broker.beforeEach("schedules.armFuse", () => broker.clock.advance(4));
    await broker.converge(broker.binding, broker.timed(8));
    expect(broker.calls.filter((call) => call === "schedules.armFuse")).toHaveLength(1);
    expect(Object.keys(broker.entries.peek(address)?.targets ?? {})).toEqual([EDIT]);
  });

  it("A binding that waits for timers goes to the end of the queue", async () => {
    const broker = roomy();
    await pile(broker, 25);
    await broker.converge(STAGED);
    expect(broker.queue.sent.at(-1)).toEqual({ subject: STAGED, cause: "yield" });
  });
});

describe("An expiry of many grants", () => {
  it("An expiry removes the access first, and then stores all grants in few transactions", async () => {
    const broker = roomy();
    const grants = await pile(broker, 60);
    for (let run = 0; run < 6; run += 1) await broker.converge(STAGED);
    broker.clock.set(grants[0]?.revokeAt ?? "");
    const before = broker.calls.length;
    await broker.converge(STAGED);
    const calls = broker.calls.slice(before);
    expect(broker.entries.peek(broker.addressOf(STAGING.arn))).toBeUndefined();
    expect(calls.indexOf("entries.remove")).toBeLessThan(calls.indexOf("requests.saveAll"));
    expect(countOf(calls, /requests\.saveAll/)).toBe(Math.ceil(60 / STEPS_AT_ONCE));
    expect(countOf(calls, /requests\.save$/)).toBe(0);
    await broker.settle(120, STAGED);
    for (const grant of grants)
      expect(await broker.reload(grant)).toMatchObject({
        state: "ended",
        outcome: { code: "expired" },
      });
  });

  it("An expiry is stored one by one if somebody ends one of the grants at that moment", async () => {
    const broker = roomy();
    const [first, ...others] = await pile(broker, 5);
    if (!first) throw new Error("There is no grant.");
    await broker.converge(STAGED);
    broker.clock.set(first.revokeAt ?? "");
    broker.before("requests.saveAll", () => broker.end(first, "return"));
    await broker.converge(STAGED);
    expect(await broker.reload(first)).toMatchObject({ outcome: { code: "returned" } });
    for (const grant of others)
      expect(await broker.reload(grant)).toMatchObject({ outcome: { code: "expired" } });
    await broker.settle(120, STAGED);
    for (const grant of [first, ...others])
      expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
  });

  it("The calls of an expiry are recorded in the history of each grant that they served", async () => {
    const broker = memoryBroker();
    const first = await broker.grant();
    const second = await broker.grant({ access: view("payments-api") });
    await broker.converge();
    await broker.convergeAtEnd(first);
    for (const { id } of [first, second]) {
      const last = (await broker.ports.requests.history(id)).at(-1);
      expect(last).toMatchObject({
        type: "expire",
        details: { calls: [{ operation: "DeleteAccessEntry", result: "ok" }] },
      });
    }
  });
});

describe("A deletion of our entry that AWS refuses", () => {
  const deniedDeletion = async () => {
    const broker = memoryBroker();
    const first = await broker.grant();
    const second = await broker.grant({ access: view("payments-api") });
    await broker.converge();
    failCalls(broker, "DeleteAccessEntry", refusedWith("AccessDenied"));
    return { broker, first, second, before: broker.entries.calls.length };
  };

  it("A refused deletion falls back to removing every policy, in the same run", async () => {
    const { broker, first, before } = await deniedDeletion();
    const report = await broker.convergeAtEnd(first);
    expect(broker.operations(before)).toEqual([
      "DeleteAccessEntry",
      "DisassociateAccessPolicy",
      "DisassociateAccessPolicy",
    ]);
    expect(broker.actual()?.targets).toEqual({});
    expect(report).toMatchObject({ bareEntries: 1 });
  });

  it("A refused deletion clears groups too, in the same run", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant({ cluster: "staging", access: { groups: ["eks-admins"] } });
    await broker.converge(STAGED);
    failCalls(broker, "DeleteAccessEntry", refusedWith("AccessDenied"));
    broker.clock.set(grant.revokeAt ?? "");
    await broker.converge(STAGED);
    expect(broker.entries.peek(broker.addressOf(STAGING.arn))?.targets).toEqual({});
  });

  it("A refused deletion reads the entry again and keeps what others have added", async () => {
    const { broker, first } = await deniedDeletion();
    broker.clock.advance(600);
    broker.before("entries.remove", () =>
      broker.entries.edit(broker.addressOf(), (entry) => ({
        tags: entry?.tags ?? {},
        targets: { ...entry?.targets, [EDIT]: ns("payments-api", "theirs") },
      })),
    );
    await broker.convergeAtEnd(first);
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("theirs") });
  });

  it("Grants end even if our empty entry stays, which is deleted once AWS allows it", async () => {
    const { broker, first, second } = await deniedDeletion();
    await broker.convergeAtEnd(first);
    await broker.settle(200);
    for (const grant of [first, second])
      expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    expect(broker.actual()).toBeDefined();
    broker.clearFaults();
    await broker.settle(200);
    expect(broker.actual()).toBeUndefined();
    expect(await isLedgerEmpty(broker)).toBe(true);
  });
});

describe("A removal while reads fail", () => {
  it.each([
    ["throttled", THROTTLED],
    ["unanswered", UNANSWERED],
  ])("A removal goes ahead without a read after two that are %s", async (_, fault) => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    failCalls(broker, "DescribeAccessEntry", fault);
    const asked = watchAws(broker);
    await broker.convergeAtEnd(grant);
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(asked.slice(0, 3)).toEqual([
      "DescribeAccessEntry",
      "DescribeAccessEntry",
      "DisassociateAccessPolicy",
    ]);
    expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
  });

  it("A removal waits for only one read if little of the run is left", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    failCalls(broker, "DescribeAccessEntry", THROTTLED);
    broker.clock.set(grant.revokeAt ?? "");
    const asked = watchAws(broker);
    await broker.converge(broker.binding, { millisLeft: () => 5_000 });
    expect(asked.slice(0, 2)).toEqual(["DescribeAccessEntry", "DisassociateAccessPolicy"]);
  });

  it("A removal tries a second read if the first had no answer", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.failNext("DescribeAccessEntry", UNANSWERED);
    broker.clock.set(plusSeconds(grant.expiresAt ?? "", -59));
    const asked = watchAws(broker);
    await broker.converge();
    expect(asked.slice(0, 3)).toEqual([
      "DescribeAccessEntry",
      "DescribeAccessEntry",
      "DeleteAccessEntry",
    ]);
  });

  it("A removal waits for only one read if the run's work time is over", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    failCalls(broker, "DescribeAccessEntry", THROTTLED);
    broker.clock.set(grant.revokeAt ?? "");
    const asked = watchAws(broker);
    await broker.converge(broker.binding, { millisLeft: () => 2_000 });
    expect(asked.slice(0, 2)).toEqual(["DescribeAccessEntry", "DisassociateAccessPolicy"]);
  });

  it("A removal without a read takes only associations without a baseline", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [EDIT]: ns("base") } }));
    broker.clock.advance(60);
    const first = await broker.grant();
    const second = await broker.grant({ access: view("payments-api") });
    await broker.converge();
    failCalls(broker, "DescribeAccessEntry", THROTTLED);
    await broker.convergeAtEnd(first);
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("base", "payments-api") });
    broker.clearFaults();
    await broker.settle();
    expect(broker.actual()?.targets).toEqual({ [EDIT]: ns("base") });
    for (const grant of [first, second])
      expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
  });

  it("Nothing is added if no read is answered", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.grant({ access: view("payments-api"), durationSeconds: 7_200 });
    failCalls(broker, "DescribeAccessEntry", THROTTLED);
    await broker.convergeAtEnd(grant);
    expect(broker.operations()).toEqual([
      "CreateAccessEntry",
      "AssociateAccessPolicy",
      "DisassociateAccessPolicy",
    ]);
    expect(broker.namespaces(VIEW)).toEqual([]);
  });

  it("A stale read does not delay a removal", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.entries.lag = { describe: 30_000, list: 30_000 };
    broker.clock.advance(10);
    await broker.end(grant, "return");
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    await broker.settle(VISIBLE_SECONDS * 2);
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    expect(broker.actual()).toBeUndefined();
  });
});

describe("The save before a removal", () => {
  it("A removal is saved once before its calls, with its grant marked as over", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant({ access: edit("payments-api") });
    const overs: unknown[] = [];
    broker.before("entries.remove", async () => {
      const ledger = await broker.ledgers.load(broker.binding);
      overs.push(ledger?.begun[grant.id]?.over);
    });
    const before = broker.calls.length;
    await broker.convergeAtEnd(grant);
    expect(overs).toEqual([true]);
    const calls = broker.calls.slice(before);
    expect(calls.slice(0, calls.indexOf("entries.remove"))).toEqual([
      "ledgers.load",
      "bindings.view",
      "circuits.load",
      "entries.read",
      "ledgers.save",
    ]);
  });
});
