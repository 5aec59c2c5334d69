/**
 * The one table from error code to HTTP. RFC 9457; each `type` is `urn:timelatch:problem:<code>`,
 * and each code a heading in docs/problems.md.
 */
import type { ErrorCode } from "../../domain/values/errors.ts";

interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

export const PROBLEMS = {
  "malformed-request": { status: 400, title: "The body is not valid JSON" },
  "unknown-caller": { status: 403, title: "Nobody in access.yaml claims this identity" },
  forbidden: { status: 403, title: "You may not do this" },
  "self-approval": { status: 403, title: "Nobody decides on their own request" },
  "policy-denied": { status: 403, title: "No rule of access.yaml allows this" },
  "request-not-found": { status: 404, title: "No such request" },
  "route-not-found": { status: 404, title: "No such path" },
  "method-not-allowed": { status: 405, title: "This path does not take this method" },
  "cluster-not-ready": { status: 409, title: "The cluster cannot take access entries" },
  "illegal-transition": { status: 409, title: "The request is past this step" },
  "digest-mismatch": { status: 409, title: "The request is not what was shown" },
  "duplicate-request": { status: 409, title: "The same request is pending already" },
  "too-many-grants": { status: 409, title: "There are too many grants of this role here" },
  "version-conflict": { status: 409, title: "The request changed meanwhile" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The body has to be application/json" },
  "invalid-request": { status: 422, title: "The request does not fit its schema" },
  "duration-too-long": { status: 422, title: "No rule lends this for so long" },
  "idempotency-mismatch": { status: 422, title: "This key was used for another request" },
  "rate-limited": { status: 429, title: "You ask too often" },
  "invariant-broken": { status: 500, title: "The broker met a state it should not" },
  "dependency-unavailable": { status: 503, title: "A service that the broker needs is down" },
} as const satisfies Record<ErrorCode, ProblemKind>;
