/** Each fuse has its own name, so no wrong fuse is deleted or trusted, however a run ends. */
import { describe, expect, it } from "vitest";
import { ns } from "../../../../../lab/fakes/broker-sights.ts";
import { aFailedCall } from "../../../../../lab/fakes/faults.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";
import type { FuseOrder } from "../../../../../shared/domain/entries/fuse-schedule.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const LONG = { durationSeconds: 7_200 } as const;
const OVER = new Error("The run is over.");

const fuseOf = ({ expiresAt }: { readonly expiresAt: string | null }) =>
  plusSeconds(expiresAt ?? "", 300);

/** Fuses that the ledger counts as armed but Scheduler does not have. */
async function falselySure(broker: MemoryBroker) {
  const fuses = (await broker.ledger())?.fuses ?? [];
  return fuses.filter(({ name, sure }) => sure && !broker.schedules.timers.has(name));
}

/** Ends the run just after its next call of that name. */
async function crashAfter(broker: MemoryBroker, site: string) {
  broker.after(site, () => {
    throw OVER;
  });
  await expect(broker.converge()).rejects.toThrow(OVER.message);
}

/** Fuses that the ledger is sure of. One that may still land stays unsure beside them. */
const sureFuses = async (broker: MemoryBroker) =>
  (await broker.ledger())?.fuses.filter(({ sure }) => sure);

describe("A run that ends while it handles fuses", () => {
  it("A fuse that a crashed run deleted is not trusted, and the next grant gets its own", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    await broker.end(grant, "return");
    await crashAfter(broker, "schedules.disarmFuse");
    expect(broker.fuses()).toEqual({});
    expect(await falselySure(broker)).toEqual([]);
    const next = await broker.activeGrant();
    expect(next).toMatchObject({ state: "active" });
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(next) });
  });

  it("A fuse deleted because of others is not trusted, and is armed again once they are gone", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api", "theirs") });
    await crashAfter(broker, "schedules.disarmFuse");
    expect(broker.fuses()).toEqual({});
    expect(await falselySure(broker)).toEqual([]);
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api") });
    await broker.converge();
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant) });
  });

  it("A fuse that a crashed run armed is in the ledger, and is deleted when it is not needed", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const longer = await broker.grant(LONG);
    await crashAfter(broker, "schedules.armFuse");
    const armed = [...broker.schedules.timers.values()].filter(({ kind }) => kind === "fuse");
    expect(armed.map(({ at }) => at).sort()).toEqual([fuseOf(grant), fuseOf(longer)].sort());
    await broker.end(longer, "revoke", "bob");
    await broker.converge();
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant) });
    expect(await sureFuses(broker)).toMatchObject([{ at: fuseOf(grant) }]);
  });

  it("A grant whose fuse was ordered by a crashed run has not begun, and the fuse is unsure", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.before("schedules.armFuse", () => {
      throw OVER;
    });
    await expect(broker.converge()).rejects.toThrow(OVER.message);
    expect((await broker.ledger())?.fuses).toMatchObject([{ target: EDIT, sure: false }]);
    expect((await broker.ledger())?.begun).toEqual({});
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
    expect(await falselySure(broker)).toEqual([]);
    expect(await sureFuses(broker)).toMatchObject([{ target: EDIT }]);
  });
});

describe("A fuse whose answer was lost", () => {
  it("A fuse whose answer was lost is deleted by name, and the grant waits for a confirmed one", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.after("schedules.armFuse", () => {
      throw aFailedCall("CreateSchedule");
    });
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["approved"]);
    expect(broker.operations()).toEqual([]);
    expect(broker.fuses()).toEqual({});
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(grant) });
  });
});

