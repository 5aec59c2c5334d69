/** No grant begins unless its ledger can be saved whatever becomes of the entry. */
import { describe, expect, it } from "vitest";
import { ns } from "../../../../../lab/fakes/broker-sights.ts";
import { T0 } from "../../../../../lab/fakes/builders.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";
import { longEdit, longNames } from "../../../../../lab/fakes/shared-entry.ts";
import { reservedBytes } from "../../../../../shared/domain/entries/bounds.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

/** The owner's namespaces. They are so many that 50 more have no room. */
const OWNERS = longNames("owners", 1_250);

/** A run every minute, for longer than a grant waits for room. */
async function untilItFails(broker: MemoryBroker) {
  for (let minute = 0; minute < 11; minute += 1) {
    broker.clock.advance(60);
    await broker.converge();
  }
}

describe("A grant for which the ledger has no room, as others use the entry", () => {
  it("A grant without room waits without a call, then fails with its reason", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns(...OWNERS) });
    const grant = await broker.grant({ access: longEdit("mine") });
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["approved"]);
    expect(broker.isDueSoon()).toBe(true);
    await untilItFails(broker);
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "too-much-on-one-entry" },
    });
    expect(broker.operations()).toEqual([]);
  });

  it("It waits as long from its start on, however long before that it was asked for", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns(...OWNERS) });
    const startsAt = plusSeconds(T0, 3_600);
    const grant = await broker.grant({ access: longEdit("mine"), startsAt });
    broker.clock.set(startsAt);
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["approved"]);
  });

  it("One of two grants begins that have room only one by one, and the other waits", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns(...OWNERS.slice(0, 1_190)) });
    const grants = [
      await broker.grant({ access: longEdit("mine") }),
      await broker.grant({ access: longEdit("more") }),
    ];
    await broker.converge();
    expect(await broker.states(...grants)).toEqual(["active", "approved"]);
  });

  it("A grant that waited for room begins once its owner has made some", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns(...OWNERS) });
    const grant = await broker.activeGrant({ access: longEdit("mine") });
    expect(grant.state).toBe("approved");
    broker.othersHad({ [EDIT]: ns(...OWNERS.slice(0, 10)) });
    broker.clock.advance(60);
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
  });

  it("A grant on another policy of the same entry begins meanwhile", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns(...OWNERS) });
    const [large, small] = [
      await broker.grant({ access: longEdit("mine") }),
      await broker.grant({ access: view("payments-api") }),
    ];
    await broker.converge();
    expect(await broker.states(large, small)).toEqual(["approved", "active"]);
    expect(broker.namespaces(VIEW)).toEqual(["payments-api"]);
    expect(broker.namespaces(EDIT)).toHaveLength(OWNERS.length);
  });

  it("A grant that has begun keeps its access, whatever its owner adds", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("theirs") });
    const grant = await broker.activeGrant();
    broker.othersPut({ [EDIT]: ns("payments-api", ...OWNERS) });
    broker.clock.advance(60);
    await broker.converge();
    const [own] = [await broker.reload(grant)];
    expect(own.state).toBe("active");
    await broker.convergeAtEnd(grant);
    expect(broker.namespaces(EDIT)).toEqual([...OWNERS].sort());
  });
});

describe("The room that a binding's head has reserved", () => {
  it("Parking counts the open grants again: shared access once, and what has ended no more", async () => {
    const broker = memoryBroker();
    const first = await broker.grant({ access: longEdit("mine") });
    const second = await broker.activeGrant({ access: longEdit("mine"), durationSeconds: 7_200 });
    const reserved = () => broker.head()?.reservedBytes;
    expect(reserved()).toBe(reservedBytes([first, second]));
    await broker.convergeAtEnd(first);
    await broker.settle(60);
    expect(reserved()).toBe(reservedBytes([second]));
    await broker.convergeAtEnd(second);
    await broker.settle(120);
    expect(reserved()).toBe(0);
  });
});

/** Thirty grants of a role that is gone. @returns also how many reasons each save of the ledger held */
async function thirtyWithoutPrincipal() {
  const settings = { openGrantsPerPerson: 60, requestsPerWindow: 100 };
  const broker = memoryBroker({ settings });
  const grants: AccessRequest[] = [];
  for (let at = 0; at < 30; at += 1)
    grants.push(await broker.grant({ access: edit(`payments-${at}`) }));
  broker.principals.delete(grants[0]?.principalArn ?? "");
  const counts: number[] = [];
  broker.watch("ledgers.save", ([ledger]) => {
    counts.push(Object.keys((ledger as { failing: object }).failing).length);
  });
  return { broker, grants, counts };
}

async function aRun(broker: MemoryBroker) {
  broker.clock.advance(60);
  await broker.converge();
}

describe("Many grants that fail before they begin", () => {
  it("No more than 24 reasons are in the ledger at once, and each grant fails in turn", async () => {
    const { broker, grants, counts } = await thirtyWithoutPrincipal();
    for (let runs = 0; runs < 8; runs += 1) await aRun(broker);
    expect(Math.max(...counts)).toBe(24);
    expect(new Set(await broker.states(...grants))).toEqual(new Set(["failed"]));
  });

  it("Reasons that are left of a run that could not store its steps have their places too", async () => {
    const { broker, grants, counts } = await thirtyWithoutPrincipal();
    const repair = broker.breakPort("requests.saveAll", new Error("The tables are away."));
    await aRun(broker);
    await expect(aRun(broker)).rejects.toThrow("The tables are away.");
    repair();
    await aRun(broker);
    await aRun(broker);
    expect(Math.max(...counts)).toBe(24);
    expect(new Set(await broker.states(...grants))).toEqual(new Set(["failed"]));
  });
});
