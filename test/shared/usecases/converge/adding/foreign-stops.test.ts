/** Items that no honest function puts into the chain of suspensions, and a suspension behind them. */
import { describe, expect, it } from "vitest";
import { edit, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { withAdmins } from "../../../../../lab/fakes/two-admins.ts";
import {
  NO_STOPS,
  type StopRecord,
  type StopType,
  stopRecord,
} from "../../../../../shared/domain/stops/stops.ts";
import { changeStops } from "../../../../../shared/usecases/stops/change-stops.ts";
import { aStop } from "../../../../contracts/stop-store.contract.ts";

function world() {
  const broker = memoryBroker({ policy: withAdmins() });
  const change = (type: StopType, by: string, person: string | null) =>
    changeStops(broker.front, broker.actor(by), type, person, "her laptop is gone");
  const plant = (item: unknown) => void broker.stopRecords.push(item as StopRecord);
  return { broker, change, plant };
}

const PLANTED: readonly (readonly [string, unknown])[] = [
  ["nothing", undefined],
  ["no record", "junk"],
  ["a record of another chain", stopRecord({ ...NO_STOPS, seq: 6 }, aStop({ person: "bob" }))],
];
const STOPS = [
  ["suspension", "suspend", "alice"],
  ["drain", "drain", null],
] as const;
const CASES = PLANTED.flatMap(([what, item]) =>
  STOPS.map(([stop, type, person]) => [stop, what, { item, type, person }] as const),
);

describe("A chain of suspensions with something else at its next place", () => {
  it.each(CASES)("A %s behind %s ends grants all the same", async (_stop, _what, each) => {
    const { broker, change, plant } = world();
    const grant = await broker.activeGrant();
    const waiting = await broker.grant({ access: edit("payments-web") });
    plant(each.item);
    await change(each.type, "carol", each.person);
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
    await broker.settle();
    expect(await broker.states(grant, waiting)).toEqual(["ended", "ended"]);
  });

  it.each(STOPS)(
    "A %s behind it is kept, also once others write over both",
    async (_, type, person) => {
      const { broker, change, plant } = world();
      await broker.activeGrant();
      plant("junk");
      await change(type, "carol", person);
      await broker.converge();
      broker.stopRecords.length = 0;
      plant(stopRecord(NO_STOPS, aStop({ person: "dave", policyHash: broker.front.policy.hash })));
      const next = await broker.grant({ access: edit("payments-web") });
      await broker.settle();
      expect(broker.actual()).toBeUndefined();
      expect(await broker.states(next)).not.toContain("active");
    },
  );

  it("A lift behind it gives nothing back, and nothing is added", async () => {
    const { broker, change, plant } = world();
    await change("suspend", "carol", "alice");
    plant({});
    await change("lift", "dora", "alice");
    await broker.grant();
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
  });

  it("Grants of nobody who is stopped go on until their end", async () => {
    const { broker, change, plant } = world();
    const grant = await broker.activeGrant();
    plant({});
    await change("suspend", "carol", "bob");
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
    await broker.convergeAtEnd(grant);
    expect(broker.actual()).toBeUndefined();
  });
});
