import type { Step } from "../domain/requests/lifecycle.ts";
import type { AccessRequest, AuditEvent } from "../domain/requests/request.ts";

/**
 * Where requests and their audit events are kept.
 *
 * For one request, calls are serializable and reads see the latest write; lists may lag behind.
 * `test/contracts/request-store.contract.ts` says the same in code, and every implementation
 * passes it.
 */
export interface RequestStore {
  /** The current request. @throws BrokerError `request-not-found` */
  load(id: string): Promise<AccessRequest>;

  /**
   * Stores a new request: its first steps (the request, and the approval where policy itself
   * approves), all or nothing, together with everything that `save` writes.
   *
   * `idempotency` names the caller's key, hashed; a second create under the same key writes
   * nothing. So does one for terms that its requester already has pending.
   *
   * @throws BrokerError `duplicate-request` with the pending request's `id` in its facts
   * @throws BrokerError `too-many-grants` as `save`
   * @throws IdempotencyTaken when the key was used
   */
  create(steps: readonly Step[], options?: CreateOptions): Promise<void>;

  /**
   * Writes one step: the new state if the stored version is the step's own less one, the audit
   * event, the binding's head (due at once) and the grant in the binding: all or nothing. A final
   * grant leaves the binding. Calls that race for other requests of the same binding both succeed.
   *
   * With `capacity`, a step that makes a grant `approved` counts it for its requester within the
   * binding, atomically, and is refused where the person already has as many.
   *
   * @throws BrokerError `version-conflict` when someone else wrote first
   * @throws BrokerError `too-many-grants` when `capacity` is used up; nothing was written
   */
  save(step: Step, capacity?: Capacity): Promise<void>;

  /**
   * Writes one step of each of several requests of one binding, all or nothing: many grants that
   * end at once cost few transactions. At most `STEPS_AT_ONCE` steps.
   *
   * @throws BrokerError `version-conflict` when someone else wrote one of them first
   */
  saveAll(steps: readonly Step[]): Promise<void>;

  /** Every audit event of one request, oldest first; empty for an unknown id. */
  history(id: string): Promise<readonly AuditEvent[]>;

  /** A person's own requests, newest first. */
  requestedBy(person: string, page: PageQuery): Promise<Page<AccessRequest>>;

  /** Pending requests that members of any of `groups` may approve, oldest first. */
  awaiting(groups: readonly string[]): Promise<readonly AccessRequest[]>;

  /** Grants through which access may exist, soonest to expire first. */
  grants(page: PageQuery): Promise<Page<AccessRequest>>;

  /** Audit events with `from` ≤ `at` < `to`, in order of time. Both are instants. */
  auditBetween(from: string, to: string, page: PageQuery): Promise<Page<AuditEvent>>;

  /** What a used idempotency key stands for; undefined for an unused one. */
  idempotent(keyHash: string): Promise<IdempotencyRecord | undefined>;

  /**
   * Counts one more in a window, unless it holds `most` already: atomically, so that calls at once
   * never come to more. Windows do not touch each other; one that is over may be forgotten.
   *
   * @returns whether it was counted
   */
  countIn(window: RateWindow, most: number): Promise<boolean>;
}

/** What one person did by one operation, between two instants. */
export interface RateWindow {
  readonly person: string;
  readonly operation: string;
  readonly from: string;
  readonly until: string;
}

/**
 * How many steps one `saveAll` takes. Each is three items, and the head one more; a transaction
 * has at most 100.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export const STEPS_AT_ONCE = 30;

/** How many grants one person may have in one binding. */
export interface Capacity {
  /** In `approved` or `active`, the one that is to be approved included. */
  readonly open: number;
  /** In `ending`: whose end was not read back yet. */
  readonly ending: number;
}

/** What `create` does besides. */
export interface CreateOptions {
  readonly idempotency?: IdempotencyKey | undefined;
  readonly capacity?: Capacity | undefined;
}

export interface IdempotencyKey {
  /** Hash of person, operation and key. */
  readonly keyHash: string;
  readonly bodyHash: string;
}

export interface IdempotencyRecord {
  readonly bodyHash: string;
  /** The request as it was first answered. */
  readonly answer: AccessRequest;
}

/** The idempotency key was used before: read its record with `idempotent`. */
export class IdempotencyTaken extends Error {
  override readonly name = "IdempotencyTaken";
}

export interface PageQuery {
  /** At most so many items, 1 to 100. */
  readonly limit: number;
  /** What the page before answered; opaque. @throws BrokerError `invalid-request` for another's */
  readonly cursor?: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page starts; undefined on the last. */
  readonly cursor?: string;
}
