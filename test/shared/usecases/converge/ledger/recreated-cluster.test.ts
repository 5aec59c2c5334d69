import { describe, expect, it } from "vitest";
import { PROD } from "../../../../../lab/fakes/builders.ts";
import { memoryBroker, VIEW } from "../../../../../lab/fakes/memory-broker.ts";

describe("An active grant whose access is gone with its entry", () => {
  it("A grant's lost access is not restored on a recreated cluster", async () => {
    const broker = memoryBroker();
    const { id } = await broker.activeGrant();
    broker.clock.advance(120);
    broker.entries.edit(broker.addressOf(), () => undefined);
    broker.createdAt.set(PROD.arn, broker.clock.now());
    await broker.settle();
    expect(broker.actual()).toBeUndefined();
    expect((await broker.front.requests.load(id)).state).toBe("ended");
  });
});

/** An active grant on a cluster that was deleted and made again, where others have an entry by now. */
async function recreated() {
  const broker = memoryBroker();
  const grant = await broker.activeGrant();
  broker.clock.advance(120);
  broker.entries.edit(broker.addressOf(), () => undefined);
  broker.createdAt.set(PROD.arn, broker.clock.now());
  broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ["ns/theirs"] } }));
  broker.clock.advance(120);
  return { broker, grant };
}

describe("A recreated cluster on which others have an entry", () => {
  it("It gets nothing of an active grant", async () => {
    const { broker, grant } = await recreated();
    await broker.settle();
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ["ns/theirs"] });
    expect((await broker.reload(grant)).state).toBe("ended");
  });

  it("It gets nothing either where a run learned the entry, and broke off before it asked", async () => {
    const { broker, grant } = await recreated();
    broker.after("ledgers.save", () => {
      throw new Error("The run was cut off.");
    });
    await expect(broker.converge()).rejects.toThrow("cut off");
    broker.clock.advance(60);
    await broker.settle();
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ["ns/theirs"] });
    expect((await broker.reload(grant)).state).toBe("ended");
  });
});

describe("A deleted cluster", () => {
  it("A deleted cluster ends no grant while a call of ours may land on a new one", async () => {
    const broker = memoryBroker();
    const asked = await broker.grant();
    broker.faults.push(({ operation }) =>
      operation === "AssociateAccessPolicy"
        ? { failure: "unknown", code: "Timeout", applied: "later" }
        : undefined,
    );
    await broker.converge();
    await broker.end(asked, "cancel");
    broker.clusters.delete(PROD.arn);
    await broker.settle(240);
    expect((await broker.reload(asked)).state).toBe("ending");
    await broker.settle(240);
    expect((await broker.reload(asked)).state).toBe("ended");
  });
});
