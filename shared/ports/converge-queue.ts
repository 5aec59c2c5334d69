/** Why something is sent; for the logs alone. What to do is read from the tables. */
export type Cause =
  | "approved"
  | "cancelled"
  | "returned"
  | "revoked"
  | "revocation-time"
  | "sweep"
  | "drift-check"
  | "yield"
  | "cluster-check";

/**
 * The queue in front of converge. A subject is a binding's key, or `cluster/<name>` for a cluster
 * of the policy that is to be looked at. Each subject's messages are taken in order, and one at a time
 * except while Lambda is throttled: the ledger is the fence. See docs/assumptions.md.
 */
export interface ConvergeQueue {
  /** Sends a subject; each call is a message of its own. */
  send(subject: string, cause: Cause): Promise<void>;

  /** How many messages wait, about: an eventually consistent figure. */
  backlog(): Promise<number>;

  /** As `send`, but at most one message per subject and `turn`, a text that names it, in five minutes. */
  sendOnce(subject: string, cause: Cause, turn: string): Promise<void>;
}

/** The subject of a look at a cluster. */
export const clusterSubject = (name: string) => `cluster/${name}`;
