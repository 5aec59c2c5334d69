import type { AccessRequest } from "../domain/request.ts";

/** What should be on one access entry: the grants through which access may exist, or will. */
export interface BindingView {
  readonly binding: string;
  /** Counts up with every step of any of its requests; 0 before the first. */
  readonly version: number;
  /** How often in a row converging failed. */
  readonly attempts: number;
  /** Requests in `approved`, `active` or `ending`. */
  readonly grants: readonly AccessRequest[];
}

/** Something whose time has come. */
export type DueItem =
  | { readonly kind: "binding"; readonly binding: string; readonly clusterArn: string }
  | { readonly kind: "lapse"; readonly requestId: string };

/**
 * The bindings' side of the requests table: read by converge and sweep. Heads are written by
 * `RequestStore.save` with every step, which makes them due at once.
 */
export interface BindingStore {
  /** Head and grants, read consistently. A binding that was never used has version 0. */
  view(binding: string): Promise<BindingView>;

  /**
   * Says when the binding is to be looked at again; null for not before its next step. Does
   * nothing where the head's version is not `version` any more: it is due already.
   */
  park(
    binding: string,
    version: number,
    next: { readonly dueAt: string | null; readonly attempts: number },
  ): Promise<void>;

  /** Up to `limit` items that are due at `now`, longest due first, in turn over clusters. */
  due(now: string, limit: number): Promise<readonly DueItem[]>;
}
