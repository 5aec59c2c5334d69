import type { Believed } from "../domain/entries/believed-grants.ts";
import type { Places } from "../domain/entries/drift-turn.ts";

/**
 * The desired state of one access entry: the grants whose access may exist now or later, in
 * `approved`, `active` or `ending`. Records that `believedIn` leaves out are named apart.
 */
export interface BindingView extends NextTimes, Believed {
  readonly binding: string;
  /** Grows with every step of any of its requests; 0 before the first. */
  readonly version: number;
  /** The revision of the ledger with which it was last parked; 0 before. */
  readonly ledgerRevision: number;
  /** False where the partition has more records than any honest binding. Only some were read. */
  readonly isWhole: boolean;
  /**
   * Whether that ledger held anything. The stored ledger then has at least that revision, unless a table
   * was restored.
   */
  readonly ledgerHolds: boolean;
  /**
   * Names of the head's counts that are no counts, which no broker writes. DynamoDB stores no step
   * that adds to one before it is mended. Counts of the view's own grants come first.
   */
  readonly broken: readonly string[];
}

/** The kind of the next work. A removal is recognised by `removeAt`, whatever else is due. */
export type WorkKind = "confirmation" | "addition";

/** A drift check whenever it is the binding's turn; see `domain/entries/drift-turn.ts`. */
export const IN_TURN = "in turn";

/** When to take up a binding again; null if not before its next step. */
export interface NextTimes {
  /**
   * For work: a grant's start or end, another attempt, or the outcome of an open call. A step that was
   * stored since the last parking is due at its own time.
   */
  readonly dueAt: string | null;
  readonly dueFor: WorkKind;
  /** When access must go next: the earliest end of its grants, or now if one is late. */
  readonly removeAt: string | null;
  /**
   * When to compare the ledger with EKS. It is `IN_TURN` while access is lent, and an instant where that could not be
   * done: to repeat it then. This may run late; work may not.
   */
  readonly driftCheckAt: string | typeof IN_TURN | null;
  /** How many times in a row converge did not finish. */
  readonly attempts: number;
  /**
   * Bytes that its open grants may take in the ledger. Each approval adds its own part, and parking
   * counts them again. It is 0 before the first parking by a release that counts.
   */
  readonly reservedBytes: number;
}

/** The state that `park` relies on. It does nothing if either has changed. */
export interface ParkedFrom {
  readonly version: number;
  /** The revision of the ledger that the run last loaded or saved. */
  readonly ledgerRevision: number;
  /** Whether that ledger holds anything; false by default. */
  readonly ledgerHolds?: boolean;
  /**
   * The head's revision where the ledger is older than the head. This run may then park although its own
   * ledger is earlier, if the head still has exactly that revision.
   */
  readonly behind?: number;
  /** The address of the entry, where the ledger knows a binding without a head: one is made. */
  readonly address?: { readonly clusterArn: string; readonly principalArn: string };
}

/** An item that is due. */
export type DueItem =
  | {
      readonly kind: "removal" | WorkKind;
      readonly binding: string;
      readonly clusterArn: string;
    }
  | {
      readonly kind: "drift-check";
      readonly binding: string;
      readonly clusterArn: string;
      /** Whether it is the binding's turn, and no repetition. */
      readonly isTurn: boolean;
    }
  | { readonly kind: "lapse"; readonly requestId: string };

/**
 * The part of the requests table that holds bindings, read by converge and sweep. `RequestStore`
 * writes their heads with every step, which makes them due for work at once.
 */
export interface BindingStore {
  /** Head and grants, read consistently. A binding that was never used has version 0. */
  view(binding: string): Promise<BindingView>;

  /** The grants with these ids, each read consistently by its key. An absent one is missing. */
  named(binding: string, ids: readonly string[]): Promise<Believed>;

  /**
   * Stores when to take up the binding again. Does nothing if the head's version has changed since
   * `from.version`, or a run with a later ledger has parked it. The binding is then due already. Without
   * a head it does nothing either, unless `from.of` says whose entry it is.
   */
  park(binding: string, from: ParkedFrom, next: NextTimes): Promise<void>;

  /**
   * Removes what is broken on a head, unless the head has changed since the view. It stays due. Where there is very
   * much of it, the first names go now.
   */
  mend(view: BindingView): Promise<void>;

  /**
   * Up to `limit` items that are due at `now`, each binding once. It may lag behind: the next sweep
   * finds what this one missed. It takes items off an index that stand at no place of the broker's.
   * First removals, then confirmations, then additions and lapses, then drift checks. Each kind
   * alternates between clusters, longest due first. Parts of the limit are kept, whatever else is
   * due. Confirmations have 40 %, additions and lapses 5 %, drift checks 10 %.
   *
   * @param turns the places whose turn it is to be checked for drift. They alternate with repeated
   * checks as one cluster does: none is left out between two that are taken, unless it has other work
   */
  due(now: string, limit: number, turns: readonly Places[]): Promise<readonly DueItem[]>;
}
