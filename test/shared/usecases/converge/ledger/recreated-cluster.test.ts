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

describe("A recreated cluster on which others have an entry", () => {
  it("A recreated cluster with an entry of others gets nothing of an active grant", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(120);
    broker.entries.edit(broker.addressOf(), () => undefined);
    broker.createdAt.set(PROD.arn, broker.clock.now());
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ["ns/theirs"] } }));
    broker.clock.advance(120);
    await broker.settle();
    expect(broker.actual()?.targets).toEqual({ [VIEW]: ["ns/theirs"] });
    expect((await broker.reload(grant)).state).toBe("ended");
  });
});

describe("A recreated cluster whose entry a run learned before it broke off", () => {
  it("A recreated cluster gets nothing of an active grant, although the ledger knows its entry", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(120);
    broker.entries.edit(broker.addressOf(), () => undefined);
    broker.createdAt.set(PROD.arn, broker.clock.now());
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ["ns/theirs"] } }));
    broker.clock.advance(120);
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
