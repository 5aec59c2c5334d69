/**
 * The lifecycle of a request, as data. Nothing else changes a request's state.
 *
 * Access may exist from `approved` on. The request then ends through `ending` or `refuse`. Both
 * need a read from EKS that shows no access is left.
 */

import { CLOCKS_APART_SECONDS } from "../settings.ts";
import { BrokerError } from "../values/errors.ts";
import { CHAIN_START } from "../values/hash-chain.ts";
import { isInstant, secondsBetween } from "../values/instant.ts";
import { chained } from "./audit-chain.ts";
import type { AuditEvent, EventType, TypedDetails } from "./audit-event.ts";
import { termsAfterEscalation } from "./escalated-terms.ts";
import { termsAfter } from "./lesser-terms.ts";
import type { AccessRequest, State } from "./request.ts";

/** The states that an event may lead to. Where there are several, the facts decide (a quorum). */
type Edges = Readonly<Partial<Record<EventType, readonly [State, ...State[]]>>>;

export const LIFECYCLE: Readonly<Record<State, Edges>> = {
  pending: {
    approve: ["approved", "pending"],
    deny: ["denied"],
    escalate: ["pending"],
    cancel: ["cancelled"],
    lapse: ["lapsed"],
    attempt: ["pending"],
  },
  approved: {
    activate: ["active"],
    refuse: ["failed"],
    cancel: ["ending"],
    revoke: ["ending"],
    expire: ["ending"],
    withdraw: ["ending"],
    evidence: ["approved"],
    attempt: ["approved"],
  },
  active: {
    return: ["ending"],
    revoke: ["ending"],
    expire: ["ending"],
    withdraw: ["ending"],
    evidence: ["active"],
    attempt: ["active"],
    review: ["active"],
    extend: ["active"],
  },
  ending: { settle: ["ended"], evidence: ["ending"], review: ["ending"] },
  ended: { review: ["ended"] },
  denied: {},
  cancelled: {},
  lapsed: {},
  failed: { review: ["failed"] },
};

/** Events of break-glass only. */
const OF_BREAK_GLASS: ReadonlySet<EventType> = new Set(["review"]);
/** Events that a break-glass never has. */
const OF_OTHERS: ReadonlySet<EventType> = new Set(["escalate"]);

/** States in which access may exist, so converge must load the grant. */
export const ACCESS_MAY_EXIST: ReadonlySet<State> = new Set(["approved", "active", "ending"]);

/** Whether no event leads to another state. A review may still be closed. */
export const isFinal = (state: State): boolean =>
  Object.values(LIFECYCLE[state]).every((next) => next.every((to) => to === state));

/**
 * The time to record for an event: `now`, but not before the previous event. Another clock may have
 * stamped that one. A larger difference means a broken clock, so `now` is taken as it is.
 */
export function momentAfter({ updatedAt }: Pick<AccessRequest, "updatedAt">, now: string): string {
  // Others can write any text there.
  if (!isInstant(updatedAt)) return now;
  const behind = secondsBetween(now, updatedAt);
  return behind > 0 && behind <= CLOCKS_APART_SECONDS ? updatedAt : now;
}

/** The field that records when a request entered a state. */
const STAMPS: Readonly<Partial<Record<State, "approvedAt" | "effectiveAt" | "endedAt">>> = {
  approved: "approvedAt",
  active: "effectiveAt",
  ended: "endedAt",
  failed: "endedAt",
};

/** Something that happened to a request. It carries its own time, so the domain reads no clock. */
export type Occurrence = TypedDetails & Circumstances;

interface Circumstances {
  readonly actor: string;
  readonly at: string;
  /** Hash of the policy in force when it happened. */
  readonly policyHash: string;
  /** The new state, where the table allows several. Default: the first one in the table. */
  readonly to?: State;
  /** Other fields of the request that change in the same step. */
  readonly changes?: Partial<
    Pick<
      AccessRequest,
      | "approvals"
      | "policyHash"
      | "lapsesAt"
      | "revokeAt"
      | "expiresAt"
      | "extendedBy"
      | "extendedUntil"
      | "endedWith"
      | "endProof"
      | "outcome"
      | "review"
    >
  >;
}

/** One step of one request: its new content, and the audit event that says why. */
export interface Step {
  readonly from: State | null;
  readonly request: AccessRequest;
  readonly event: AuditEvent;
}

/**
 * Applies one occurrence to one request. Pure. Only an approval for less, and the step that makes it
 * break-glass, change its terms.
 *
 * @throws BrokerError `illegal-transition`
 */
export function transition(request: AccessRequest, occurrence: Occurrence): Step {
  const edges = edgesOf(request);
  const allowed = edges[occurrence.type];
  const to = occurrence.to ?? allowed?.[0];
  if (!allowed || !to || !allowed.includes(to))
    throw new BrokerError(
      "illegal-transition",
      `The request is ${request.state}, so ${occurrence.type} is not possible. Nothing was changed; read it to see its state.`,
      { state: request.state, possible: Object.keys(edges) },
    );
  return stepTo(to, request.state, request, occurrence);
}

/** The steps that a request in its state can take. */
function edgesOf({ state, breakGlass }: AccessRequest): Edges {
  const never = breakGlass ? OF_OTHERS : OF_BREAK_GLASS;
  return Object.fromEntries(
    Object.entries(LIFECYCLE[state]).filter(([type]) => !never.has(type as EventType)),
  );
}

/** The first step in the life of a request: creation as `pending`. */
export function begin(
  draft: Omit<AccessRequest, "version" | "state" | "lastHash" | "updatedAt" | "policyHash">,
  occurrence: TypedDetails & Omit<Circumstances, "to" | "changes">,
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
  { actor, at: given, policyHash, changes = {}, to: _asked, ...typed }: Occurrence,
): Step {
  const version = request.version + 1;
  const at = momentAfter(request, given);
  const stamp = from === to ? undefined : STAMPS[to];
  const event = chained({
    ...typed,
    schema: 1,
    requestId: request.id,
    seq: version,
    from,
    to,
    actor,
    at,
    policyHash,
    previousHash: request.lastHash,
  });
  const next = {
    ...request,
    ...changedTerms(request, typed),
    ...changes,
    ...(stamp === undefined ? {} : { [stamp]: at }),
    ...(stamp === "approvedAt" ? { listed: true as const } : {}),
    version,
    state: to,
    updatedAt: at,
    lastHash: event.hash,
  };
  return { from, request: next, event };
}

/**
 * The terms that the details of an event change.
 * @throws BrokerError `invariant-broken` where the event would give more
 */
export function changedTerms(request: AccessRequest, typed: TypedDetails): Partial<AccessRequest> {
  if (typed.type === "escalate") return termsAfterEscalation(request, typed.details);
  if (typed.type === "approve" && "less" in typed.details)
    return termsAfter(request, typed.details);
  return {};
}
