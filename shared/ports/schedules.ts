import type { EntryAddress } from "./access-entries.ts";

/**
 * How arming a fuse ended. `unreachable`: the cluster is in another account or region than the
 * broker. `refused`: Scheduler takes no such target, so that this broker has no fuses at all.
 */
export type FuseAnswer = "armed" | "unreachable" | "refused";

/** One fuse to arm. */
export interface FuseOrder {
  /** At most 64 characters, used for this arming alone: a late deletion can hit no other fuse. */
  readonly name: string;
  readonly address: EntryAddress;
  /** The policy's ARN, or `groups`. */
  readonly target: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/**
 * Timers in EventBridge Scheduler. Each fires within a minute after its time, at least once, and
 * may be lost. All methods may be repeated; those that arm answer only once the schedule exists.
 * Failures are CallFailed. docs/assumptions.md says what is relied on.
 */
export interface Schedules {
  /** Sends the binding to converge at `revokeAt`. The time of a grant never changes. */
  armRevocation(grantId: string, binding: string, revokeAt: string): Promise<void>;

  disarmRevocation(grantId: string): Promise<void>;

  /**
   * Has Scheduler itself take the access away, without us: the association of the target policy,
   * or the whole entry for the target `groups`.
   */
  armFuse(fuse: FuseOrder): Promise<FuseAnswer>;

  /** Deletes the fuse of that name; one that is gone is no error. */
  disarmFuse(name: string): Promise<void>;
}
