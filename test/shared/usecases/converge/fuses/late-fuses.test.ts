import { describe, expect, it } from "vitest";
import { memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";

describe("A fuse that is armed after its deletion", () => {
  it("A fuse that was armed after its deletion is deleted again once no arming can land", async () => {
    const broker = memoryBroker();
    const { schedules, ledgers, binding } = broker;
    const asked = await broker.grant();
    // The run ends while its order is open.
    const late: (() => Promise<unknown>)[] = [];
    broker.before("schedules.armFuse", () => {
      const [fuse] = ledgers.ledgers.get(binding)?.fuses ?? [];
      if (fuse) late.push(() => schedules.armFuse({ ...fuse, address: broker.addressOf() }));
      throw new Error("The run ends here.");
    });
    await expect(broker.converge()).rejects.toThrow("The run ends here");
    await broker.end(asked, "cancel");
    await broker.converge();
    for (const land of late) await land();
    const fuses = () => [...schedules.timers.values()].filter(({ kind }) => kind === "fuse");
    expect(fuses()).toHaveLength(1);
    await broker.settle(400);
    expect(fuses()).toEqual([]);
    expect(ledgers.ledgers.get(binding)?.fuses).toEqual([]);
  });

  it("Its name stays in the ledger for as long as a call of a long run may land", async () => {
    const broker = memoryBroker();
    const asked = await broker.grant();
    broker.before("schedules.armFuse", () => {
      throw new Error("The run ends here.");
    });
    const isLong = { millisLeft: () => 60_000 };
    await expect(broker.converge(broker.binding, isLong)).rejects.toThrow("The run ends here");
    await broker.end(asked, "cancel");
    const { landsWithinSeconds, clockDifferenceSeconds } = broker.front.settings;
    broker.clock.advance(landsWithinSeconds + clockDifferenceSeconds + 59);
    await broker.converge();
    expect((await broker.ledger())?.fuses).toHaveLength(1);
    broker.clock.advance(1);
    await broker.converge();
    expect((await broker.ledger())?.fuses).toEqual([]);
  });
});
