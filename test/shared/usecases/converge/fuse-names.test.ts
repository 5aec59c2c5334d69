/** Each arming of a fuse has a name of its own: whatever ends a run, no wrong fuse goes or is trusted. */
import { describe, expect, it } from "vitest";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import type { FuseOrder } from "../../../../shared/ports/schedules.ts";
import { aFailedCall } from "../../../fakes/memory-access-entries.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  ns,
  VIEW,
  view,
} from "../../../fakes/memory-broker.ts";

const LONG = { durationSeconds: 7_200 } as const;
const OVER = new Error("The run is over.");

const fuseOf = ({ expiresAt }: { readonly expiresAt: string | null }) =>
  plusSeconds(expiresAt ?? "", 300);

/** Fuses that the ledger calls armed, and that Scheduler does not hold. */
async function falselySure(broker: MemoryBroker) {
  const fuses = (await broker.ledger())?.fuses ?? [];
  return fuses.filter(({ name, sure }) => sure && !broker.schedules.timers.has(name));
}

/** The run ends just after its next call of that name. */
async function crashAfter(broker: MemoryBroker, site: string) {
  broker.after(site, () => {
    throw OVER;
  });
  await expect(broker.converge()).rejects.toThrow(OVER.message);
}

/** Fuses that the ledger is sure of. One that may still land stays doubtful beside them. */
const sureFuses = async (broker: MemoryBroker) =>
  (await broker.ledger())?.fuses.filter(({ sure }) => sure);

describe("a run that ends in the middle of its fuses", () => {
  it("leaves no fuse trusted that it deleted, and the next grant has one of its own", async () => {
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

  it("leaves no fuse trusted that made way for others, and it is armed again once they go", async () => {
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

  it("leaves a fuse that it armed in the ledger, to be deleted where nobody needs it", async () => {
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

  it("leaves a grant unbegun whose fuse it ordered, and the ledger calls that one doubtful", async () => {
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

describe("a fuse whose answer was lost", () => {
  it("is deleted by its name, and the grant waits for one that is known to be armed", async () => {
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

describe("an earlier run that deletes its fuse late", () => {
  it("does not hit the fuse that a later run armed for the same association", async () => {
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

  it("leaves the later run's fuse in the ledger, which it cannot save any more", async () => {
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

  it("never arms under a name that was used before", async () => {
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

describe("timers that cannot be deleted", () => {
  const stuck = (broker: MemoryBroker, site: string) =>
    broker.breakPort(site, aFailedCall("DeleteSchedule"));

  it("keep no end from being reported; the fuse goes soon after, and with it the ledger", async () => {
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

  it("are deleted soon after where something else is still lent", async () => {
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

  it("are deleted soon after where they must make way for others", async () => {
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

  it("are left to fire for nothing where it is a grant's own schedule", async () => {
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

  it("hold up no removal, though there are more of them than a run deletes", async () => {
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
