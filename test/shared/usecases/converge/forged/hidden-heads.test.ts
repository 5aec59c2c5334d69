/** Ends of a binding whose head others have hidden, so that no sweep finds it. No fuse ends anything there. */
import { describe, expect, it } from "vitest";
import { failCalls } from "../../../../../lab/fakes/broker-sights.ts";
import { THROTTLED } from "../../../../../lab/fakes/faults.ts";
import { EDIT, type MemoryBroker, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

/** A broker with a grant beside its owner's access. */
async function besideBaseline() {
  const broker = memoryBroker();
  broker.othersHad({ [EDIT]: ["ns/own"] });
  return { broker, grant: await broker.activeGrant() };
}

/** When Scheduler sends the binding again, other than at the end of a grant. */
const retries = ({ schedules }: MemoryBroker): readonly string[] =>
  [...schedules.timers.values()].flatMap((timer) =>
    timer.kind === "revocation" && timer.grantId === null ? timer.at : [],
  );

/** Lets the clock go to the last retry, and converges as its schedule does. */
async function convergeAtRetry(broker: MemoryBroker) {
  const [at = ""] = retries(broker).toSorted().toReversed();
  broker.clock.set(at);
  await broker.converge();
}

describe("A binding whose head is hidden", () => {
  it.each(["requests.save", "requests.saveAll", "bindings.park", "bindings.mend"])(
    "A removal that failed is repeated although %s was refused after it",
    async (site) => {
      const { broker, grant } = await besideBaseline();
      broker.breakPort(site, new Error("Item size has exceeded the maximum allowed size"));
      failCalls(broker, "AssociateAccessPolicy", THROTTLED);
      await broker.convergeAtEnd(grant).catch(() => undefined);
      broker.clearFaults();
      await convergeAtRetry(broker);
      expect(broker.namespaces(EDIT)).toEqual(["own"]);
    },
  );

  it.each(["bindings.view", "ledgers.load", "ledgers.save", "circuits.load"])(
    "An end is repeated although its own runs failed at %s, as often as the queue lets them",
    async (site) => {
      const { broker, grant } = await besideBaseline();
      broker.breakPort(site, new Error("The table does not answer"));
      await expect(broker.convergeAtEnd(grant)).rejects.toThrow("does not answer");
      broker.clearFaults();
      await convergeAtRetry(broker);
      expect(broker.namespaces(EDIT)).toEqual(["own"]);
    },
  );

  it("A grant ends although its schedule fired by a clock that is ahead of converge's", async () => {
    const { broker, grant } = await besideBaseline();
    broker.clock.set(plusSeconds(grant.revokeAt ?? "", -5));
    await broker.converge();
    expect(broker.namespaces(EDIT)).toContain("payments-api");
    await convergeAtRetry(broker);
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
  });

  it("Nothing is armed while no end is near", async () => {
    const { broker, grant } = await besideBaseline();
    broker.clock.set(plusSeconds(grant.revokeAt ?? "", -30));
    await broker.converge();
    expect(retries(broker)).toEqual([]);
  });
});

describe("A head of nothing, with a later revision than any ledger had", () => {
  it("The first run takes it out of what is due", async () => {
    const broker = memoryBroker();
    await broker.end(await broker.grant(), "cancel");
    await broker.settle();
    const head = broker.head();
    if (!head) throw new Error("The head is gone.");
    expect(head).toMatchObject({ dueAt: null, removeAt: null });
    const now = broker.clock.now();
    const forged = { ...head, ledgerRevision: 1_000, parkedAt: now, dueAt: now, removeAt: now };
    broker.tables.heads.set(broker.binding, forged);
    await broker.converge();
    expect(broker.head()).toMatchObject({ dueAt: null, removeAt: null });
  });
});

describe("A grant whose record others deleted", () => {
  it("Its fuse stays while its removal has failed", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const fuses = broker.fuses();
    expect(Object.keys(fuses)).toEqual([EDIT]);
    broker.tables.grants.get(broker.binding)?.delete(grant.id);
    for (const operation of ["DeleteAccessEntry", "DisassociateAccessPolicy"])
      failCalls(broker, operation, THROTTLED);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect(broker.fuses()).toEqual(fuses);
  });
});
