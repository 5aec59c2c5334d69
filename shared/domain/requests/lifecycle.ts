/**
 * The life of a request, as data. Nothing else changes a request's state.
 *
 * From `approved` on, access may exist: the ways out lead through `ending`, which lasts until
 * its absence was read back, or through `refuse`, which needs the same.
 */

import { BrokerError } from "../values/errors.ts";
import { secondsBetween } from "../values/instant.ts";
import { CHAIN_START, chained } from "./audit-chain.ts";
import type { AccessRequest, AuditEvent, EventType, State } from "./request.ts";

/** The states an event may lead to; more than one where the facts decide (a quorum). */
type Edges = Readonly<Partial<Record<EventType, readonly [State, ...State[]]>>>;

export const LIFECYCLE: Readonly<Record<State, Edges>> = {
  pending: {
    approve: ["approved", "pending"],
    deny: ["denied"],
    cancel: ["cancelled"],
    lapse: ["lapsed"],
  },
  approved: {
    activate: ["active"],
    refuse: ["failed"],
    cancel: ["ending"],
    revoke: ["ending"],
    expire: ["ending"],
    withdraw: ["ending"],
    evidence: ["approved"],
  },
  active: {
    return: ["ending"],
    revoke: ["ending"],
    expire: ["ending"],
    withdraw: ["ending"],
    evidence: ["active"],
  },
  ending: { settle: ["ended"], evidence: ["ending"] },
  ended: {},
  denied: {},
  cancelled: {},
  lapsed: {},
  failed: {},
};

/** Where access may exist, so that the binding has to know the grant. */
export const ACCESS_MAY_EXIST: ReadonlySet<State> = new Set(["approved", "active", "ending"]);

export const isFinal = (state: State) => Object.keys(LIFECYCLE[state]).length === 0;

/** Two clocks of ours are no further apart: each is off by five seconds at most, either way. */
const CLOCKS_APART_SECONDS = 10;

/**
 * When something happened to a request, by a clock that says `now`: not before what it follows,
 * which another clock has told. A clock that is further off is broken, and nothing is held to it.
 */
export function momentAfter({ updatedAt }: Pick<AccessRequest, "updatedAt">, now: string): string {
  const behind = secondsBetween(now, updatedAt);
  return behind > 0 && behind <= CLOCKS_APART_SECONDS ? updatedAt : now;
}

/** Where a request says when it came into a state. */
const STAMPS: Readonly<Partial<Record<State, "approvedAt" | "effectiveAt" | "endedAt">>> = {
  approved: "approvedAt",
  active: "effectiveAt",
  ended: "endedAt",
  failed: "endedAt",
};

/** Something that happened to a request. It carries its own time, so the domain needs no clock. */
export interface Occurrence {
  readonly type: EventType;
  readonly actor: string;
  readonly at: string;
  /** The policy in force when it happened. */
  readonly policyHash: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Which of several states; the first in the table unless said. */
  readonly to?: State;
  /** What else becomes true of the request with it. */
  readonly changes?: Partial<
    Pick<AccessRequest, "approvals" | "policyHash" | "revokeAt" | "expiresAt" | "outcome">
  >;
}

/** One step of one request: what it became, and the audit event that says why. */
export interface Step {
  readonly from: State | null;
  readonly request: AccessRequest;
  readonly event: AuditEvent;
}

/** Applies one occurrence to one request. Pure. @throws BrokerError `illegal-transition` */
export function transition(request: AccessRequest, occurrence: Occurrence): Step {
  const edges = LIFECYCLE[request.state];
  const allowed = edges[occurrence.type];
  const to = occurrence.to ?? allowed?.[0];
  if (!allowed || !to || !allowed.includes(to))
    throw new BrokerError(
      "illegal-transition",
      `The request is ${request.state}, so ${occurrence.type} is not possible. Nothing was changed; read it to see where it stands.`,
      { state: request.state, possible: Object.keys(edges) },
    );
  return stepTo(to, request.state, request, occurrence);
}

/** The first step of a request's life: from nothing to `pending`. */
export function begin(
  draft: Omit<AccessRequest, "version" | "state" | "lastHash" | "updatedAt" | "policyHash">,
  occurrence: Omit<Occurrence, "to" | "changes">,
): Step {
  const nothing: AccessRequest = {
    ...draft,
    version: 0,
    state: "pending",
    policyHash: occurrence.policyHash,
    lastHash: CHAIN_START,
    updatedAt: occurrence.at,
  };
  return stepTo("pending", null, nothing, occurrence);
}

function stepTo(
  to: State,
  from: State | null,
  request: AccessRequest,
  { type, actor, at: told, policyHash, details = {}, changes = {} }: Occurrence,
): Step {
  const version = request.version + 1;
  const at = momentAfter(request, told);
  const stamp = from === to ? undefined : STAMPS[to];
  const event = chained({
    schema: 1,
    requestId: request.id,
    seq: version,
    type,
    from,
    to,
    actor,
    at,
    policyHash,
    details,
    previousHash: request.lastHash,
  });
  const next = {
    ...request,
    ...changes,
    ...(stamp === undefined ? {} : { [stamp]: at }),
    version,
    state: to,
    updatedAt: at,
    lastHash: event.hash,
  };
  return { from, request: next, event };
}
