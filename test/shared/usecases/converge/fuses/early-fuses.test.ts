/**
 * Fuses that are begun while the entry is read: each is used if it is wanted, and leaves nothing
 * else.
 */
import { describe, expect, it } from "vitest";
import { failCalls, ns, UNANSWERED } from "../../../../../lab/fakes/broker-sights.ts";
import { aFailedCall } from "../../../../../lab/fakes/faults.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";

const CHANGES = /^entries\.(create|associate|disassociate|remove|updateGroups)$/;

/** The calls of one run up to its first change of the entry. */
const untilChange = async (broker: MemoryBroker) => {
  const from = broker.calls.length;
  await broker.converge();
  const calls = broker.calls.slice(from);
  return calls.slice(0, calls.findIndex((site) => CHANGES.test(site)) + 1);
};
const countOf = (calls: readonly string[], site: string) =>
  calls.filter((each) => each === site).length;

describe("The fuse of a grant that begins", () => {
  it("Its name is saved while the entry is read, so that one more save begins the grant", async () => {
    const broker = memoryBroker();
    await broker.grant();
    const calls = await untilChange(broker);
    expect(countOf(calls, "ledgers.save")).toBe(2);
    expect(calls.indexOf("ledgers.save")).toBeLessThan(calls.indexOf("schedules.armFuse"));
    expect(calls.at(-1)).toBe("entries.create");
  });

  it("Its name is saved beside those of grants that have begun, whose fuses stay", async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    const names = async () => (await broker.ledger())?.fuses.map(({ name }) => name) ?? [];
    const [first] = await names();
    await broker.grant({ access: view("payments-jobs") });
    await broker.converge();
    expect(await names()).toEqual([first, expect.any(String)]);
    expect(countOf(broker.calls, "schedules.armFuse")).toBe(2);
  });

  it("Its name is dropped unsent where the owner uses the same policy", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("base") });
    const grant = await broker.grant();
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
    expect(broker.calls).not.toContain("schedules.armFuse");
    expect(broker.calls).not.toContain("schedules.disarmFuse");
    expect((await broker.ledger())?.fuses).toEqual([]);
  });

  it("Its name is dropped unsent where the entry cannot be read", async () => {
    const broker = memoryBroker();
    failCalls(broker, "DescribeAccessEntry", UNANSWERED);
    await broker.grant();
    await broker.converge();
    expect(broker.calls).not.toContain("schedules.armFuse");
    expect((await broker.ledger())?.fuses).toEqual([]);
  });

  it("Its name is dropped unsent where the grant may not begin yet", async () => {
    const broker = memoryBroker();
    failCalls(broker, "GetRole", UNANSWERED);
    await broker.grant();
    await broker.converge();
    expect(broker.calls).not.toContain("schedules.armFuse");
    expect((await broker.ledger())?.fuses).toEqual([]);
  });

  it("Its name waits for the read in a second attempt, so that repeated failures save nothing", async () => {
    const broker = memoryBroker();
    failCalls(broker, "GetRole", UNANSWERED, { times: 2 });
    await broker.grant();
    await broker.converge();
    const before = broker.calls.length;
    await broker.converge();
    expect(broker.calls.slice(before)).not.toContain("ledgers.save");
    const calls = await untilChange(broker);
    expect(calls.indexOf("ledgers.save")).toBeGreaterThan(calls.indexOf("entries.principal"));
    expect(calls.at(-1)).toBe("entries.create");
  });

  it("Its name waits for the read where another run saved first, so that none overtakes the other again", async () => {
    const broker = memoryBroker();
    await broker.grant();
    let second: readonly string[] = [];
    broker.before("schedules.armRevocation", async () => {
      const ledger = await broker.ledger();
      if (ledger) await broker.ledgers.save(ledger);
      broker.after("entries.read", () => {
        second = broker.calls.slice(broker.calls.lastIndexOf("ledgers.load"));
      });
    });
    const calls = await untilChange(broker);
    expect(second).toContain("entries.read");
    expect(second).not.toContain("ledgers.save");
    expect(calls.at(-1)).toBe("entries.create");
  });

  it("Its evidence is stored again where that failed while the entry was read", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.before("evidence.putIntent", () => {
      throw new Error("The table did not answer.");
    });
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
    const later = new Date(Date.parse(broker.clock.now()) + 1_000).toISOString();
    const stored = await broker.evidence.intents(broker.binding, later, 50);
    expect(stored.flatMap(({ fusesOf = [] }) => fusesOf)).toEqual([grant.id]);
  });

  it("It is deleted where the schedule of its grant could not be armed", async () => {
    const broker = memoryBroker();
    broker.breakPort("schedules.armRevocation", aFailedCall("CreateSchedule"));
    const grant = await broker.grant();
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["approved"]);
    expect(broker.actual()).toBeUndefined();
    expect(broker.fuses()).toEqual({});
  });
});

describe("A removal with a grant to begin", () => {
  it("Nothing is looked up or named before it", async () => {
    const broker = memoryBroker();
    const first = await broker.activeGrant();
    broker.clock.set(first.revokeAt ?? "");
    await broker.grant({ access: view("payments-web") });
    const calls = await untilChange(broker);
    expect(calls).toEqual([
      "ledgers.load",
      "bindings.view",
      "entries.prepare",
      "circuits.load",
      "entries.read",
      // Beside the read: what only the record knows of goes first, too.
      "evidence.intents",
      "ledgers.save",
      calls.at(-1),
    ]);
    expect(broker.namespaces(EDIT)).toEqual([]);
  });

  it("It waits for no evidence of fuses where only a read shows that something must go", async () => {
    const broker = memoryBroker();
    const first = await broker.activeGrant();
    await broker.end(first, "return");
    failCalls(broker, "DeleteAccessEntry", UNANSWERED);
    await broker.converge();
    broker.clearFaults();
    await broker.grant({ access: edit("payments-web") });
    const calls = await untilChange(broker);
    expect(calls).not.toContain("evidence.putIntent");
  });
});
