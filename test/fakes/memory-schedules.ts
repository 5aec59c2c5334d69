import type { EntryAddress } from "../../shared/ports/access-entries.ts";
import type { Schedules } from "../../shared/ports/schedules.ts";

export type ArmedTimer =
  | {
      readonly kind: "revocation";
      readonly grantId: string;
      readonly binding: string;
      readonly at: string;
    }
  | {
      readonly kind: "fuse";
      readonly binding: string;
      readonly address: EntryAddress;
      readonly target: string;
      readonly at: string;
    };

/** Timers in memory. Nothing fires by itself: whoever has the clock takes from `timers`. */
export interface MemorySchedules extends Schedules {
  /** By name: a timer that is armed again under its name is moved. */
  readonly timers: Map<string, ArmedTimer>;
}

/** @param broker the account and the region in which fuses reach */
export function memorySchedules(broker: {
  readonly account: string;
  readonly region: string;
}): MemorySchedules {
  const timers = new Map<string, ArmedTimer>();
  const fuse = (binding: string, target: string) => `fuse ${binding} ${target}`;
  return {
    timers,
    async armRevocation(grantId, binding, revokeAt) {
      timers.set(`revocation ${grantId}`, { kind: "revocation", grantId, binding, at: revokeAt });
    },
    async disarmRevocation(grantId) {
      timers.delete(`revocation ${grantId}`);
    },
    async armFuse(binding, address, target, at) {
      const { account, region } = address.cluster;
      if (account !== broker.account || region !== broker.region) return false;
      timers.set(fuse(binding, target), { kind: "fuse", binding, address, target, at });
      return true;
    },
    async disarmFuse(binding, target) {
      timers.delete(fuse(binding, target));
    },
  };
}
