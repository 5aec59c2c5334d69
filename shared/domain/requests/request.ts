/**
 * The core types of the broker. Instants are ISO 8601 in UTC with milliseconds
 * (`2026-11-24T10:00:00.000Z`), so they sort as text. Names of durations end in their unit.
 */

import type { OnCallFact } from "../facts/on-call.ts";
import type { TicketFact, UnknownTicket } from "../facts/ticket-fact.ts";
import type { EndProof } from "./end-proof.ts";
import type { Review } from "./review.ts";
import type { Surface } from "./surface.ts";

export const STATES = [
  "pending",
  "approved",
  "active",
  "ending",
  "ended",
  "denied",
  "cancelled",
  "lapsed",
  "failed",
] as const;

export type State = (typeof STATES)[number];

/** EKS's access scope. Namespaces may contain `*`. An empty list never means the whole cluster. */
export type AccessScope =
  | { readonly type: "cluster" }
  | { readonly type: "namespace"; readonly namespaces: readonly string[] };

/** The access: one EKS access policy with its scope, or Kubernetes groups. */
export type Access =
  | { readonly policy: string; readonly scope: AccessScope }
  | { readonly groups: readonly string[] };

/** The cluster as of the request's creation. Removing access therefore needs no policy. */
export interface ClusterRef {
  /** The name in `access.yaml`. */
  readonly name: string;
  readonly arn: string;
}

/**
 * The program that asked for its user, as it calls itself: nothing proves its name. `mcp`: through the
 * Model Context Protocol.
 */
export interface Via {
  readonly protocol: "mcp";
  readonly client: string;
}

/** For whom somebody decided, and by which delegation. */
export interface OnBehalfOf {
  /** The delegator. */
  readonly person: string;
  /** The delegation's id. */
  readonly delegation: string;
}

/** The decider and the surface, with the proof of the actor. */
export interface Approval {
  readonly person: string;
  /** Absent where they decided for themselves. */
  readonly onBehalfOf?: OnBehalfOf;
  /**
   * Digest of the terms that were decided on. An approval counts for these terms, and for less.
   * Absent only where an earlier release stored it.
   */
  readonly digest?: string;
  readonly surface: Surface;
  readonly at: string;
  readonly note?: string;
  /** That the requester was on call at the approval. Absent where the rule asks for nobody on call. */
  readonly onCall?: OnCallFact;
  /** The fact about its ticket at the approval. Absent where the rule asks no tracker. */
  readonly ticket?: TicketFact | UnknownTicket;
  readonly proof: Readonly<Record<string, string>>;
}

/** The terms that an approver may make less. */
export interface LessenedTerms {
  readonly access: Access;
  readonly durationSeconds: number;
}

/** Terms that were asked for, or offered, before somebody approved for less. */
export interface EarlierTerms extends LessenedTerms {
  readonly digest: string;
}

/** A request as it was before it became break-glass in place. Its access stays the same. */
export interface EscalatedFrom {
  readonly rule: string;
  readonly durationSeconds: number;
  readonly startsAt: string | null;
  readonly digest: string;
}

/** The names under which a pending request is found. They stay as they were at its creation. */
export interface Filing {
  /** Hash of the terms that its requester may have pending only once. */
  readonly terms: string;
  /** The groups whose members find it among what waits for them. */
  readonly groups: readonly string[];
}

/** A requirement: approvals of `count` members of `groups`, or of those that it escalates to. */
export interface Requirement {
  /** Their members are asked at once. */
  readonly groups: readonly string[];
  readonly count: number;
  /**
   * A schedule of the policy: of `groups`, whoever is on call is asked at once, and the others with
   * `escalate`. It says never who may approve. Absent where all are asked at once.
   */
  readonly onCall?: string;
  readonly escalate?: Escalation;
}

/** A second circle. Its members may approve from the start, and are asked when their time comes. */
export interface Escalation {
  /** How long after the request they are asked. */
  readonly afterSeconds: number;
  readonly groups: readonly string[];
}

export interface AccessRequest {
  readonly schema: 1;
  /** UUIDv7. */
  readonly id: string;
  /** Grows by one with every audit event. The event's `seq` is the version after it. */
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
  /** Its requester was a machine of the policy when they asked. Absent for a person. */
  readonly machine?: true;
  /** Absent where nobody said that a program asked for them. */
  readonly via?: Via;
  /**
   * The ids of the other requests that were asked for at once with it. They group what is shown, and nothing is
   * decided by them: no digest holds them. Absent where one thing was asked for.
   */
  readonly askedWith?: readonly string[];
  /** The review by somebody else; absent unless the request is break-glass. */
  readonly review?: Review;
  readonly requirements: readonly Requirement[];
  /** The one ticket that it is for, as its tracker writes it. Absent where its rule asks no tracker. */
  readonly ticket?: string;
  /** That its requester was on call when they asked. Absent where its rule asks for nobody on call. */
  readonly onCall?: OnCallFact;
  /**
   * The approvers on call when it was asked for, by names of schedules: they are asked first. Absent where nobody
   * was, or no rule asked.
   */
  readonly askedFirst?: Readonly<Record<string, readonly string[]>>;
  /**
   * The id of the grant that this one extends; absent from any other request. It begins while that
   * grant lasts, and continues its access.
   */
  readonly extends?: string;
  /** The end of an extension's access. That is its predecessor's `expiresAt` and the duration. */
  readonly until?: string;
  /**
   * An extension of access whose time an approver cut. It needs an approval, whatever its rule says.
   * Absent from any other request.
   */
  readonly shortened?: true;
  /** The id of the extension that was approved for this grant. A grant is extended once. */
  readonly extendedBy?: string;
  /** When that extension ends. Absent where an earlier release stored the approval. */
  readonly extendedUntil?: string;
  /** The request of its chain whose end ended this one too, and whose message says so. */
  readonly endedWith?: string;
  /** The requested start; null to start on approval. */
  readonly startsAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The request lapses at this time if nobody has decided. */
  readonly lapsesAt: string;
  /** SHA-256 over the terms that an approver is shown. See `digest.ts`. */
  readonly digest: string;
  /** The terms before each approval for less, the oldest first; absent without such an approval. */
  readonly earlierTerms?: readonly EarlierTerms[];
  /** The terms before a pending request became break-glass. It keeps its `requirements`. */
  readonly escalatedFrom?: EscalatedFrom;
  /** Absent where an earlier release stored it: `filingOf` knows it. */
  readonly filed?: Filing;
  /** Hash of the policy in force at the last decision. */
  readonly policyHash: string;
  readonly approvals: readonly Approval[];
  /** When the last requirement was met. */
  readonly approvedAt: string | null;
  /**
   * A release approved it that lists grants by cluster and start, so the list has all that were approved since. Absent
   * before the approval, and where an earlier release approved it.
   */
  readonly listed?: true;
  /** When a read from EKS first showed the access. */
  readonly effectiveAt: string | null;
  /** The grant is over from this time on, and removal starts. */
  readonly revokeAt: string | null;
  /** The access is to be gone by this time. */
  readonly expiresAt: string | null;
  /** When a read from EKS proved that the access was gone. */
  readonly endedAt: string | null;
  /** The proof of a grant's end. Absent where an earlier release stored the end. */
  readonly endProof?: EndProof;
  /** Why it ended, failed or was refused: a code, and a sentence for the reader. */
  readonly outcome: { readonly code: string; readonly detail: string } | null;
  /** Hash of the last audit event. The next event links to it. */
  readonly lastHash: string;
}
