import type { FuseOrder, Schedules } from "../../shared/ports/schedules.ts";

export type ArmedTimer =
  | {
      readonly kind: "revocation";
      readonly grantId: string;
      readonly binding: string;
      readonly at: string;
    }
  | ({ readonly kind: "fuse" } & FuseOrder);

/** Timers in memory. Nothing fires by itself: tests take timers from `timers`. */
export interface MemorySchedules extends Schedules {
  /** By name: `revocation <grantId>`, or the name of the fuse. */
  readonly timers: Map<string, ArmedTimer>;
}

export interface MemorySchedulesOptions {
  /** Called for each fuse; false for a Scheduler that refuses EKS targets. */
  readonly takesFuses?: () => boolean;
}

export function memorySchedules({
  takesFuses = () => true,
}: MemorySchedulesOptions = {}): MemorySchedules {
  const timers = new Map<string, ArmedTimer>();
  return {
    timers,
    async armRevocation(grantId, binding, revokeAt) {
      timers.set(`revocation ${grantId}`, { kind: "revocation", grantId, binding, at: revokeAt });
    },
    async disarmRevocation(grantId) {
      timers.delete(`revocation ${grantId}`);
    },
    async armFuse(fuse) {
      if (!takesFuses()) return "refused";
      if (!timers.has(fuse.name)) timers.set(fuse.name, { kind: "fuse", ...fuse });
      return "armed";
    },
    async disarmFuse(name) {
      timers.delete(name);
    },
  };
}
