/**
 * The nouns of the broker. Instants are ISO 8601 in UTC with milliseconds
 * (`2026-11-24T10:00:00.000Z`), so that text order is time order; durations end in their unit.
 */

export type State =
  | "pending"
  | "approved"
  | "active"
  | "ending"
  | "ended"
  | "denied"
  | "cancelled"
  | "lapsed"
  | "failed";

/** What can happen to a request. `evidence` records EKS calls and changes no state. */
export type EventType =
  | "request"
  | "approve"
  | "deny"
  | "cancel"
  | "lapse"
  | "activate"
  | "refuse"
  | "return"
  | "revoke"
  | "expire"
  | "withdraw"
  | "settle"
  | "evidence";

/** EKS's access scope. Namespaces may hold `*`; an empty list is never the whole cluster. */
export type AccessScope =
  | { readonly type: "cluster" }
  | { readonly type: "namespace"; readonly namespaces: readonly string[] };

/** What is lent: one EKS access policy with its scope, or Kubernetes groups. */
export type Access =
  | { readonly policy: string; readonly scope: AccessScope }
  | { readonly groups: readonly string[] };

/** Where the access is lent, as it stood when the request was made: removal needs no policy. */
export interface ClusterRef {
  /** The name in `access.yaml`. */
  readonly name: string;
  readonly arn: string;
}

/** Who decided, and the proof of it: the gateway's request id and the caller's unique id. */
export interface Approval {
  readonly person: string;
  readonly at: string;
  readonly note?: string;
  readonly proof: Readonly<Record<string, string>>;
}

/** Which people must agree: `count` of the members of any of `groups`. */
export interface Requirement {
  readonly groups: readonly string[];
  readonly count: number;
}

export interface AccessRequest {
  readonly schema: 1;
  /** UUIDv7. */
  readonly id: string;
  /** Counts up by one with every audit event; the event's `seq` is the version it led to. */
  readonly version: number;
  readonly state: State;
  readonly requester: string;
  readonly cluster: ClusterRef;
  readonly principalArn: string;
  readonly access: Access;
  readonly durationSeconds: number;
  readonly reason: string;
  /** The rule of `access.yaml` that allows it. */
  readonly rule: string;
  readonly breakGlass: boolean;
  readonly requirements: readonly Requirement[];
  /** When it was asked to start; null for as soon as it is approved. */
  readonly startsAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** An unanswered request is void from here on. */
  readonly lapsesAt: string;
  /** SHA-256 over the terms that an approver is shown; see `digest.ts`. */
  readonly digest: string;
  /** Hash of the policy that the last decision was taken under. */
  readonly policyHash: string;
  readonly approvals: readonly Approval[];
  /** When the last requirement was met. */
  readonly approvedAt: string | null;
  /** When access was first read back as present. */
  readonly effectiveAt: string | null;
  /** From here on the grant counts as over. */
  readonly revokeAt: string | null;
  /** Access is gone by then. */
  readonly expiresAt: string | null;
  /** When the end was read back. */
  readonly endedAt: string | null;
  /** Why it ended, failed or was refused: a code, and a sentence for people. */
  readonly outcome: { readonly code: string; readonly detail: string } | null;
  /** Hash of the last audit event, which the next one is chained to. */
  readonly lastHash: string;
}

/** One fact in a request's history; `shared/domain/requests/audit-chain.ts` chains and verifies them. */
export interface AuditEvent {
  readonly schema: 1;
  readonly requestId: string;
  /** 1, 2, 3 … without holes. */
  readonly seq: number;
  readonly type: EventType;
  readonly from: State | null;
  readonly to: State;
  /** A person of `access.yaml`, `policy:<rule>`, or `timelatch` itself. */
  readonly actor: string;
  readonly at: string;
  readonly policyHash: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly previousHash: string;
  /** SHA-256, hex, over the RFC 8785 form of everything above. */
  readonly hash: string;
}
