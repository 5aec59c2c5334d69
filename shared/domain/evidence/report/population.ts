/**
 * The population of a period: every request with an event in it, what was decided on it, and how its
 * access ended. Memory grows with requests and calls, not with events.
 */
import { describeAccess, describeTerms } from "../../requests/access-text.ts";
import { askerText } from "../../requests/asker-text.ts";
import {
  type AuditEvent,
  callsIn,
  type EventType,
  endProofIn,
  escalationIn,
  findingsIn,
  lessIn,
} from "../../requests/audit-event.ts";
import type { EndProof } from "../../requests/end-proof.ts";
import type { CallRecord } from "../../requests/evidence.ts";
import type { State } from "../../requests/request.ts";
import { secondsBetween } from "../../values/instant.ts";

/** A decision of a person. */
interface ReportedDecision {
  readonly verdict: "approve" | "deny";
  readonly person: string;
  /** The delegator for whom they decided. */
  readonly onBehalfOf?: string;
  readonly at: string;
  readonly hasNote: boolean;
}

/** The decider: `erin for bob` where they decided for somebody else. */
export const deciderText = ({ person, onBehalfOf }: ReportedDecision): string =>
  onBehalfOf === undefined ? person : `${person} for ${onBehalfOf}`;

/** The review of a break-glass. `closed` is null while nobody has looked. */
interface ReportedReview {
  readonly dueAt: string;
  readonly closed: { readonly person: string; readonly at: string } | null;
}

/** One request, as it stood at the end of the period. Instants are ISO 8601 UTC. */
export interface ReportedRequest {
  readonly requestId: string;
  readonly requester: string;
  /** Whether it was a machine when it asked. */
  readonly machine: boolean;
  /** The program that asked for them, as it calls itself; null where nobody said so. */
  readonly via: string | null;
  readonly cluster: string;
  /** In words: `AmazonEKSEditPolicy in payments-api`. Approved for less, it is what was approved. */
  readonly access: string;
  /** Where it was approved for less: what was asked for, in words, and for how long; else null. */
  readonly askedFor: string | null;
  /** Where it was approved for less: what was approved, in words, and for how long; else null. */
  readonly approvedFor: string | null;
  /** Where it became break-glass, the rule of that. */
  readonly rule: string;
  readonly reason: string;
  /** The hash of the policy under which it was asked. */
  readonly policyHash: string;
  readonly askedAt: string;
  readonly state: State;
  readonly decisions: readonly ReportedDecision[];
  /** When the last approval that it needed was there; null if it was not approved. */
  readonly approvedAt: string | null;
  /** Whether the policy itself approved it, and nobody else did. */
  readonly byPolicy: boolean;
  /** The review of a break-glass: its deadline, and who closed it. */
  readonly review: ReportedReview | null;
  /** How often somebody tried to decide or to end it without the right to. */
  readonly attempts: number;
  /** When a read from EKS first showed the access; null if it was never lent. */
  readonly activeAt: string | null;
  /** When its access had to be gone. */
  readonly expiresAt: string | null;
  /** The event that ended it: `expire`, `return`, `revoke` and others; null before any. */
  readonly endedBy: EventType | null;
  /** When its end was proven. Something else may have given its access then. */
  readonly endedAt: string | null;
  /** The proof of that end, with the access that something else gave; null where nobody knows. */
  readonly endProof: EndProof | null;
  readonly calls: readonly CallRecord[];
  /** Changes by others to the access that it lent, as the broker saw them in EKS. */
  readonly changes: number;
}

/** The asker: `machine deploy-bot`, or `alice through MCP (claude-code 2.1)`. */
export const reportedAsker = ({
  requester,
  machine,
  via,
}: Pick<ReportedRequest, "requester" | "machine" | "via">): string =>
  askerText({
    requester,
    ...(machine ? { machine: true } : {}),
    ...(via === null ? {} : { via: { protocol: "mcp", client: via } }),
  });

export interface PopulationBuilder {
  /** @param event of any request; each request's events come in their order */
  add(event: AuditEvent): void;
  /** In the order in which they were asked. */
  requests(): readonly ReportedRequest[];
  /** Events whose details have a form that Timelatch does not write, a sentence each. */
  unread(): readonly string[];
}

