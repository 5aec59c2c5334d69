import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, PROD } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import type { FuseOrder } from "../../shared/domain/entries/fuse-schedule.ts";
import { clusterOf } from "../../shared/domain/values/arn.ts";
import type { EntryAddress } from "../../shared/ports/access-entries.ts";
import type { Schedules } from "../../shared/ports/schedules.ts";

/** The effect of a timer, and its time, to the second. */
export interface SeenTimer {
  readonly at: string;
  readonly does:
    | { readonly converge: string }
    | { readonly disassociate: string; readonly principalArn: string; readonly cluster: string }
    | { readonly deleteEntry: true; readonly principalArn: string; readonly cluster: string };
}

/** Schedulers without schedules: the broker's in account 111122223333 and us-west-2, and those of other clusters. */
export interface SchedulesWorld {
  readonly schedules: Schedules;
  /** The timers that are armed anywhere, soonest first. */
  armed(): Promise<readonly SeenTimer[]>;
  /** From now on, Scheduler refuses targets that call EKS. */
  refuseFuses(): void;
}

const BINDING = "b".repeat(64);
const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const EDIT = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy";
const ADDRESS: EntryAddress = { cluster: clusterOf(PROD.arn), principalArn: ALICE };
/** Far in the future, because a real Scheduler has its own clock. */
const at = (minute: number) => `2099-11-24T11:${String(minute).padStart(2, "0")}:00.000Z`;
const fuse = (name: string, changed: Partial<FuseOrder> = {}): FuseOrder => ({
  name,
  address: ADDRESS,
  target: VIEW,
  at: at(0),
  ...changed,
});
const entry = { principalArn: ALICE, cluster: "prod" };

/** The guarantees of every Schedules. */
export function schedulesContract(name: string, make: () => Promise<SchedulesWorld>) {
  describe(`${name} as Schedules`, () => {
    let schedules: Schedules;
    let world: SchedulesWorld;
    beforeEach(async () => {
      world = await make();
      ({ schedules } = world);
    });

    it("A revocation sends the binding to converge at the grant's time", async () => {
      await schedules.armRevocation(countedId(1), BINDING, at(0));
      expect(await world.armed()).toEqual([{ at: at(0), does: { converge: BINDING } }]);
    });

    it("A grant has one revocation, however often it is armed", async () => {
      await schedules.armRevocation(countedId(1), BINDING, at(0));
      await schedules.armRevocation(countedId(1), BINDING, at(0));
      await schedules.armRevocation(countedId(2), BINDING, at(5));
      expect(await world.armed()).toEqual([
        { at: at(0), does: { converge: BINDING } },
        { at: at(5), does: { converge: BINDING } },
      ]);
    });

    it("A revocation armed with another time is corrected", async () => {
      await schedules.armRevocation(countedId(1), BINDING, at(0));
      await schedules.armRevocation(countedId(1), BINDING, at(9));
      expect(await world.armed()).toEqual([{ at: at(9), does: { converge: BINDING } }]);
    });

    it("Disarming a revocation affects no other, and accepts one that is gone", async () => {
      await schedules.armRevocation(countedId(1), BINDING, at(0));
      await schedules.armRevocation(countedId(2), BINDING, at(5));
      await schedules.disarmRevocation(countedId(1), BINDING);
      await schedules.disarmRevocation(countedId(1), BINDING);
      expect(await world.armed()).toEqual([{ at: at(5), does: { converge: BINDING } }]);
    });

    it("A grant of another binding has a revocation of its own, even under the same id", async () => {
      const other = "c".repeat(64);
      await schedules.armRevocation(countedId(1), BINDING, at(0));
      await schedules.armRevocation(countedId(1), other, at(5));
      expect(await world.armed()).toEqual([
        { at: at(0), does: { converge: BINDING } },
        { at: at(5), does: { converge: other } },
      ]);
      await schedules.disarmRevocation(countedId(1), other);
      expect(await world.armed()).toEqual([{ at: at(0), does: { converge: BINDING } }]);
    });

    it("Another attempt sends the binding to converge, once for each time", async () => {
      await schedules.armRetry(BINDING, at(0));
      await schedules.armRetry(BINDING, at(0));
      await schedules.armRetry(BINDING, at(5));
      expect(await world.armed()).toEqual([
        { at: at(0), does: { converge: BINDING } },
        { at: at(5), does: { converge: BINDING } },
      ]);
    });

    it("A fuse removes an association by itself", async () => {
      expect(await schedules.armFuse(fuse("f-1"))).toBe("armed");
      expect(await world.armed()).toEqual([{ at: at(0), does: { disassociate: VIEW, ...entry } }]);
    });

    it("A fuse for groups deletes the whole entry", async () => {
      expect(await schedules.armFuse(fuse("f-1", { target: "groups" }))).toBe("armed");
      expect(await world.armed()).toEqual([{ at: at(0), does: { deleteEntry: true, ...entry } }]);
    });

    it("A fuse is armed once under its name, however often it is requested", async () => {
      expect(await schedules.armFuse(fuse("f-1"))).toBe("armed");
      expect(await schedules.armFuse(fuse("f-1"))).toBe("armed");
      expect(await world.armed()).toHaveLength(1);
    });

    it("Fuses for the same target exist side by side under different names", async () => {
      await schedules.armFuse(fuse("f-1"));
      await schedules.armFuse(fuse("f-2", { at: at(30) }));
      await schedules.armFuse(fuse("f-3", { target: EDIT, at: at(10) }));
      expect(await world.armed()).toEqual([
        { at: at(0), does: { disassociate: VIEW, ...entry } },
        { at: at(10), does: { disassociate: EDIT, ...entry } },
        { at: at(30), does: { disassociate: VIEW, ...entry } },
      ]);
    });

    it.each([
      ["another account", { account: "444455556666" }],
      ["another region", { region: "eu-central-1" }],
    ])("A fuse into %s is armed and disarmed like any", async (_where, other) => {
      const address = { ...ADDRESS, cluster: { ...ADDRESS.cluster, ...other } };
      expect(await schedules.armFuse(fuse("f-1", { address }))).toBe("armed");
      expect(await schedules.armFuse(fuse("f-1", { address }))).toBe("armed");
      expect(await world.armed()).toEqual([{ at: at(0), does: { disassociate: VIEW, ...entry } }]);
      await schedules.disarmFuse("f-1", address);
      await schedules.disarmFuse("f-1", address);
      expect(await world.armed()).toEqual([]);
    });

    it("A refused fuse is reported, and revocations are still armed", async () => {
      world.refuseFuses();
      expect(await schedules.armFuse(fuse("f-1"))).toBe("refused");
      await schedules.armRevocation(countedId(1), BINDING, at(0));
      expect(await world.armed()).toEqual([{ at: at(0), does: { converge: BINDING } }]);
    });

    it("Disarming a fuse affects no other, and accepts one that is gone", async () => {
      await schedules.armFuse(fuse("f-1"));
      await schedules.armFuse(fuse("f-2", { at: at(10) }));
      await schedules.disarmFuse("f-1", ADDRESS);
      await schedules.disarmFuse("f-1", ADDRESS);
      expect(await world.armed()).toEqual([{ at: at(10), does: { disassociate: VIEW, ...entry } }]);
    });
  });
}
