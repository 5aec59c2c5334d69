/** The requests table does not answer: what is over goes all the same, by the ledger. */
import { describe, expect, it } from "vitest";
import { EDIT, edit, memoryBroker, VIEW, view } from "../../../../../lab/fakes/memory-broker.ts";

/** A broker beside an owner's access. Its grants cannot be read from `flood` on, until `ebb`. */
function floodedBroker() {
  const broker = memoryBroker();
  broker.othersHad({ [EDIT]: ["ns/team"] });
  let ebb = () => {};
  return {
    broker,
    flood: () => {
      ebb = broker.breakPort("bindings.view", new Error("throttled"));
    },
    ebb: () => ebb(),
  };
}

describe("Ends while the grants of an entry cannot be read", () => {
  it("What is over goes, beside what its owner has, and the run fails, so that it comes again", async () => {
    const { broker, flood } = floodedBroker();
    const grant = await broker.activeGrant();
    flood();
    await expect(broker.convergeAtEnd(grant)).rejects.toThrow("throttled");
    expect(broker.namespaces(EDIT)).toEqual(["team"]);
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("Once they can be read, the end is proven and nothing is left", async () => {
    const { broker, flood, ebb } = floodedBroker();
    const grant = await broker.activeGrant();
    flood();
    await broker.convergeAtEnd(grant).catch(() => undefined);
    ebb();
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    expect(broker.namespaces(EDIT)).toEqual(["team"]);
    expect(await broker.isAtRest()).toBe(true);
  });

  it("Nothing is touched before that, nor while another grant on the entry goes on", async () => {
    const { broker, flood } = floodedBroker();
    const first = await broker.activeGrant();
    broker.clock.advance(60);
    await broker.activeGrant({ access: view("payments-jobs") });
    const before = broker.actual();
    flood();
    await expect(broker.converge()).rejects.toThrow("throttled");
    await expect(broker.convergeAtEnd(first)).rejects.toThrow("throttled");
    expect(broker.actual()).toEqual(before);
    expect(broker.namespaces(VIEW)).toEqual(["payments-jobs"]);
  });

  it("An extension that has begun keeps the access", async () => {
    const { broker, flood } = floodedBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    await broker.activeGrant({ access: edit("payments-api") });
    flood();
    await expect(broker.convergeAtEnd(grant)).rejects.toThrow("throttled");
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "team"]);
  });
});
