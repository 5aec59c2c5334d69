/** Problems that several operations share. */
import type { ErrorCode } from "../../domain/values/errors.ts";

/** Problems of an operation with a body. */
export const BODY: readonly ErrorCode[] = [
  "malformed-request",
  "body-too-large",
  "unsupported-media-type",
  "invalid-request",
];
/** Problems of an operation on one request. */
export const OF_REQUEST: readonly ErrorCode[] = [
  "request-not-found",
  "invalid-request",
  "dependency-unavailable",
];
/** Problems of an operation that changes a request. */
export const CHANGING: readonly ErrorCode[] = [
  ...BODY,
  ...OF_REQUEST,
  "illegal-transition",
  "version-conflict",
  "forbidden",
];
/** Problems of an operation that answers by pages. */
export const LISTING: readonly ErrorCode[] = [
  "invalid-request",
  "invalid-cursor",
  "dependency-unavailable",
];

/** Problems of an ask for several things. Those of a part are in the member `parts` of `ask-refused`. */
export const OF_ASK: readonly ErrorCode[] = [
  ...BODY,
  "ask-refused",
  "idempotency-mismatch",
  "rate-limited",
  "dependency-unavailable",
];

/** More reasons to refuse a break-glass, however it is asked for. */
const OF_GLASS = ["review-overdue", "break-glass-open"] as const;

/** Problems of a request. */
export const ASKING: readonly ErrorCode[] = [
  ...BODY,
  "policy-denied",
  "duration-too-long",
  "cluster-not-ready",
  ...OF_GLASS,
  "duplicate-request",
  "too-many-grants",
  "too-much-on-one-entry",
  "too-many-pending",
  "too-many-automatic",
  "idempotency-mismatch",
  "rate-limited",
  "dependency-unavailable",
  "suspended",
  "drained",
];

/** More reasons to refuse an escalation to break-glass. */
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
  ...OF_GLASS,
  "too-many-grants",
  "too-much-on-one-entry",
] as const;

/** More reasons to refuse an approval for less. */
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

/** More reasons to refuse a decision on somebody's behalf. */
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

/** Problems of an operation that stops people, or lifts that. */
export const STOPPING: readonly ErrorCode[] = ["forbidden", "suspended", "dependency-unavailable"];
