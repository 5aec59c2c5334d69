/** Grants that one run refuses, while a run that is behind reports them active. */
import { describe, expect, it } from "vitest";
import { ALICE } from "../../../../../lab/fakes/builders.ts";
import { EDIT, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";

/** A grant that is active on record. The run that refused it broke off as soon as its ledger said so. */
async function refusedAndActive() {
  const broker = memoryBroker();
  const grant = await broker.grant();
  // The first run reads too early to see what it added.
  broker.entries.lag = { describe: 40_000, list: 40_000 };
  await broker.converge();
  broker.entries.lag = {};
  broker.clock.advance(60);
  broker.before("requests.save", async () => {
    broker.createdAt.set(ALICE, broker.clock.now());
    broker.after("ledgers.save", () => {
      throw new Error("The run is over.");
    });
    await expect(broker.converge()).rejects.toThrow("The run is over.");
  });
  await broker.converge();
  expect((await broker.ledger())?.begun[grant.id]).toMatchObject({
    over: true,
    refusal: { code: "principal-recreated" },
  });
  return { broker, grant };
}

describe("A grant that was refused, and reported active by a run that was behind", () => {
  it("Its access goes, and it ends on record", async () => {
    const { broker, grant } = await refusedAndActive();
    expect(await broker.states(grant)).toEqual(["active"]);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    await broker.settle(600);
    expect(await broker.states(grant)).toEqual(["ended"]);
    const types = (await broker.history(grant)).map(({ type }) => type);
    expect(types.slice(-2)).toEqual(["withdraw", "settle"]);
    expect(await broker.isAtRest()).toBe(true);
  });

  it("Its outcome names the refusal, and does not say that nothing was granted", async () => {
    const { broker, grant } = await refusedAndActive();
    await broker.settle(600);
    const { outcome } = await broker.reload(grant);
    expect(outcome?.code).toBe("principal-recreated");
    expect(outcome?.detail).toContain("principal-recreated");
    expect(outcome?.detail).not.toContain("Nothing was");
  });

  it("It ends also where the ledger holds it as one that fails before it begins", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const ledger = await broker.ledger();
    if (!ledger) throw new Error("There is no ledger.");
    const failing = { [grant.id]: { code: "principal-recreated", detail: "It is another role." } };
    broker.ledgers.ledgers.set(ledger.binding, { ...ledger, failing });
    await broker.settle(600);
    expect(await broker.reload(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "principal-recreated" },
    });
  });
});
