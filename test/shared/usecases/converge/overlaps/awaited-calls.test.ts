/** Calls that take their time: Lambda freezes what a run does not wait for, and a save is the fence of the next call. */
import { describe, expect, it } from "vitest";
import { failCalls, UNANSWERED } from "../../../../../lab/fakes/broker-sights.ts";
import {
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";
import { CONVERGE_PORTS, tapPorts } from "../../../../../lab/fakes/port-tap.ts";
import { converge } from "../../../../../shared/usecases/converge/converge.ts";

/** Calls that may not begin while a save of the ledger is under way. */
const AFTER_SAVES =
  /^(entries\.(create|delete|associate|disassociate|updateGroups)|schedules\.(armFuse|disarmFuse)|requests\.save.*)$/;

/** A broker each of whose calls ends in a later turn of the event loop. */
function slowly(broker: MemoryBroker) {
  const underWay = new Set<string>();
  const faults: string[] = [];
  const ports = tapPorts(broker.ports, CONVERGE_PORTS, async ({ site, apply }) => {
    if (AFTER_SAVES.test(site) && underWay.has("ledgers.save")) faults.push(`${site} in a save`);
    underWay.add(site);
    await new Promise((resolve) => setImmediate(resolve));
    try {
      return await apply();
    } finally {
      underWay.delete(site);
    }
  });
  const run = {
    millisLeft: () => 8_000,
    hold: { extend: async () => true },
    log: () => undefined,
  };
  return {
    faults,
    async converge(): Promise<void> {
      await converge(ports, broker.binding, run);
      faults.push(...[...underWay].map((site) => `${site} after the run`));
    },
  };
}

describe("A run", () => {
  it("It ends after all of its calls, and changes nothing while it saves the ledger", async () => {
    const broker = memoryBroker();
    const slow = slowly(broker);
    const first = await broker.grant();
    await slow.converge();
    const second = await broker.grant({ access: view("payments-jobs") });
    const third = await broker.grant({ access: edit("payments-web"), durationSeconds: 7_200 });
    await slow.converge();
    broker.othersPut({ [VIEW]: ["ns/payments-jobs"] });
    await slow.converge();
    await broker.end(second, "return");
    await slow.converge();
    failCalls(broker, "DescribeAccessEntry", UNANSWERED);
    broker.clock.set(third.revokeAt ?? "");
    await slow.converge();
    broker.clearFaults();
    for (let passed = 0; passed < 600; passed += 60) {
      broker.clock.advance(60);
      await slow.converge();
    }
    expect(await broker.states(first, second, third)).toEqual(["ended", "ended", "ended"]);
    expect(slow.faults).toEqual([]);
    expect(await broker.isAtRest()).toBe(true);
  });
});
