import type { FuseOrder } from "../../shared/domain/entries/fuse-schedule.ts";
import type { Schedules } from "../../shared/ports/schedules.ts";

export type ArmedTimer =
  | {
      readonly kind: "revocation";
      /** Null for another attempt to remove the rest. */
      readonly grantId: string | null;
      readonly binding: string;
      readonly at: string;
    }
  | ({ readonly kind: "fuse" } & FuseOrder);

/** Timers in memory. Nothing fires by itself: tests take timers from `timers`. */
export interface MemorySchedules extends Schedules {
  /** By name: that of `revocationOf`, `retry <binding> <at>`, or the name of the fuse. */
  readonly timers: Map<string, ArmedTimer>;
}

/** The name of a grant's timer. */
export const revocationOf = (grantId: string, binding: string) =>
  `revocation ${grantId} ${binding}`;

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
      const timer = { kind: "revocation", grantId, binding, at: revokeAt } as const;
      timers.set(revocationOf(grantId, binding), timer);
    },
    async disarmRevocation(grantId, binding) {
      timers.delete(revocationOf(grantId, binding));
    },
    async armRetry(binding, at) {
      const name = `retry ${binding} ${at}`;
      if (!timers.has(name)) timers.set(name, { kind: "revocation", grantId: null, binding, at });
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