/** @throws nothing; a history that does not begin with its request is left out until it does */
export function populationBuilder(): PopulationBuilder {
  const rows = new Map<string, ReportedRequest>();
  const unread: string[] = [];
  return {
    add(event) {
      const { requestId, seq } = event;
      try {
        const row = event.type === "request" ? begun(event) : rows.get(requestId);
        if (row) rows.set(requestId, after(row, event));
      } catch (error) {
        // Functions that face people can add an event with any details.
        if (!(error instanceof TypeError)) throw error;
        unread.push(
          `Event ${seq} of ${requestId} is not in this report: Timelatch writes none of its form.`,
        );
      }
    },
    unread: () => unread,
    requests: () => [...rows.values()].sort(byAsked),
  };
}

const byAsked = (a: ReportedRequest, b: ReportedRequest): number =>
  `${a.askedAt} ${a.requestId}` < `${b.askedAt} ${b.requestId}` ? -1 : 1;

function begun({
  requestId,
  at,
  to,
  policyHash,
  details,
}: AuditEvent & { type: "request" }): ReportedRequest {
  return {
    requestId,
    requester: details.requester,
    machine: details.machine === true,
    via: details.via?.client ?? null,
    cluster: details.cluster.name,
    access: describeAccess(details.access),
    askedFor: null,
    approvedFor: null,
    rule: details.rule,
    reason: details.reason,
    policyHash,
    askedAt: at,
    state: to,
    decisions: [],
    approvedAt: null,
    byPolicy: false,
    review: null,
    attempts: 0,
    activeAt: null,
    expiresAt: null,
    endedBy: null,
    endedAt: null,
    endProof: null,
    calls: [],
    changes: 0,
  };
}

/** The row after one more event. Nothing of the event itself is kept. */
function after(row: ReportedRequest, event: AuditEvent): ReportedRequest {
  const { type, from, to, at } = event;
  const calls = callsIn(event);
  const entered = (state: State) => from !== to && to === state;
  return {
    ...row,
    state: to,
    ...decided(row, event),
    ...lessened(row, event),
    rule: escalationIn(event)?.rule ?? row.rule,
    review: reviewAfter(row, event),
    attempts: row.attempts + (type === "attempt" ? 1 : 0),
    approvedAt: entered("approved") ? at : row.approvedAt,
    activeAt: entered("active") ? at : row.activeAt,
    endedBy: entered("ending") ? type : row.endedBy,
    endedAt: entered("ended") ? at : row.endedAt,
    endProof: endProofIn(event) ?? row.endProof,
    calls: calls.length === 0 ? row.calls : [...row.calls, ...calls],
    changes: row.changes + findingsIn(event).length,
  };
}

function lessened({ askedFor }: ReportedRequest, event: AuditEvent): Partial<ReportedRequest> {
  const less = lessIn(event);
  if (!less) return {};
  return {
    access: describeAccess(less.access),
    askedFor: askedFor ?? describeTerms(less.insteadOf),
    approvedFor: describeTerms(less),
  };
}

function reviewAfter({ review }: ReportedRequest, event: AuditEvent): ReportedReview | null {
  if (event.type === "approve" && event.details.review)
    return { dueAt: event.details.review.dueAt, closed: null };
  if (event.type !== "review" || !review) return review;
  return { ...review, closed: { person: event.actor, at: event.at } };
}

function decided(
  row: ReportedRequest,
  { type, at, details }: AuditEvent,
): Pick<ReportedRequest, "decisions" | "byPolicy" | "expiresAt"> {
  const { decisions, byPolicy, expiresAt } = row;
  if (type !== "approve" && type !== "deny") return { decisions, byPolicy, expiresAt };
  const bound = "expiresAt" in details ? (details.expiresAt ?? expiresAt) : expiresAt;
  if (!("person" in details))
    return { decisions, byPolicy: byPolicy || type === "approve", expiresAt: bound };
  const { person, onBehalfOf, note = "" } = details;
  const behalf = onBehalfOf ? { onBehalfOf: onBehalfOf.person } : {};
  const decision = { verdict: type, person, ...behalf, at, hasNote: note.trim() !== "" };
  return { decisions: [...decisions, decision], byPolicy, expiresAt: bound };
}

/**
 * By how many seconds the access outlived its bound; 0 if it did not. Access that nobody has seen
 * gone is judged at `now`.
 */
export function secondsLate(
  { activeAt, expiresAt, endedAt, state }: ReportedRequest,
  now: string,
): number {
  if (activeAt === null || expiresAt === null) return 0;
  const gone = endedAt ?? (state === "active" || state === "ending" ? now : expiresAt);
  return Math.max(0, secondsBetween(expiresAt, gone));
}
