/** More grants that end at once than one transaction takes. */
import { describe, expect, it } from "vitest";
import { callsIn } from "../../../../shared/domain/requests/audit-event.ts";
import { STEPS_AT_ONCE } from "../../../../shared/ports/request-store.ts";
import { edit, memoryBroker } from "../../../fakes/memory-broker.ts";

const COUNT = STEPS_AT_ONCE + 3;

describe("Grants that end together, one of them by a person at that moment", () => {
  it("The history of each has the call that removed its access, once", async () => {
    const broker = memoryBroker({ settings: { openGrantsPerPerson: COUNT + 2 } });
    const grants = [];
    for (let n = 0; n < COUNT; n += 1)
      grants.push(await broker.grant({ access: edit(`payments-${n}`) }));
    // A run arms ten ends.
    for (let runs = 0; runs < 4; runs += 1) await broker.converge();
    const [first] = grants;
    if (!first) throw new Error("There is no grant.");
    expect(new Set(await broker.states(...grants))).toEqual(new Set(["active"]));
    broker.before("requests.saveAll", () => broker.end(first, "revoke", "bob"));
    await broker.convergeAtEnd(first);
    for (const grant of grants.slice(1)) {
      const expiry = (await broker.history(grant)).find(({ type }) => type === "expire");
      const calls = expiry ? callsIn(expiry) : [];
      expect(calls.map(({ operation }) => operation)).toEqual(["DeleteAccessEntry"]);
    }
  });
});
