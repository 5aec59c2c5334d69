/** Why a binding is sent; for the logs alone. What to do is read from the tables. */
export type Cause = "approved" | "cancelled" | "returned" | "revoked" | "revocation-time" | "sweep";

/** The queue in front of converge: bindings one at a time, each in order. */
export interface ConvergeQueue {
  /** Sends a binding; each call is a message of its own. */
  send(binding: string, cause: Cause): Promise<void>;

  /** As `send`, but at most one message per binding and minute of `at`: the sweep may repeat itself. */
  sendOncePerMinute(binding: string, cause: Cause, at: string): Promise<void>;
}
