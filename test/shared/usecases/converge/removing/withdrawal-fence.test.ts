import { describe, expect, it } from "vitest";
import { failCalls, ns, THROTTLED } from "../../../../../lab/fakes/broker-sights.ts";
import { EDIT, memoryBroker, view } from "../../../../../lab/fakes/memory-broker.ts";

describe("An active grant that the ledger does not know", () => {
  it("It is not withdrawn where another run began it after the ledger was read", async () => {
    const broker = memoryBroker();
    // Its attempts keep runs from naming fuses early, which would be a fence of its own.
    const { id } = await broker.grant({ access: view("payments-api") });
    failCalls(broker, "AssociateAccessPolicy", THROTTLED, {
      matches: ({ session }) => session.sessionName.endsWith(id),
    });
    await broker.converge();
    const grant = await broker.grant();
    // The ledger is read before the other run, and the grants are read after it.
    broker.before("bindings.view", async () => {
      await broker.converge();
      expect(await broker.states(grant)).toEqual(["active"]);
    });
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
    expect((await broker.history(grant)).map(({ type }) => type)).not.toContain("withdraw");
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });

  it("It is not withdrawn where the other run needed no call, and has not parked the binding", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ns("payments-api") });
    // An end that waits for its proof keeps runs from naming fuses early, too.
    const ending = await broker.activeGrant({ access: view("payments-api") });
    broker.entries.lag = { describe: 40_000, list: 40_000 };
    await broker.convergeAtEnd(ending);
    const grant = await broker.grant();
    // So no intent shows that it has begun, nor the head that the ledger was read too early.
    broker.before("bindings.view", async () => {
      broker.before("bindings.park", () => {
        throw new Error("The run is over.");
      });
      await expect(broker.converge()).rejects.toThrow("The run is over.");
      expect(await broker.states(ending, grant)).toEqual(["ending", "active"]);
    });
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
    expect((await broker.history(grant)).map(({ type }) => type)).not.toContain("withdraw");
  });
});
