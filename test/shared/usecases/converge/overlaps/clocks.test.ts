import { describe, expect, it } from "vitest";
import { EDIT, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

describe("A run just before the end of a grant", () => {
  it("Scheduler sends the binding once more when the grant has ended by either clock", async () => {
    const broker = memoryBroker();
    const { revokeAt } = await broker.activeGrant();
    const { clockDifferenceSeconds } = broker.front.settings;
    broker.clock.set(plusSeconds(revokeAt ?? "", -clockDifferenceSeconds));
    await broker.converge();
    const retries = [...broker.schedules.timers].filter(([name]) => name.startsWith("retry"));
    expect(retries.map(([, { at }]) => at)).toEqual([
      plusSeconds(revokeAt ?? "", clockDifferenceSeconds),
    ]);
  });
});

describe("A run whose clock is slow", () => {
  it("A run with a slow clock does not delete the entry of a grant begun by a faster clock", async () => {
    const broker = memoryBroker();
    const asked = await broker.grant();
    const approvedAt = broker.clock.now();
    broker.before("requests.save", () => {
      throw new Error("The run ends before it reports.");
    });
    await expect(broker.converge()).rejects.toThrow("before it reports");
    broker.clock.set(plusSeconds(approvedAt, -5));
    // EKS uses its own clock and shows the current state.
    broker.entries.lag = { describe: -60_000, list: -60_000, judge: -60_000 };
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    expect((await broker.reload(asked)).state).not.toBe("ended");
  });
});
