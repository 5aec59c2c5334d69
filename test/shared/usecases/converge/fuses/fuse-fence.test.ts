import { describe, expect, it } from "vitest";
import { failCalls, UNANSWERED } from "../../../../../lab/fakes/broker-sights.ts";
import { memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";

describe("A fuse that a run is about to arm", () => {
  it("A fuse that a run is about to arm is not deleted by a run that cannot save the ledger", async () => {
    const broker = memoryBroker();
    const asked = await broker.grant();
    // Another run finds the fuse in the ledger, and nothing lent yet.
    let other: Promise<unknown> | undefined;
    broker.before("schedules.armFuse", () => {
      broker.before("schedules.disarmFuse", () => {
        throw new Error("The fuse was deleted.");
      });
      broker.before("entries.read", () => new Promise((resolve) => setTimeout(resolve, 20)));
      other = broker.converge();
    });
    await broker.converge();
    await other;
    const ledger = broker.ledgers.ledgers.get(broker.binding);
    const sure = ledger?.fuses.filter((fuse) => fuse.sure).map(({ name }) => name) ?? [];
    expect(sure).toHaveLength(1);
    expect(broker.schedules.timers.has(sure[0] ?? "")).toBe(true);
    expect((await broker.reload(asked)).state).toBe("active");
  });
});

describe("A fuse that a run has armed and not confirmed", () => {
  it("A run that deletes it saves the ledger before, so the fuse never counts as armed", async () => {
    const broker = memoryBroker();
    const asked = await broker.grant();
    // A run that does not know who would get access adds nothing, and has nothing else to save.
    const knowingNobody = () => {
      for (const operation of ["GetRole", "DescribeCluster"])
        failCalls(broker, operation, UNANSWERED, { times: 1 });
      return broker.converge();
    };
    await knowingNobody();
    const deleted: unknown[] = [];
    broker.watch("schedules.disarmFuse", (args) => deleted.push(args[0]));
    broker.after("schedules.armFuse", knowingNobody);
    await broker.converge();
    expect(deleted).not.toEqual([]);
    await broker.settle(60);
    const ledger = await broker.ledger();
    const sure = ledger?.fuses.filter((fuse) => fuse.sure).map(({ name }) => name) ?? [];
    expect(sure).toHaveLength(1);
    expect(broker.schedules.timers.has(sure[0] ?? "")).toBe(true);
    expect((await broker.reload(asked)).state).toBe("active");
  });
});
