import type { AutomaticLimit } from "../domain/policy/automatic-limit.ts";
import type { AuditEvent, EndVerb } from "../domain/requests/audit-event.ts";
import type { Step } from "../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../domain/requests/request.ts";
import type { BrokerError } from "../domain/values/errors.ts";
import type { IdempotencyKey, IdempotencyRecord } from "./idempotency.ts";
import type { LentGrants } from "./lent-grants.ts";
import type { ListedPage } from "./listed-page.ts";
import type { TogetherStore } from "./together-store.ts";

/**
 * Stores requests and their audit events.
 *
 * Calls for one request are serializable, and reads of one request see the latest write. Lists may lag behind,
 * and `auditBetween` as well.
 * `test/contracts/request-store.contract.ts` is this contract in code; every implementation passes it.
 */
export interface RequestStore extends LentGrants, TogetherStore {
  /** The current request. @throws BrokerError `request-not-found` */
  load(id: string): Promise<AccessRequest>;

  /** Whether the request's own record is filed at its version and entry, as `save` demands. Others can file it elsewhere. */
  isAt(request: AccessRequest): Promise<boolean>;

  /**
   * Stores a new request with its first steps: the request, and the approval if the policy itself
   * approves. All or nothing, together with everything that `save` writes.
   *
   * `idempotency` is the caller's key, hashed. A second create under the same key writes nothing.
   * Nor does one whose terms its requester already has pending.
   *
   * With `mostPending`, a request that needs a decision is refused if its requester already has that
   * many pending. Atomic, so concurrent calls never exceed it.
   *
   * With `automatic`, the request counts as one of its person's automatic approvals in that window.
   * It is refused where there are as many as the limit. Atomic, and nothing is counted that is not
   * stored.
   *
   * One extension of a grant may be pending. With `unchanged`, nothing is stored if that request
   * has another version by now.
   *
   * @throws BrokerError `duplicate-request` with the pending request's `id` in its facts
   * @throws BrokerError `extension-open` likewise, where the pending request extends the same grant
   * @throws BrokerError `version-conflict` when the request of `unchanged` or `beside` has changed
   * @throws BrokerError `too-many-pending` with the oldest pending request in its facts
   * @throws BrokerError `too-many-automatic` with the instant from which it is possible again
   * @throws BrokerError `too-many-grants` as `save`
   * @throws IdempotencyTaken when the key was used
   * @throws NonceUsed as `save`
   */
  create(steps: readonly Step[], options?: CreateOptions): Promise<void>;

  /**
   * Writes one step, all or nothing. That is the new state, the audit event, the binding's head, the grant in the
   * binding and the notice record. Head and notice record are due at once. The stored version must be one less than the
   * step's. A final grant leaves the binding. Concurrent calls for other requests of the same binding all succeed.
   *
   * With `capacity`, a step that makes a grant `approved` counts it for its requester in the binding, atomically. It
   * is refused if the person already has that many.
   *
   * A step that makes a grant `approved` counts what it may take of its entry's ledger, atomically, and is refused
   * where the entry has no room for it; see `domain/entries/bounds.ts`.
   *
   * With `followedBy`, the next step of the same request is stored at once: both events, and the state after the second.
   *
   * With `beside`, steps of other requests of the binding are stored at once. They are few: one chain of extensions.
   *
   * With `nonce`, the step is stored only if no step or request was stored under that nonce before.
   *
   * A decision on somebody's behalf is stored only if nobody has ended the delegation that it names.
   *
   * @throws BrokerError `version-conflict` when someone else wrote first
   * @throws BrokerError `delegation-ended` when the delegation was ended; nothing was written
   * @throws BrokerError `too-many-grants` when `capacity` is used up; nothing was written
   * @throws BrokerError `too-much-on-one-entry` when the entry has no room; nothing was written
   * @throws NonceUsed when the nonce was used; nothing was written
   */
  save(step: Step, options?: SaveOptions): Promise<void>;

  /**
   * Writes one step for each of several requests of one binding, all or nothing. Many grants that
   * end together then cost few transactions. At most `STEPS_AT_ONCE` steps, none from `pending`.
   *
   * @throws BrokerError `version-conflict` when someone else wrote some of them first; see `conflictsOf`
   */
  saveAll(steps: readonly Step[]): Promise<void>;

  /**
   * Notes that somebody ended a request. It depends on nothing else that is stored. Functions that face people can add
   * notes, and nobody can take one back.
   */
  noteEnd(id: string, note: EndNote): Promise<void>;

  /** Whether somebody noted an end of a request; of its `chain`: one that is no cancellation. */
  isEndNoted(id: string, of: "grant" | "chain"): Promise<boolean>;

  /** The grants of a binding through which access may exist, read consistently, in no order. */
  openOn(binding: string): Promise<readonly AccessRequest[]>;

  /** The id of the pending extension of a grant; undefined unless one is pending. */
  pendingExtension(grantId: string): Promise<string | undefined>;

  /** Every audit event of one request, oldest first; empty for an unknown id. Items of another form, and all behind 10 MB, are left out. */
  history(id: string): Promise<readonly AuditEvent[]>;

