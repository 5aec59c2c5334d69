/** A suspension behind more records than converge reads at once, as whoever may add records can put there. */
import { expect, it } from "vitest";
import { memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { withAdmins } from "../../../../../lab/fakes/two-admins.ts";
import {
  NO_STOPS,
  type StopDraft,
  type Stops,
  stopRecord,
  stopsAfter,
} from "../../../../../shared/domain/stops/stops.ts";
import { MOST_STOPS } from "../../../../../shared/ports/stop-store.ts";
import { changeStops } from "../../../../../shared/usecases/stops/change-stops.ts";
import { aStop } from "../../../../contracts/stop-store.contract.ts";

function brokerBehind(count: number) {
  const broker = memoryBroker({ policy: withAdmins() });
  let stops: Stops = NO_STOPS;
  const { hash: policyHash } = broker.front.policy;
  const draft = aStop({ person: "nobody", policyHash, at: broker.clock.now() });
  return {
    broker,
    plant(first = draft) {
      for (let seq = 1; seq <= count; seq += 1) {
        const record = stopRecord(stops, seq === 1 ? first : draft);
        broker.stopRecords.push(record);
        stops = stopsAfter(record);
      }
    },
    suspend: () =>
      changeStops(broker.front, broker.actor("carol"), "suspend", "alice", "her laptop is gone"),
  };
}

it.each([MOST_STOPS - 1, MOST_STOPS, 3 * MOST_STOPS])(
  "Behind %i records, it ends grants in the next run",
  async (count) => {
    const { broker, plant, suspend } = brokerBehind(count);
    await broker.activeGrant();
    plant();
    await suspend();
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  },
);

it.each([1, 2, 3])(
  "A lift that is to be judged again keeps back the copy, and no run: %i times as many records after it",
  async (times) => {
    const { broker, plant, suspend } = brokerBehind(times * MOST_STOPS);
    await broker.activeGrant();
    const lift = { type: "lift", actor: "mallory", person: "alice", policyHash: "f".repeat(64) };
    const first = aStop({ ...lift, at: broker.clock.now() } as Partial<StopDraft>);
    plant(first);
    await suspend();
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.stopCopy.load()).toMatchObject({ seq: 0 });
  },
);

it("Each run goes on behind ten times as many, which a removal may wait for", async () => {
  const { broker, plant, suspend } = brokerBehind(10 * MOST_STOPS);
  await broker.activeGrant();
  plant();
  await suspend();
  await broker.converge();
  expect(await broker.stopCopy.load()).toMatchObject({ seq: 10 * MOST_STOPS });
  expect(broker.actual()).toBeDefined();
  await broker.converge();
  expect(broker.actual()).toBeUndefined();
});
