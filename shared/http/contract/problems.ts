/**
 * The only table from error codes to HTTP, as in RFC 9457. Each `type` is
 * `urn:timelatch:problem:<code>`, and each code is a heading in docs/problems.md.
 */
import type { ErrorCode } from "../../domain/values/errors.ts";

interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

export const PROBLEMS = {
  "malformed-request": { status: 400, title: "The body is not valid JSON" },
  "unknown-caller": { status: 403, title: "Your AWS identity ARN is not listed in access.yaml" },
  forbidden: { status: 403, title: "You may not do this" },
  "self-approval": { status: 403, title: "You cannot decide on your own request" },
  "decided-elsewhere": { status: 403, title: "Nobody decides on this rule here" },
  "own-finding": { status: 403, title: "You have a part in what this finding is about" },
  "own-review": { status: 403, title: "You had a part in what this review is about" },
  "not-requester": { status: 403, title: "Only its requester may do this" },
  "break-glass-denied": { status: 403, title: "The break-glass rule does not lend this" },
  "no-break-glass": { status: 403, title: "No break-glass rule for you lends this" },
  "not-reviewer": { status: 403, title: "You may not close this review" },
  "policy-denied": { status: 403, title: "No rule of access.yaml allows this" },
  "request-not-found": { status: 404, title: "No such request" },
  "finding-not-found": { status: 404, title: "No such finding" },
  "cluster-not-found": { status: 404, title: "No such cluster" },
  "route-not-found": { status: 404, title: "No such path" },
  "method-not-allowed": { status: 405, title: "This path does not take this method" },
  "cluster-not-ready": { status: 409, title: "The cluster cannot take access entries" },
  "illegal-transition": { status: 409, title: "This is not possible in the request's state" },
  "not-pending": { status: 409, title: "The request waits for no approval" },
  "already-break-glass": { status: 409, title: "The request is break-glass already" },
  "break-glass-needs-approval": { status: 409, title: "The break-glass rule needs an approval" },
  "extension-stays": { status: 409, title: "An extension cannot become break-glass" },
  "no-review": { status: 409, title: "This request has no review" },
  "review-too-early": { status: 409, title: "The access to review has not begun" },
  "review-closed": { status: 409, title: "The review is closed already" },
  "review-overdue": { status: 409, title: "A review of your break-glass is overdue" },
  "outside-hours": { status: 409, title: "Access would start outside the hours of its rule" },
  "digest-mismatch": { status: 409, title: "The digest does not match the request" },
  "already-approved": { status: 409, title: "You have approved this already" },
  "break-glass-as-asked": { status: 409, title: "Break-glass access is not approved for less" },
  "extension-as-asked": { status: 409, title: "An extension is not approved for less" },
  "duplicate-request": { status: 409, title: "The same request is already pending" },
  "extension-open": { status: 409, title: "The grant is being extended, or was" },
  "too-many-grants": { status: 409, title: "Too many grants of this role on this cluster" },
  "too-many-pending": { status: 409, title: "Too many pending requests" },
  "too-many-automatic": { status: 409, title: "The rule approved too many of your requests" },
  "too-many-acknowledgements": { status: 409, title: "Too many acknowledgements of this finding" },
  "version-conflict": { status: 409, title: "The request was changed meanwhile" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The body must be application/json" },
  "invalid-request": { status: 422, title: "The request does not fit its schema" },
  "invalid-cursor": { status: 422, title: "The cursor is not one of this list" },
  "not-break-glass": { status: 422, title: "The rule is not for break-glass" },
  "longer-than-asked": { status: 422, title: "An approval for less cannot last longer" },
  "namespace-not-asked": { status: 422, title: "An approval for less cannot add a namespace" },
  "no-namespaces-asked": { status: 422, title: "The request names no namespaces" },
  "not-less": { status: 422, title: "The approval for less takes nothing away" },
  "too-short": { status: 422, title: "Too little time would be left" },
  "duration-too-long": { status: 422, title: "No rule lends this for that long" },
  "idempotency-mismatch": { status: 422, title: "This key was used for another request" },
  "rate-limited": { status: 429, title: "Too many requests in this window" },
  "invariant-broken": { status: 500, title: "The broker found a state that its rules exclude" },
  "dependency-unavailable": { status: 503, title: "A service did not answer" },
} as const satisfies Record<ErrorCode, ProblemKind>;
