/** More grants that end at once than one transaction takes. */
import { describe, expect, it } from "vitest";
import { aFailedCall } from "../../../../../lab/fakes/faults.ts";
import { edit, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import type { MemoryBrokerOptions } from "../../../../../lab/fakes/memory-broker-parts.ts";
import { withAdmins } from "../../../../../lab/fakes/two-admins.ts";
import { grantSessionName } from "../../../../../shared/domain/entries/session-name.ts";
import { callsIn } from "../../../../../shared/domain/requests/audit-event.ts";
import { STEPS_AT_ONCE } from "../../../../../shared/ports/request-store.ts";
import { changeStops } from "../../../../../shared/usecases/stops/change-stops.ts";

const COUNT = STEPS_AT_ONCE + 3;

/** A broker with that many active grants on one entry. */
async function lending(options: MemoryBrokerOptions = {}) {
  const broker = memoryBroker({ settings: { openGrantsPerPerson: COUNT + 2 }, ...options });
  const grants = [];
  for (let n = 0; n < COUNT; n += 1)
    grants.push(await broker.grant({ access: edit(`payments-${n}`) }));
  // A run arms ten ends.
  for (let runs = 0; runs < 4; runs += 1) await broker.converge();
  expect(new Set(await broker.states(...grants))).toEqual(new Set(["active"]));
  return { broker, grants };
}

describe("Grants that end together, one of them by a person at that moment", () => {
  it("The history of each has the call that removed its access, once", async () => {
    const { broker, grants } = await lending();
    const [first] = grants;
    if (!first) throw new Error("There is no grant.");
    broker.before("requests.saveAll", () => broker.end(first, "revoke", "bob"));
    await broker.convergeAtEnd(first);
    for (const grant of grants.slice(1)) {
      const expiry = (await broker.history(grant)).find(({ type }) => type === "expire");
      const calls = expiry ? callsIn(expiry) : [];
      expect(calls.map(({ operation }) => operation)).toEqual(["DeleteAccessEntry"]);
    }
  });
});

describe("A grant that ends with one that never began", () => {
  it("Its removal is made for it, in its own session", async () => {
    const broker = memoryBroker();
    const never = await broker.grant();
    broker.breakPort(
      "schedules.armRevocation",
      aFailedCall("CreateSchedule"),
      ([id]) => id === never.id,
    );
    const lent = await broker.activeGrant({ access: edit("payments-web") });
    expect(await broker.states(never, lent)).toEqual(["approved", "active"]);
    const before = broker.entries.calls.length;
    await broker.convergeAtEnd(lent);
    const removals = broker.entries.calls.slice(before);
    expect(removals.map(({ sessionName }) => sessionName)).toEqual([grantSessionName(lent.id)]);
    const expiry = (await broker.history(never)).find(({ type }) => type === "expire");
    expect(expiry && callsIn(expiry)).toEqual([]);
  });
});

describe("More grants of a suspended person than one transaction takes", () => {
  it("All of their access goes in one run, and each history says why", async () => {
    const { broker, grants } = await lending({ policy: withAdmins() });
    await changeStops(
      broker.front,
      broker.actor("carol"),
      "suspend",
      "alice",
      "her laptop is gone",
    );
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    const outcomes = await Promise.all(
      grants.map(async (grant) => (await broker.reload(grant)).outcome),
    );
    expect(new Set(outcomes.map((outcome) => outcome?.code))).toEqual(new Set(["suspended"]));
  });
});
