import type { DelegationRecord } from "../../shared/domain/delegations/delegation-record.ts";
import type { NoticeRecord } from "../../shared/domain/notices/notice-record.ts";
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import type { WorkKind } from "../../shared/ports/binding-store.ts";
import type { DelegationKey } from "../../shared/ports/delegation-store.ts";
import type { IdempotencyRecord } from "../../shared/ports/idempotency.ts";
import type { EndNote } from "../../shared/ports/request-store.ts";

/** A binding's head, as in the requests table. */
export interface MemoryHead {
  readonly clusterArn: string;
  readonly principalArn: string;
  readonly version: number;
  readonly attempts: number;
  /** Null if not before its next step, as are `removeAt` and `driftCheckAt`. */
  readonly dueAt: string | null;
  readonly dueFor: WorkKind;
  readonly removeAt: string | null;
  readonly driftCheckAt: string | null;
  /** The bytes of the ledger that are reserved for open grants. */
  readonly reservedBytes: number;
  /** The latest revision that the binding was parked with. */
  readonly ledgerRevision: number;
  /** Whether that ledger held anything. */
  readonly ledgerHolds: boolean;
  /** When it was parked last; undefined before that, or where nobody said. */
  readonly parkedAt?: string | undefined;
}

/** The requests table in memory, shared by the request store and the binding store. */
export interface MemoryTables {
  readonly requests: Map<string, AccessRequest>;
  readonly events: AuditEvent[];
  readonly heads: Map<string, MemoryHead>;
  /** By binding: the grants whose access may exist, by id. */
  readonly grants: Map<string, Map<string, AccessRequest>>;
  readonly idempotency: Map<string, IdempotencyRecord>;
  /** The signed messages that acted. */
  readonly nonces: Set<string>;
  /** By terms: the pending request. */
  readonly pending: Map<string, string>;
  /** Ends by people. */
  readonly endNotes: (EndNote & { readonly id: string })[];
  /** By person, operation and start: the number of calls in a window. */
  readonly windows: Map<string, number>;
  /** By id, the records of each delegation. */
  readonly delegations: Map<string, readonly DelegationRecord[]>;
  /** By the hash of its idempotency key, which delegation was made. */
  readonly delegationKeys: Map<string, DelegationKey>;
  /** By subject, what was sent about it, and when that is to be looked at next. */
  readonly notices: Map<string, MemoryNotices>;
}

/** A notice record, as the requests table keeps it. */
export interface MemoryNotices {
  readonly record: NoticeRecord;
  /** Null for not before the next step. */
  readonly dueAt: string | null;
}

export const memoryTables = (): MemoryTables => ({
  requests: new Map(),
  events: [],
  heads: new Map(),
  grants: new Map(),
  idempotency: new Map(),
  nonces: new Set(),
  pending: new Map(),
  endNotes: [],
  windows: new Map(),
  delegations: new Map(),
  delegationKeys: new Map(),
  notices: new Map(),
});
