/** Problems that several operations share. */
import type { ErrorCode } from "../../domain/values/errors.ts";

/** Of an operation with a body. */
export const BODY: readonly ErrorCode[] = [
  "malformed-request",
  "body-too-large",
  "unsupported-media-type",
  "invalid-request",
];
/** Of an operation on one request. */
export const OF_REQUEST: readonly ErrorCode[] = [
  "request-not-found",
  "invalid-request",
  "dependency-unavailable",
];
/** Of an operation that changes a request. */
export const CHANGING: readonly ErrorCode[] = [
  ...BODY,
  ...OF_REQUEST,
  "illegal-transition",
  "version-conflict",
  "forbidden",
];
/** Of an operation that answers by pages. */
export const LISTING: readonly ErrorCode[] = [
  "invalid-request",
  "invalid-cursor",
  "dependency-unavailable",
];

/** What an escalation to break-glass may be refused with besides. */
export const ESCALATING = [
  "not-requester",
  "not-pending",
  "already-break-glass",
  "extension-stays",
  "no-break-glass",
  "not-break-glass",
  "break-glass-denied",
  "break-glass-needs-approval",
  "cluster-not-ready",
  "suspended",
  "drained",
  "review-overdue",
  "too-many-grants",
  "too-much-on-one-entry",
] as const;

/** What an approval for less may be refused with besides. */
export const LESS = [
  "already-approved",
  "break-glass-as-asked",
  "extension-as-asked",
  "no-namespaces-asked",
  "namespace-not-asked",
  "longer-than-asked",
  "too-short",
  "not-less",
] as const;

/** What a decision on somebody's behalf may be refused with besides. */
export const ON_BEHALF = [
  "not-delegated",
  "delegations-off",
  "delegation-over",
  "delegation-ended",
  "not-delegable",
  "delegator-asked",
  "delegator-holds-principal",
  "delegator-lost-standing",
] as const;

/** Of an operation that stops people, or lifts that. */
export const STOPPING: readonly ErrorCode[] = ["forbidden", "suspended", "dependency-unavailable"];