describe("An earlier run that deletes its fuse late", () => {
  it("A late deletion does not hit the fuse that a later run armed for the same association", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    await broker.end(grant, "return");
    const next = await broker.grant();
    broker.before("schedules.disarmFuse", async () => {
      await broker.converge();
      expect(await broker.states(next)).toEqual(["active"]);
    });
    await broker.converge();
    expect(await broker.states(grant, next)).toEqual(["ended", "active"]);
    expect(broker.fuses()).toEqual({ [EDIT]: fuseOf(next) });
    expect(await falselySure(broker)).toEqual([]);
  });

  it("A run that deletes its fuse late leaves the later run's fuse in the ledger", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    await broker.end(grant, "return");
    const next = await broker.grant({ access: view("payments-api") });
    broker.after("schedules.disarmFuse", () => broker.converge());
    await broker.converge();
    expect((await broker.ledger())?.fuses).toMatchObject([{ target: VIEW, sure: true }]);
    expect(broker.fuses()).toEqual({ [VIEW]: fuseOf(next) });
    expect(broker.logs.map(({ message }) => message)).toContain("another run saved first");
  });

  it("A fuse never gets a name that was used before", async () => {
    const broker = memoryBroker();
    const names: string[] = [];
    broker.watch("schedules.armFuse", ([order]) => names.push((order as FuseOrder).name));
    for (let round = 0; round < 3; round += 1) {
      const grant = await broker.activeGrant();
      broker.clock.advance(60);
      await broker.end(grant, "return");
      await broker.converge();
    }
    expect(names).toHaveLength(3);
    expect(new Set(names).size).toBe(3);
  });
});

describe("Timers that cannot be deleted", () => {
  const stuck = (broker: MemoryBroker, site: string) =>
    broker.breakPort(site, aFailedCall("DeleteSchedule"));

  it("A fuse that cannot be deleted delays no end, and is deleted soon after", async () => {
    const broker = memoryBroker();
    const repair = stuck(broker, "schedules.disarmFuse");
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    await broker.end(grant, "return");
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect((await broker.ledger())?.fuses).toMatchObject([{ target: EDIT, sure: false }]);
    expect(broker.isDueSoon()).toBe(true);
    await broker.settle();
    expect(await broker.isAtRest()).toBe(false);
    repair();
    await broker.settle(60);
    expect(await broker.isAtRest()).toBe(true);
  });

  it("A fuse that cannot be deleted is deleted soon after, while something else is lent", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const other = await broker.activeGrant({ access: view("payments-api") });
    const repair = stuck(broker, "schedules.disarmFuse");
    broker.clock.advance(60);
    await broker.end(grant, "return");
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(broker.isDueSoon()).toBe(true);
    repair();
    await broker.converge();
    expect(broker.fuses()).toEqual({ [VIEW]: fuseOf(other) });
  });

  it("A fuse that cannot be deleted is deleted soon after others use its association", async () => {
    const broker = memoryBroker();
    const repair = stuck(broker, "schedules.disarmFuse");
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    broker.othersPut({ [EDIT]: ns("payments-api", "theirs") });
    for (const _ of [1, 2]) {
      await broker.converge();
      expect(broker.isDueSoon()).toBe(true);
    }
    repair();
    await broker.converge();
    expect(broker.fuses()).toEqual({});
    expect(broker.head()?.dueAt).toBe(grant.revokeAt);
  });

  it("A grant's own schedule that cannot be deleted fires without effect", async () => {
    const broker = memoryBroker();
    stuck(broker, "schedules.disarmRevocation");
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    await broker.end(grant, "return");
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["ended"]);
    await broker.settle();
    expect(broker.head()?.dueAt).toBeNull();
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  });

  it("A run without time left deletes no fuse, and the next one does", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    await broker.end(grant, "return");
    let left = 8_000;
    for (const site of ["requests.save", "requests.saveAll"])
      broker.after(site, () => {
        left = 0;
      });
    await broker.converge(broker.binding, { millisLeft: () => left });
    expect(await broker.states(grant)).toEqual(["ended"]);
    expect(Object.keys(broker.fuses())).toEqual([EDIT]);
    expect(broker.isDueSoon()).toBe(true);
    broker.clock.set(broker.head()?.dueAt ?? "");
    await broker.converge();
    expect(broker.fuses()).toEqual({});
  });

  it("Timers delay no removal, even if there are more than one run deletes", async () => {
    const broker = memoryBroker();
    const grants = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        broker.grant({ access: edit(`payments-${at}`), durationSeconds: 3_600 + 60 * at }),
      ),
    );
    await broker.converge();
    await broker.converge();
    expect(new Set(await broker.states(...grants))).toEqual(new Set(["active"]));
    broker.clock.advance(60);
    for (const grant of grants) await broker.end(grant, "return");
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    expect(new Set(await broker.states(...grants))).toEqual(new Set(["ended"]));
    const left = [...broker.schedules.timers.values()].filter(({ kind }) => kind === "revocation");
    expect(left).toHaveLength(2);
  });
});
