/** Requests and ledger that are both restored to an instant before a grant's end, which its history has. */
import { describe, expect, it } from "vitest";
import { ns } from "../../../../../lab/fakes/broker-sights.ts";
import { THROTTLED } from "../../../../../lab/fakes/faults.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
} from "../../../../../lab/fakes/memory-broker.ts";
import { type PastTables, tablesAsOf } from "../../../../../lab/fakes/restored-tables.ts";

/** A grant that ended, whose record and ledger are then put back. */
async function endedAndRestored(when: "it began" | "it was active") {
  const broker = memoryBroker();
  const ended = await broker.grant();
  const empty = tablesAsOf(broker);
  await broker.converge();
  const whileActive = tablesAsOf(broker);
  await broker.end(ended, "return");
  await broker.settle(600);
  expect(await broker.states(ended)).toEqual(["ended"]);
  const restore = ({ ledgers }: PastTables) => {
    whileActive.requests();
    ledgers();
  };
  restore(when === "it began" ? empty : whileActive);
  return { broker, ended };
}

describe.each(["it began", "it was active"] as const)(
  "A record that is older than its history, beside a ledger as of when %s",
  (when) => {
    it("holds nothing up: later grants of its entry begin and end", async () => {
      const { broker, ended } = await endedAndRestored(when);
      const next = await broker.grant({ access: edit("payments-web") });
      await broker.settle(900);
      expect(await broker.states(ended, next)).toEqual(["active", "active"]);
      expect(broker.namespaces(EDIT)).toEqual(["payments-web"]);
      await broker.convergeAtEnd(next);
      await broker.settle(600);
      expect(await broker.states(next)).toEqual(["ended"]);
      expect(broker.actual()).toBeUndefined();
      expect(await broker.isAtRest()).toBe(true);
    });

    it("is left out at once by each later run, and is no reason to doubt the ledger", async () => {
      const { broker, ended } = await endedAndRestored(when);
      await broker.settle(900);
      const revision = (await broker.ledger())?.revision;
      broker.logs.splice(0);
      broker.clock.advance(2 * 86_400);
      await broker.converge();
      expect(broker.logs).toEqual([]);
      const ledger = await broker.ledger();
      expect(ledger?.revision).toBe(revision);
      expect(ledger?.unsureSince).toBeUndefined();
      expect(ledger?.stuck).toEqual({ [ended.id]: ended.version + 1 });
    });

    it("is believed again once a step of it is stored", async () => {
      const { broker, ended } = await endedAndRestored(when);
      await broker.settle(900);
      const { events } = broker.tables;
      events.splice(events.findIndex(({ requestId, seq }) => requestId === ended.id && seq === 4));
      await broker.end(ended, "return");
      await broker.settle(900);
      expect(await broker.states(ended)).toEqual(["ended"]);
      expect((await broker.ledger())?.stuck).toBeUndefined();
    });
  },
);

/** A grant is active, and its ledger is as of when its fuse was named. The requests table is older. */
async function fuseAndNothingElse(broker: MemoryBroker) {
  const { requests } = tablesAsOf(broker);
  let ledgers = (): void => undefined;
  broker.watch("schedules.armFuse", async () => {
    ledgers = tablesAsOf(broker).ledgers;
  });
  await broker.activeGrant();
  const fuses = broker.fuses();
  ledgers();
  requests();
  broker.clock.advance(60);
  const said = () => broker.logs.map(({ message }) => message);
  return { fuses, said };
}

describe("Tables that know of a grant nothing but its fuse's name", () => {
  it("keep the fuse on our entry, which is all that ends the access", async () => {
    const broker = memoryBroker();
    const { fuses, said } = await fuseAndNothingElse(broker);
    await broker.converge();
    expect(said()).toContain("entry not known");
    await broker.settle(900);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(Object.keys(fuses)).toEqual([EDIT]);
    expect(broker.fuses()).toEqual(fuses);
  });

  it("keep it where the first read fails", async () => {
    const broker = memoryBroker();
    const { fuses } = await fuseAndNothingElse(broker);
    broker.failNext("DescribeAccessEntry", THROTTLED);
    await broker.converge();
    expect(broker.fuses()).toEqual(fuses);
  });

  it("leave the access on an entry of others to them, and say so", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [VIEW]: ns("other") });
    const { said } = await fuseAndNothingElse(broker);
    await broker.converge();
    expect(said()).toContain("fuse given up");
    expect(broker.fuses()).toEqual({});
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });
});
