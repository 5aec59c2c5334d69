import { meantBefore } from "./nearest-text.ts";

/**
 * Every refusal and failure of the broker. HTTP statuses are in `shared/http/contract/problems.ts`.
 */
export type ErrorCode =
  | "malformed-request"
  | "invalid-request"
  | "invalid-cursor"
  | "body-too-large"
  | "unsupported-media-type"
  | "unknown-caller"
  | "forbidden"
  | "self-approval"
  | "machine-asks-only"
  | "decided-elsewhere"
  | "policy-denied"
  | "outside-hours"
  | "not-on-call"
  | "on-call-unknown"
  | "ticket-refused"
  | "ticket-unknown"
  | "duration-too-long"
  | "cluster-not-ready"
  | "request-not-found"
  | "finding-not-found"
  | "cluster-not-found"
  | "delegation-not-found"
  | "delegations-off"
  | "delegation-to-self"
  | "delegation-circle"
  | "delegation-too-long"
  | "delegation-in-past"
  | "delegation-without-time"
  | "unknown-delegate"
  | "not-a-delegate"
  | "nothing-to-delegate"
  | "too-many-delegations"
  | "not-delegated"
  | "delegation-over"
  | "delegation-ended"
  | "not-delegable"
  | "delegator-asked"
  | "delegator-holds-principal"
  | "delegator-lost-standing"
  | "own-finding"
  | "too-many-acknowledgements"
  | "route-not-found"
  | "method-not-allowed"
  | "illegal-transition"
  | "no-review"
  | "not-reviewer"
  | "own-review"
  | "review-too-early"
  | "review-closed"
  | "review-overdue"
  | "break-glass-open"
  | "extension-stays"
  | "suspended"
  | "drained"
  | "requester-suspended"
  | "delegator-suspended"
  | "already-suspended"
  | "nobody-could-lift"
  | "not-suspended"
  | "already-drained"
  | "not-drained"
  | "own-stop"
  | "person-not-found"
  | "not-requester"
  | "not-pending"
  | "already-break-glass"
  | "not-break-glass"
  | "no-break-glass"
  | "break-glass-denied"
  | "break-glass-needs-approval"
  | "digest-mismatch"
  | "break-glass-as-asked"
  | "extension-as-asked"
  | "no-namespaces-asked"
  | "namespace-not-asked"
  | "longer-than-asked"
  | "too-short"
  | "not-less"
  | "already-approved"
  | "duplicate-request"
  | "extension-open"
  | "not-active-yet"
  | "too-late-to-extend"
  | "grant-over"
  | "ask-refused"
  | "too-many-grants"
  | "too-much-on-one-entry"
  | "too-many-pending"
  | "too-many-automatic"
  | "version-conflict"
  | "idempotency-mismatch"
  | "rate-limited"
  | "dependency-unavailable"
  | "invariant-broken";

/** An expected failure with a stable code. Any other exception is a bug. */
export class BrokerError extends Error {
  override readonly name = "BrokerError";
  readonly code: ErrorCode;
  /** Safe to show to the caller: no secrets and no error texts of AWS. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    facts: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.facts = facts;
  }
}

export const noFinding = (id: string) =>
  new BrokerError(
    "finding-not-found",
    `There is no finding ${id.slice(0, 40)}. Nothing was done; look up its id in the list of findings.`,
  );

/** @param known clusters that the reader may know of, for a suggestion */
export const noCluster = (name: string, known: readonly string[]) =>
  new BrokerError(
    "cluster-not-found",
    `access.yaml has no cluster ${name.slice(0, 40)}. ${meantBefore(name.slice(0, 40), known)}Nothing was read; look up its name in the list of clusters.`,
  );

/** Whether the delegation does not exist or the caller may not see it, the answer is the same. */
export const noDelegation = (id: string) =>
  new BrokerError(
    "delegation-not-found",
    `There is no delegation ${id.slice(0, 40)}. Nothing was changed; look up its id in the list of delegations.`,
  );

/** Whether the request does not exist or the caller may not see it, the answer is the same. */
export const noRequest = (id: string) =>
  new BrokerError(
    "request-not-found",
    `There is no request ${id.slice(0, 40)}. Nothing was done; look up its id in the list of requests.`,
    {},
  );

/** For a read of a request that may be missing: `load(id).catch(unlessMissing)`. @throws any other failure */
export function unlessMissing(error: unknown): undefined {
  if (!(error instanceof BrokerError && error.code === "request-not-found")) throw error;
}