  /** All items, page by page. A page ends early where its events take `PAGE_BYTES`. Others may have added items in any form. */
  historyPage(id: string, page: PageQuery): Promise<Page<AuditEvent>>;

  /** A person's own requests, newest first. */
  requestedBy(person: string, page: PageQuery): Promise<Page<AccessRequest>>;

  /** Pending requests that members of any of `groups` may approve and that are wanted, oldest first. */
  awaiting(
    groups: readonly string[],
    page: PageQuery,
    isWanted?: (request: AccessRequest) => boolean,
  ): Promise<Page<AccessRequest>>;

  /** Grants through which access may exist and that are wanted, soonest to expire first. */
  grants(
    page: PageQuery,
    isWanted?: (request: AccessRequest) => boolean,
  ): Promise<Page<AccessRequest>>;

  /**
   * Break-glass whose review is open and that are wanted, the soonest due first. A review is listed
   * from the approval that opens it, and until the step that closes it.
   */
  openReviews(
    page: PageQuery,
    isWanted?: (request: AccessRequest) => boolean,
  ): Promise<Page<AccessRequest>>;

  /**
   * Requests whose id begins with `prefix` and that are wanted, in the order of their creation. The
   * prefix has at least `SHORTEST_PREFIX` characters, so few requests are looked at.
   */
  beginningWith(
    prefix: string,
    page: PageQuery,
    isWanted?: (request: AccessRequest) => boolean,
  ): Promise<Page<AccessRequest>>;

  /**
   * Audit events with `from` ≤ `at` < `to`, in order of time. Both are instants. A page ends early
   * where its events take `PAGE_BYTES`.
   */
  auditBetween(from: string, to: string, page: PageQuery): Promise<ListedPage<AuditEvent>>;

  /** The answer that a used idempotency key was given; undefined for an unused one. */
  idempotent(keyHash: string): Promise<IdempotencyRecord | undefined>;

  /**
   * Adds one to the count of a window, unless it has reached `most`. Atomic, so concurrent calls
   * never exceed it. Windows are independent of each other, and a past one may be forgotten.
   *
   * @returns whether it was counted
   */
  countIn(window: RateWindow, most: number): Promise<boolean>;
}

/** The person who ended a request, the time, and the way. */
export type EndNote = { readonly actor: string; readonly at: string; readonly verb: EndVerb };

/** One person's calls of one operation, between two instants. */
export interface RateWindow {
  readonly person: string;
  readonly operation: string;
  readonly from: string;
  readonly until: string;
}

/**
 * How many steps one `saveAll` takes. Each step is four items: state, event, grant and notice
 * record. The head is one more, which makes 97. A transaction has at most 100. A step from
 * `pending` has more items, and is stored by itself.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export const STEPS_AT_ONCE = 24;

/** The facts of a `version-conflict` of `saveAll`. @param ids of requests that someone else changed first */
export const conflictsAt = (ids: readonly string[]) => ({ conflicts: [...new Set(ids)] });

/** Ids of requests whose steps a `version-conflict` of `saveAll` names. There may be others; none where it names no request. */
export const conflictsOf = ({ facts }: Pick<BrokerError, "facts">): readonly string[] =>
  Array.isArray(facts["conflicts"]) ? facts["conflicts"] : [];

/** How many grants one person may have in one binding. */
export interface Capacity {
  /** In `approved` or `active`, including the one about to be approved. */
  readonly open: number;
  /** In `ending`: no read has proven the end yet. */
  readonly ending: number;
}

/** Further effects of `save`. */
interface SaveOptions {
  readonly capacity?: Capacity | undefined;
  /** The hash of a signed message that may act only once. It is kept for `NONCE_SECONDS`. */
  readonly nonce?: string | undefined;
  /** The step of the same request that follows at once. */
  readonly followedBy?: Step | undefined;
  /** Steps of other requests that are stored with it, or not at all. */
  readonly beside?: readonly Step[] | undefined;
}

/** Further effects of `create`. */
interface CreateOptions extends SaveOptions {
  readonly idempotency?: IdempotencyKey | undefined;
  /** How many pending requests the requester may have with this one. */
  readonly mostPending?: number | undefined;
  /** The limit of automatic approvals that the request counts towards. */
  readonly automatic?: AutomaticLimit | undefined;
  /** Another request that must not have changed since it was read. */
  readonly unchanged?: Pick<AccessRequest, "id" | "version"> | undefined;
}

/** How long a nonce is kept, at least: twice as long as a signature holds. */
export const NONCE_SECONDS = 600;

/** A signed message acted before. Nothing was written. */
export class NonceUsed extends Error {
  override readonly name = "NonceUsed";
}

export interface PageQuery {
  /** The most items in a page, 1 to 100. */
  readonly limit: number;
  /** The `next` of the previous page of the same list. */
  readonly after?: string;
}

/**
 * How many items a list looks at for one page, about. A page may then have fewer than its limit, or
 * none, and still a next one.
 */
export const LOOKED_AT_A_PAGE = 500;

export interface Page<Item> {
  readonly items: readonly Item[];
  /** The start of the next page; absent on the last page. It may name an item outside the list. */
  readonly next?: string;
}
