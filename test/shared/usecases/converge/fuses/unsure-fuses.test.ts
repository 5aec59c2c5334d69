/** While Scheduler refuses fuses, few names of theirs are in the ledger. */
import { describe, expect, it } from "vitest";
import { aFailedCall } from "../../../../../lab/fakes/faults.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";
import { UNSURE_FUSES } from "../../../../../shared/domain/entries/bounds.ts";

const LONG = { durationSeconds: 14_400 } as const;

/** Scheduler answers neither who arms a fuse nor who deletes one. */
function outage(broker: MemoryBroker): () => void {
  const repairs = [
    broker.breakPort("schedules.armFuse", aFailedCall("CreateSchedule")),
    broker.breakPort("schedules.disarmFuse", aFailedCall("DeleteSchedule")),
  ];
  return () => {
    for (const repair of repairs) repair();
  };
}

/** The names of a target's fuses that Scheduler has not confirmed. */
const unsure = async (broker: MemoryBroker, target = EDIT) =>
  ((await broker.ledger())?.fuses ?? []).filter((fuse) => fuse.target === target && !fuse.sure);

async function minutes(broker: MemoryBroker, count: number) {
  let most = 0;
  for (let minute = 0; minute < count; minute += 1) {
    broker.clock.advance(60);
    await broker.converge();
    most = Math.max(most, (await unsure(broker)).length);
  }
  return most;
}

describe("An outage of Scheduler", () => {
  it("A target has ten unsure names at most, and its grant waits without access", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant(LONG);
    outage(broker);
    expect(await minutes(broker, 60)).toBe(UNSURE_FUSES);
    expect(await broker.states(grant)).toEqual(["approved"]);
    expect(broker.operations()).toEqual([]);
  });

  it("The grant begins once Scheduler answers and no earlier call can land, and one fuse is left", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant(LONG);
    const repair = outage(broker);
    await minutes(broker, 60);
    repair();
    await minutes(broker, 8);
    expect(await broker.states(grant)).toEqual(["active"]);
    expect((await broker.ledger())?.fuses).toMatchObject([{ target: EDIT, sure: true }]);
    expect(Object.keys(broker.fuses())).toEqual([EDIT]);
  });

  it("A grant that has begun keeps its fuse, and a longer one on its policy waits", async () => {
    const broker = memoryBroker();
    const first = await broker.activeGrant({ durationSeconds: 10_800 });
    const armed = broker.fuses();
    const longer = await broker.grant({ access: edit("payments-web"), ...LONG });
    const repair = outage(broker);
    expect(await minutes(broker, 60)).toBe(UNSURE_FUSES);
    expect(broker.fuses()).toEqual(armed);
    expect((await broker.ledger())?.fuses.filter(({ sure }) => sure)).toHaveLength(1);
    expect(await broker.states(first, longer)).toEqual(["active", "approved"]);
    repair();
    await minutes(broker, 8);
    expect(await broker.states(first, longer)).toEqual(["active", "active"]);
    expect((await broker.ledger())?.fuses).toHaveLength(1);
  });

  it("A fuse that may have fired early stays in the ledger beside the names of others, and is armed again", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant({ durationSeconds: 10_800 });
    const [own] = (await broker.ledger())?.fuses ?? [];
    const repair = outage(broker);
    broker.clock.advance(60);
    broker.othersPut({});
    expect(await minutes(broker, 60)).toBeLessThanOrEqual(UNSURE_FUSES + 1);
    expect((await broker.ledger())?.fuses.map(({ name }) => name)).toContain(own?.name);
    repair();
    await minutes(broker, 8);
    expect(await broker.states(grant)).toEqual(["active"]);
    expect((await broker.ledger())?.fuses).toMatchObject([{ target: EDIT, sure: true }]);
  });

  it("A fuse that Scheduler once confirmed is not deleted for others that it never takes", async () => {
    const broker = memoryBroker();
    await broker.activeGrant({ durationSeconds: 10_800 });
    const [own] = (await broker.ledger())?.fuses ?? [];
    broker.breakPort("schedules.armFuse", aFailedCall("CreateSchedule"));
    broker.clock.advance(60);
    broker.othersPut({});
    await minutes(broker, 30);
    expect(broker.schedules.timers.has(own?.name ?? "")).toBe(true);
  });

  it("Another policy's grant gets its fuse where Scheduler takes that", async () => {
    const broker = memoryBroker();
    const stuck = await broker.grant(LONG);
    broker.breakPort(
      "schedules.armFuse",
      aFailedCall("CreateSchedule"),
      ([order]) => (order as { target: string }).target === EDIT,
    );
    broker.breakPort("schedules.disarmFuse", aFailedCall("DeleteSchedule"));
    await minutes(broker, 20);
    const other = await broker.activeGrant({ access: view("payments-api"), ...LONG });
    expect(await broker.states(stuck, other)).toEqual(["approved", "active"]);
    expect(await unsure(broker, VIEW)).toEqual([]);
  });
});
