import type { AccessRequest } from "../domain/request.ts";

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

/** When a binding is taken up again; null for not before its next step. */
export interface NextTimes {
  /** For work: a grant's own time, another attempt, the outcome of a call that was left open. */
  readonly dueAt: string | null;
  /** For a look at what is lent, to find what others changed. It may be late, work may not. */
  readonly lookAt: string | null;
  readonly attempts: number;
}

/** Something whose time has come: work, or a look at a binding that has none. */
export type DueItem =
  | { readonly kind: "binding" | "look"; readonly binding: string; readonly clusterArn: string }
  | { readonly kind: "lapse"; readonly requestId: string };

/**
 * The bindings' side of the requests table: read by converge and sweep. Heads are written by
 * `RequestStore.save` with every step, which makes them due for work at once.
 */
export interface BindingStore {
  /** Head and grants, read consistently. A binding that was never used has version 0. */
  view(binding: string): Promise<BindingView>;

  /**
   * Says when the binding is to be taken up again. Does nothing where the head's version is not
   * `version` any more: it is due already.
   */
  park(binding: string, version: number, next: NextTimes): Promise<void>;

  /**
   * Up to `limit` items that are due at `now`, a binding once: work before looks, each in turn over
   * clusters, longest due first. However much work there is, a tenth of them may be looks.
   */
  due(now: string, limit: number): Promise<readonly DueItem[]>;
}
