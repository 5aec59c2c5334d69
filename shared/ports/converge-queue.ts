/** Why a binding is sent; for the logs alone. What to do is read from the tables. */
export type Cause = "approved" | "cancelled" | "returned" | "revoked" | "revocation-time" | "sweep";

/** The queue in front of converge: bindings one at a time, each in order. */
export interface ConvergeQueue {
  /** Sends a binding; each call is a message of its own. */
  send(binding: string, cause: Cause): Promise<void>;

  /** As `send`, but at most one message per binding and `turn`, a text that names it: a sweep may repeat itself. */
  sendOnce(binding: string, cause: Cause, turn: string): Promise<void>;
}
