import type { Invocation } from "../invocation.ts";

/** The network's reports about calls. */
export interface CallWatch {
  /** A call is about to take effect; it does so before anything else happens. */
  applying(invocation: Invocation, late: boolean): void;
  /**
   * Something went wrong for this invocation, and may have an effect until then. `subject`: only
   * what was to be sent of it.
   */
  disturbed(invocation: Invocation, until: number, operation: string, subject?: string): void;
  /** The call was not made: IAM refused the session that it needs. */
  refused(invocation: Invocation, operation: string): void;
  /** A write is under way and may take effect, until `landed`. */
  launched(invocation: Invocation, operation: string): void;
  landed(invocation: Invocation, operation: string): void;
  note(actor: string, what: () => string): void;
}
