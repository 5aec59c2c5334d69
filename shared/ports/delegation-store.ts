import type { Delegation } from "../domain/delegations/delegation.ts";
import type {
  DelegationRecord,
  EndRecord,
  MadeRecord,
} from "../domain/delegations/delegation-record.ts";
import type { IdempotencyKey } from "./idempotency.ts";
import type { Page, PageQuery } from "./request-store.ts";

/**
 * Stores delegations. Their records are in the audit table, where nobody changes or deletes them.
 * Only those say what a delegation is for, and whether it was ended. Lists find them by pointers,
 * and lack those that are long over. All reads see the latest write: a limit is counted by them.
 * `test/contracts/delegation-store.contract.ts` is this contract in code.
 */
export interface DelegationStore {
  /**
   * Stores a new delegation: its record, and what finds it. Its notices become due, as they do with its
   * end. All or nothing.
   *
   * `idempotency` is the caller's key, hashed. A second create under the same key writes nothing. `after` is the count
   * of `made` by which the delegation was judged.
   *
   * @throws IdempotencyTaken when the key was used
   * @throws BrokerError `version-conflict` where another one was made since; nothing was written
   */
  create(record: MadeRecord, options: CreateDelegation): Promise<void>;

  /** How many delegations were ever made. A judge reads it before the lists, and so knows of each that they lack. */
  made(): Promise<number>;

  /** The delegation that a used idempotency key made; undefined for an unused one. */
  idempotent(keyHash: string): Promise<DelegationKey | undefined>;

  /**
   * Stores the end of a delegation. From then on no decision is stored that names it: `save` of
   * `RequestStore` refuses it. All or nothing.
   *
   * @throws BrokerError `delegation-ended` where somebody ended it before; nothing was written
   */
  end(delegation: Delegation, record: EndRecord): Promise<void>;

  /** The records of a delegation, oldest first, read consistently: `delegationOf` judges them. */
  records(id: string): Promise<readonly DelegationRecord[]>;

  /**
   * Those that were given to a person, not ended, and with an `until` later than `now`; the first to
   * be over comes first. At most `MOST_DELEGATIONS`.
   */
  givenTo(person: string, now: string): Promise<readonly Delegation[]>;

  /** The same, of those that a person gave. */
  givenBy(person: string, now: string): Promise<readonly Delegation[]>;

  /** Those that were given to a person and were over or ended between `since` and `now`, at most ten. */
  lately(person: string, since: string, now: string): Promise<readonly Delegation[]>;

  /** The same as `givenTo`, of everyone's that are wanted. */
  listed(
    now: string,
    page: PageQuery,
    isWanted?: (delegation: Delegation) => boolean,
  ): Promise<Page<Delegation>>;
}

export interface CreateDelegation {
  readonly after: number;
  readonly idempotency?: IdempotencyKey | undefined;
}

export interface DelegationKey {
  readonly bodyHash: string;
  readonly delegationId: string;
}

/** The most delegations of one person, given or received, that are read at once. */
export const MOST_DELEGATIONS = 50;
