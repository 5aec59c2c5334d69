import type { AccessRequest } from "../domain/requests/request.ts";

/** What should be on one access entry: the grants through which access may exist, or will. */
export interface BindingView {
  readonly binding: string;
  /** Counts up with every step of any of its requests; 0 before the first. */
  readonly version: number;
  /** How often in a row converging failed. */
  readonly attempts: number;
  /** When there is work next, as it was parked or stepped; null for not before its next step. */
  readonly dueAt: string | null;
  /** Requests in `approved`, `active` or `ending`. */
  readonly grants: readonly AccessRequest[];
}

/** What kind of work is next. A removal is known by `removeAt`, whatever else is due. */
export type WorkKind = "confirmation" | "addition";

/** When a binding is taken up again; null for not before its next step. */
export interface NextTimes {
  /** For work: a grant's own time, another attempt, the outcome of a call that was left open. */
  readonly dueAt: string | null;
  readonly dueFor: WorkKind;
  /** When access has to go next: the earliest end of its grants, or now while one is late. */
  readonly removeAt: string | null;
  /** When to compare what is lent with what EKS has. It may be late; work may not. */
  readonly driftCheckAt: string | null;
  readonly attempts: number;
}

/** The head's state that `park` relies on: it does nothing where either has moved on. */
export interface ParkedFrom {
  readonly version: number;
  /** The revision of the ledger that the run last saved or loaded. */
  readonly ledgerRevision: number;
}

/** Something whose time has come. */
export type DueItem =
  | {
      readonly kind: "removal" | WorkKind | "drift-check";
      readonly binding: string;
      readonly clusterArn: string;
    }
  | { readonly kind: "lapse"; readonly requestId: string };

/**
 * The bindings' side of the requests table: read by converge and sweep. Heads are written by
 * `RequestStore` with every step, which makes them due for work at once.
 */
export interface BindingStore {
  /** Head and grants, read consistently. A binding that was never used has version 0. */
  view(binding: string): Promise<BindingView>;

  /**
   * Says when the binding is to be taken up again. Does nothing where the head's version is not
   * `from.version` any more, or a run with a later ledger has parked it: it is due already.
   */
  park(binding: string, from: ParkedFrom, next: NextTimes): Promise<void>;

  /**
   * Up to `limit` items that are due at `now`, a binding once: removals, then confirmations, then
   * additions and lapses, then drift checks; each in turn over clusters, longest due first. Whatever
   * else is due, four tenths of them may be confirmations, and one tenth drift checks.
   */
  due(now: string, limit: number): Promise<readonly DueItem[]>;
}
