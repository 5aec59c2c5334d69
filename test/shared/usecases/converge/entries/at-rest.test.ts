import { describe, expect, it } from "vitest";
import { PROD } from "../../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";

describe("A binding with no grants and an empty ledger", () => {
  it("A binding with no grants and an empty ledger is not due again, even if its cluster is gone", async () => {
    const broker = memoryBroker();
    const asked = await broker.grant();
    await broker.end(asked, "cancel");
    await broker.converge();
    expect((await broker.reload(asked)).state).toBe("ended");
    broker.clusters.delete(PROD.arn);
    await broker.settle();
    const { dueAt, removeAt, driftCheckAt } = broker.tables.heads.get(broker.binding) ?? {};
    expect([dueAt, removeAt, driftCheckAt]).toEqual([null, null, null]);
  });

  it("A binding with no grants and an empty ledger is not read from EKS", async () => {
    const broker = memoryBroker();
    await broker.end(await broker.grant(), "cancel");
    await broker.converge();
    const before = broker.calls.length;
    await broker.converge();
    expect(broker.calls.slice(before)).toEqual(["ledgers.load", "bindings.view", "bindings.park"]);
  });
});
