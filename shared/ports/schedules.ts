import type { EntryAddress } from "./access-entries.ts";

/**
 * Timers in EventBridge Scheduler. Each fires within a minute after its time, at least once, and
 * may be lost. All methods may be repeated; those that arm answer only once the schedule exists.
 * Failures are CallFailed.
 */
export interface Schedules {
  /** Sends the binding to converge at `revokeAt`. The time of a grant never changes. */
  armRevocation(grantId: string, binding: string, revokeAt: string): Promise<void>;

  disarmRevocation(grantId: string): Promise<void>;

  /**
   * Has Scheduler itself take the access away at `at`, without us: the association of the target
   * policy, or the whole entry for the target `groups`. Moves a fuse that is armed already.
   * Answers false where a fuse cannot reach: another account or region than the broker's.
   */
  armFuse(binding: string, address: EntryAddress, target: string, at: string): Promise<boolean>;

  disarmFuse(binding: string, target: string): Promise<void>;
}
