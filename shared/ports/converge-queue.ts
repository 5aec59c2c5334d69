/** Why a subject was sent, for logs only. The tables say what to do. */
export type Cause =
  | "approved"
  | "cancelled"
  | "returned"
  | "revoked"
  | "stopped"
  | "ticket-closed"
  | "revocation-time"
  | "retry"
  | "sweep"
  | "drift-check"
  | "yield"
  | "cluster-check";

/**
 * The queue that feeds converge. A subject is a binding's key, or `cluster/<name>` for a cluster of
 * the policy to check. Messages of one subject are handled in order, one at a time. While Lambda is
 * throttled, two may overlap, and the ledger is the fence. See docs/assumptions.md.
 */
export interface ConvergeQueue {
  /** Sends a subject. Each call is a message of its own. */
  send(subject: string, cause: Cause): Promise<void>;

  /** About how many messages wait; eventually consistent. */
  backlog(): Promise<number>;

  /**
   * Like `send`, but at most one message per subject and `turn` within five minutes. `turn` is any
   * text.
   */
  sendOnce(subject: string, cause: Cause, turn: string): Promise<void>;
}

/** The subject for checking a cluster. */
export const clusterSubject = (name: string) => `cluster/${name}`;

/** The cause in the body of a message; undefined where it is not ours. */
export function causeIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { readonly cause?: unknown } | null)?.cause;
  } catch {
    return undefined;
  }
}
