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

/** The calls that go out together, by docs/protocol.md. Every other call waits for those before it. */
const TOGETHER: readonly (readonly string[])[] = [
  ["ledgers.load", "bindings.view"],
  ["circuits.load", "entries.prepare"],
  [
    ...["entries.read", "entries.cluster", "entries.principal"],
    ...["requests.historyPage", "requests.isEndNoted"],
    ...["evidence.intents", "evidence.putIntent", "ledgers.save"],
  ],
  ["schedules.armRevocation", "schedules.armFuse", "entries.prepare"],
  ["entries.read", "evidence.putCall"],
  ["circuits.save", "evidence.putCall"],
  // Evidence of fuses that are named early is stored while the entry is read, and no addition goes before it.
  ["evidence.putIntent", "entries.prepare"],
  ["evidence.putIntent", "circuits.save"],
];
const isTogether = (one: string, other: string): boolean =>
  TOGETHER.some((group) => group.includes(one) && group.includes(other));

/** How many turns of the event loop a call takes: evidence takes longest. */
const turnsOf = (site: string): number =>
  site === "evidence.putIntent" ? 60 : /save|park|arm|send|put/.test(site) ? 30 : 1;

/** A broker each of whose calls ends in a later turn of the event loop. */
function slowly(broker: MemoryBroker) {
  const underWay = new Set<string>();
  const faults: string[] = [];
  const ports = tapPorts(broker.ports, CONVERGE_PORTS, async ({ site, apply }) => {
    faults.push(
      ...[...underWay]
        .filter((each) => !isTogether(each, site))
        .map((each) => `${site} in ${each}`),
    );
    underWay.add(site);
    for (let turn = turnsOf(site); turn > 0; turn -= 1)
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
      try {
        await converge(ports, broker.binding, run);
      } finally {
        faults.push(...[...underWay].map((site) => `${site} after the run`));
      }
    },
  };
}

describe("A run", () => {
  it("It ends after all of its calls, and each of them waits for those before it that it depends on", async () => {
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
    for (let passed = 0; passed < 180; passed += 60) {
      await slow.converge();
      broker.clock.advance(60);
    }
    failCalls(broker, "DescribeAccessEntry", UNANSWERED);
    await slow.converge();
    broker.clearFaults();
    const late = await broker.grant({ access: view("payments-jobs") });
    await slow.converge();
    failCalls(broker, "DescribeAccessEntry", UNANSWERED);
    broker.clock.set(third.revokeAt ?? "");
    await slow.converge();
    broker.clearFaults();
    for (let passed = 0; passed < 600; passed += 60) {
      broker.clock.advance(60);
      await slow.converge();
    }
    const states = await broker.states(first, second, third, late);
    expect(states).toEqual(["ended", "ended", "ended", "ended"]);
    expect(slow.faults).toEqual([]);
    expect(await broker.isAtRest()).toBe(true);
  });

  it("It ends after its next attempt is armed where a table does not answer", async () => {
    const broker = memoryBroker();
    const slow = slowly(broker);
    await broker.grant();
    broker.breakPort("ledgers.load", new Error("The table does not answer"));
    await expect(slow.converge()).rejects.toThrow("does not answer");
    expect(broker.calls).toContain("schedules.armRetry");
    expect(slow.faults).toEqual([]);
  });
});
