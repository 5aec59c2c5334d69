/** The events of a request's audit trail, and the details of each type. */
import type { AuthenticationMode } from "../clusters/cluster-facts.ts";
import type { OnCallFact } from "../facts/on-call.ts";
import type { TicketFact, TicketNo, UnknownTicket } from "../facts/ticket-fact.ts";
import { isInstant } from "../values/instant.ts";
import type { EndProof } from "./end-proof.ts";
import type { EscalatedTerms } from "./escalated-terms.ts";
import type { CallRecord, EntryFinding, Evidence } from "./evidence.ts";
import type { Lessening } from "./lesser-terms.ts";
import type { AccessRequest, Approval, OnBehalfOf, State } from "./request.ts";
import type { Review } from "./review.ts";
import type { Surface } from "./surface.ts";

/** The events of a request. */
export const EVENT_TYPES = [
  "request",
  "approve",
  "deny",
  "escalate",
  "cancel",
  "lapse",
  "activate",
  "extend",
  "refuse",
  "return",
  "revoke",
  "expire",
  "withdraw",
  "settle",
  "evidence",
  "attempt",
  "review",
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** The details of an event, by its type. They are stored in this form. */
interface EventDetails {
  /** The terms as they were asked for. */
  readonly request: Pick<
    AccessRequest,
    | "schema"
    | "id"
    | "requester"
    | "cluster"
    | "principalArn"
    | "access"
    | "durationSeconds"
    | "reason"
    | "rule"
    | "startsAt"
    | "extends"
    | "until"
    | "shortened"
    | "via"
    | "machine"
    | "onCall"
    | "askedFirst"
    | "ticket"
    | "askedWith"
  > & {
    readonly proof: Proof;
    /** Terms that the asker left to the policy. Absent in an event of an earlier release, and of an extension. */
    readonly defaults?: readonly Defaulted[];
  };
  /**
   * The decider, unless the policy itself approved: then perhaps that the requester was on call. `less` where the
   * approver made the terms less. Times from the last approval needed.
   */
  readonly approve: ((Decided & { readonly less?: Lessening }) | LeansOn) &
    Partial<GrantTimes> &
    OpenedReview;
  /** The decider; or, where the policy itself refused, what a tracker said. */
  readonly deny: Decided | { readonly code: TicketNo; readonly readAt: string };
  /**
   * The requester made a break-glass of the pending request; the policy's approval follows.
   * `skipped` names everyone whose approval was still wanted.
   */
  readonly escalate: EscalatedTerms & {
    readonly skipped: readonly string[];
    readonly surface: Surface;
    readonly proof: Proof;
  };
  readonly cancel: EndedByPerson;
  readonly lapse: NoDetails;
  readonly activate: Evidence & {
    /** For a grant that needed no call of its own: grant ids, or `standing access`. */
    readonly coveredBy?: readonly string[];
    /** The cluster's mode; null if it was not looked up. */
    readonly authenticationMode: AuthenticationMode | null;
  } & LeansOn;
  /** An extension of this grant was approved: its id, and when the access ends now. */
  readonly extend: { readonly extension: string; readonly until: string };
  /** Why it failed. */
  readonly refuse: Evidence & { readonly code: string; readonly detail: string };
  readonly return: EndedByPerson;
  readonly revoke: EndedByPerson;
  readonly expire: Evidence;
  /** `since`: the instant of the stop that ended it. Converge removed nothing for it before. */
  readonly withdraw: Partial<Evidence> & {
    readonly since?: string;
    /** The ticket that was closed. */
    readonly ticket?: TicketFact;
  };
  /** A grant is over. `proof` is absent where an earlier release stored it. */
  readonly settle: Evidence & { readonly proof?: EndProof };
  /** Records EKS calls and changes no state. */
  readonly evidence: Evidence;
  /** Somebody closed the review of a break-glass. Changes no state, and may follow the last one. */
  readonly review: { readonly note: string; readonly surface: Surface; readonly proof: Proof };
  /** Somebody tried to decide or to end who may not. Changes no state. */
  readonly attempt: {
    readonly tried: AttemptVerb;
    /** Why it was refused: `forbidden`, `self-approval`, `decided-elsewhere`, or who access.yaml does not let in. */
    readonly why: string;
    readonly surface: Surface;
    readonly proof: Proof;
  };
}

/** A term that a policy chooses where the asker names none. */
export type Defaulted = "rule" | "duration" | "principal";

/** Verbs that somebody may try without the right to. */
export type AttemptVerb = Extract<EventType, "approve" | "deny" | "revoke">;

/** The events by which people end a request or a grant early. */
export type EndVerb = Extract<EventType, "cancel" | "return" | "revoke">;

type Proof = Approval["proof"];
type NoDetails = Readonly<Record<never, never>>;

/** That the requester was on call, and what a tracker said, where the rule asks for it. */
interface LeansOn {
  readonly onCall?: OnCallFact;
  readonly ticket?: TicketFact | UnknownTicket;
}

/** A decision, with the digest of the terms that it is about; approved for less, of those. */
type Decided = Approval & { readonly digest: string };

/** Instants from which the grant is over, and by which its access is gone. */
interface GrantTimes {
  readonly revokeAt: string;
  readonly expiresAt: string;
}

/** The review that the approval of a break-glass opens. */
interface OpenedReview {
  readonly review?: Pick<Review, "by" | "dueAt">;
}

interface EndedByPerson {
  readonly note?: string;
  readonly proof: Proof;
}

/** A type of event, with the details of that type. */
export type TypedDetails = {
  readonly [Type in EventType]: { readonly type: Type; readonly details: EventDetails[Type] };
}[EventType];

/** One event in a request's history. `audit-chain.ts` links and verifies them. */
export type AuditEvent = TypedDetails & {
  readonly schema: 1;
  readonly requestId: string;
  /** 1, 2, 3 … without gaps. */
  readonly seq: number;
  readonly from: State | null;
  readonly to: State;
  /** A person of `access.yaml`, `policy:<rule>`, `timelatch` itself; of an attempt also `slack:<team>/<user>`. */
  readonly actor: string;
  readonly at: string;
  readonly policyHash: string;
  readonly previousHash: string;
  /** SHA-256 in hex over the RFC 8785 form of all other fields. */
  readonly hash: string;
};

/** Whether it has the form of an event. Functions that face people can add items in any form to a history. */
export function isAuditEvent(item: unknown): item is AuditEvent {
  const { seq, at, details } = (item ?? {}) as Partial<AuditEvent>;
  if (!Number.isInteger(seq) || !isInstant(at) || !isObject(details)) return false;
  const { calls = [] } = details as { readonly calls?: unknown };
  return Array.isArray(calls) && calls.every(isObject);
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** The calls that an event records, oldest first. */
export const callsIn = ({ details }: Pick<AuditEvent, "details">): readonly CallRecord[] =>
  "calls" in details ? details.calls : [];

/** How an approval made the terms less; undefined for every other event. */
export const lessIn = ({ details }: Pick<AuditEvent, "details">): Lessening | undefined =>
  "less" in details ? details.less : undefined;

/** The proof of a grant's end; undefined for every other event, and in an earlier release's. */
export const endProofIn = (event: AuditEvent): EndProof | undefined =>
  event.type === "settle" ? event.details.proof : undefined;

/** The terms under which a request became break-glass; undefined for every other event. */
export const escalationIn = ({
  details,
}: Pick<AuditEvent, "details">): EscalatedTerms | undefined =>
  "skipped" in details ? details : undefined;

/** The delegator of a decision; undefined for every other event. */
export const behalfIn = ({ details }: Pick<AuditEvent, "details">): OnBehalfOf | undefined =>
  "onBehalfOf" in details ? details.onBehalfOf : undefined;

/** The fact that a step leans on: that the requester was on call. Undefined for every other step. */
export const onCallIn = ({ details }: Pick<AuditEvent, "details">): OnCallFact | undefined =>
  "onCall" in details ? details.onCall : undefined;

/** The fact about a ticket that a step leans on. Undefined for every other step. */
export const ticketIn = ({
  details,
}: Pick<AuditEvent, "details">): TicketFact | UnknownTicket | undefined =>
  "ticket" in details && typeof details.ticket === "object" ? details.ticket : undefined;

/** The changes by others that an event records. */
export const findingsIn = ({ details }: Pick<AuditEvent, "details">): readonly EntryFinding[] =>
  ("findings" in details && details.findings) || [];
