/** A run that was overtaken made none of the calls that it had announced, and knows so. */
import { describe, expect, it } from "vitest";
import { isDueSoon, ns, VISIBLE_SECONDS } from "../../../../../lab/fakes/broker-sights.ts";
import {
  EDIT,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";
import { tablesAsOf } from "../../../../../lab/fakes/restored-tables.ts";
import { findingsIn } from "../../../../../shared/domain/requests/audit-event.ts";

/** Another run saves the ledger, and adds nothing. */
async function saveMeanwhile({ ledgers, binding }: MemoryBroker): Promise<void> {
  const stored = await ledgers.load(binding);
  if (stored) await ledgers.save(stored);
}

/**
 * Alice's entry was taken away and made again a moment ago, so that a presence does not count yet. Its owner then adds
 * what the next grant asks for.
 */
async function addedByOwner() {
  const broker = memoryBroker();
  const first = await broker.activeGrant({ access: view("payments-web"), durationSeconds: 7_200 });
  broker.clock.advance(VISIBLE_SECONDS + 5);
  broker.entries.edit(broker.addressOf(), () => undefined);
  await broker.converge();
  expect(broker.namespaces(VIEW)).toEqual(["payments-web"]);
  broker.clock.advance(5);
  broker.entries.edit(broker.addressOf(), (entry) => ({
    tags: entry?.tags ?? {},
    targets: { ...entry?.targets, [EDIT]: ["ns/payments-api"] },
  }));
  const grant = await broker.grant();
  return { broker, first, grant };
}

describe("A run that was overtaken after it announced its calls", () => {
  it("A run does not take access of others for that of a call that it never made", async () => {
    const { broker, first, grant } = await addedByOwner();
    broker.before("ledgers.save", () => saveMeanwhile(broker), isBegun);
    await broker.converge();
    expect(broker.logs.map(({ message }) => message)).toContain("another run saved first");
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(await broker.states(first, grant)).toEqual(["active", "active"]);
    for (const each of [first, grant])
      expect((await broker.history(each)).flatMap(findingsIn)).not.toContainEqual(
        expect.objectContaining({ code: "ledger-behind" }),
      );
  });
});

/** Whether a save records that the second grant has begun. */
const isBegun = ([ledger]: readonly unknown[]) =>
  Object.keys((ledger as { readonly begun: object }).begun).length === 2;

/**
 * A grant has just ended beside a longer one, so that a stale read still shows its access. Then the next one of the same
 * access was approved.
 */
async function approvedAgain() {
  const broker = memoryBroker();
  broker.othersHad({ [EDIT]: ns("base") });
  await broker.activeGrant({ access: view("payments-web"), durationSeconds: 7_200 });
  const first = await broker.activeGrant();
  broker.clock.advance(60);
  await broker.end(first, "return");
  await broker.converge();
  expect(await broker.states(first)).toEqual(["ended"]);
  broker.clock.advance(5);
  return { broker, grant: await broker.grant() };
}

const STALE = { describe: 30_000, list: 30_000 };

describe("A stale read of access that is over, after another run announced its calls and made none", () => {
  async function announced() {
    const { broker, grant } = await approvedAgain();
    const repair = broker.breakPort("ledgers.save", new Error("The run is over."), isBegun);
    await expect(broker.converge()).rejects.toThrow("The run is over.");
    repair();
    expect(broker.namespaces(EDIT)).toEqual(["base"]);
    broker.clock.advance(5);
    broker.entries.lag = STALE;
    return { broker, grant };
  }

  it("The next grant of this access begins, and nobody is told that the ledger is older", async () => {
    const { broker, grant } = await announced();
    await broker.converge();
    broker.entries.lag = {};
    expect(broker.logs.map(({ message }) => message)).not.toContain("ledger behind");
    await broker.settle(60);
    expect(await broker.states(grant)).toEqual(["active"]);
    expect((await broker.history(grant)).flatMap(findingsIn)).toEqual([]);
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual(["base"]);
  });

  it("A grant that people ended before it began waits for a read that counts, and comes again by itself", async () => {
    const { broker, grant } = await announced();
    await broker.end(grant, "cancel");
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ending"]);
    expect(isDueSoon(broker)).toBe(true);
    broker.entries.lag = {};
    await broker.settle(60);
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect((await broker.history(grant)).flatMap(findingsIn)).toEqual([]);
  });
});

describe("A ledger that was restored to just after a removal", () => {
  it("No end is reported while what it forgot may be there, and a read that counts has it removed", async () => {
    const { broker, grant } = await approvedAgain();
    const { ledgers } = tablesAsOf(broker);
    broker.before("requests.save", () => {
      throw new Error("The run is over.");
    });
    await expect(broker.converge()).rejects.toThrow("The run is over.");
    expect(broker.namespaces(EDIT)).toEqual(["base", "payments-api"]);
    ledgers();
    await broker.end(grant, "cancel");
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ending"]);
    await broker.settle(500);
    expect(broker.namespaces(EDIT)).toEqual(["base"]);
    expect(await broker.states(grant)).toEqual(["ended"]);
  });
});
