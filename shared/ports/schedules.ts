import type { FuseOrder } from "../domain/entries/fuse-schedule.ts";
import type { EntryAddress } from "./access-entries.ts";

/**
 * How arming a fuse ended. `refused`: Scheduler does not accept the target, so this broker has no fuses
 * at all.
 */
type FuseAnswer = "armed" | "refused";

/**
 * Timers in EventBridge Scheduler. Each fires within a minute of its time, at least once, and may
 * be lost. All methods may be repeated. Those that arm return only once the schedule exists.
 * Failures are CallFailed. docs/assumptions.md says what we rely on.
 */
export interface Schedules {
  /**
   * Sends the binding to converge at `revokeAt`. A grant's time never changes. A grant of another
   * binding has another timer, even under the same id, so that no record can move it.
   */
  armRevocation(grantId: string, binding: string, revokeAt: string): Promise<void>;

  disarmRevocation(grantId: string, binding: string): Promise<void>;

  /**
   * Sends the binding to converge once more at `at`, because access is left that must go. The sweep
   * does the same by a head of the requests table, which others can write. Arming it again for the
   * same instant changes nothing.
   */
  armRetry(binding: string, at: string): Promise<void>;

  /**
   * Lets Scheduler itself remove the access, without our code. It removes the association of the
   * target policy, or the whole entry for the target `groups`. It is armed in the account and region of
   * the cluster, so it fires there without the broker's.
   */
  armFuse(fuse: FuseOrder): Promise<FuseAnswer>;

  /** Deletes the fuse of that name, which was armed for that entry. A missing fuse is not an error. */
  disarmFuse(name: string, address: EntryAddress): Promise<void>;
}
