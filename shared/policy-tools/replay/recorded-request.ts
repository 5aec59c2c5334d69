/** A request as its history shows it, for judging it again under another policy. */
import {
  type AuditEvent,
  type Defaulted,
  escalationIn,
} from "../../domain/requests/audit-event.ts";
import { digestOf } from "../../domain/requests/digest.ts";
import { changedTerms } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest, Approval } from "../../domain/requests/request.ts";

/** An ask of the record: the first one of a request, or the one that made it break-glass. */
export interface RecordedAsk {
  /** When it was asked. ISO 8601 UTC. */
  readonly at: string;
  /** The policy that judged it. */
  readonly policyHash: string;
  /** The request with the terms of this ask, and without approvals. */
  readonly request: AccessRequest;
  /** Terms that the asker left to the policy; undefined where the record does not say. */
  readonly defaults: readonly Defaulted[] | undefined;
}

export interface RecordedRequest {
  /** The first ask, and a second one where the request became break-glass. */
  readonly asks: readonly [RecordedAsk, ...RecordedAsk[]];
  /** The request with its last terms, each approval by people, and when it was granted. */
  readonly request: AccessRequest;
  /** Its last approval was by people or by the policy; `nobody` where it was never granted. */
  readonly grantedBy: "people" | "policy" | "nobody";
  /** The policy of the approval that granted it; that of the last ask where it was never granted. */
  readonly decidedUnder: string;
  /** Whether a read proved its access, and another one that it was gone. */
  readonly wasUsable: boolean;
}

/**
 * @param events the whole history of one request, oldest first
 * @returns undefined where it does not begin with the request
 */
export function recordedRequest(events: readonly AuditEvent[]): RecordedRequest | undefined {
  const [first, ...later] = events;
  if (first?.type !== "request") return undefined;
  const { proof: _proof, defaults, ...asked } = first.details;
  let request: AccessRequest = { ...asked, ...unanswered(first), digest: digestOf(asked) };
  const asks: [RecordedAsk, ...RecordedAsk[]] = [
    { at: first.at, policyHash: first.policyHash, request, defaults },
  ];
  for (const event of later) {
    request = { ...request, ...changedTerms(request, event) };
    if (escalationIn(event))
      asks.push({
        at: event.at,
        policyHash: event.policyHash,
        request: withoutApprovals(request),
        // A break-glass is named, and has the terms of the request.
        defaults: [],
      });
    if (event.type === "approve" && "person" in event.details)
      request = { ...request, approvals: [...request.approvals, approvalOf(event.details)] };
  }
  const grant = later.find(({ to }) => to === "approved");
  return {
    asks,
    request: { ...request, approvedAt: grant?.at ?? null },
    grantedBy: !grant ? "nobody" : "person" in grant.details ? "people" : "policy",
    decidedUnder: grant?.policyHash ?? asks.at(-1)?.policyHash ?? first.policyHash,
    wasUsable: later.some(({ to }) => to === "active") && later.at(-1)?.to === "ended",
  };
}

const withoutApprovals = (request: AccessRequest): AccessRequest => ({ ...request, approvals: [] });

/** The members that a request has before anybody decided. The rule's own are not in the record. */
const unanswered = ({ at, hash, policyHash }: AuditEvent) => ({
  ...({
    version: 1,
    state: "pending",
    breakGlass: false,
    requirements: [],
    approvals: [],
  } as const),
  createdAt: at,
  updatedAt: at,
  lapsesAt: at,
  policyHash,
  lastHash: hash,
  approvedAt: null,
  effectiveAt: null,
  revokeAt: null,
  expiresAt: null,
  endedAt: null,
  outcome: null,
});

function approvalOf({ person, onBehalfOf, digest, surface, at, note, proof }: Approval): Approval {
  return {
    person,
    surface,
    at,
    proof,
    ...(onBehalfOf ? { onBehalfOf } : {}),
    ...(digest === undefined ? {} : { digest }),
    ...(note === undefined ? {} : { note }),
  };
}
