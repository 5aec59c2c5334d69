/**
 * A notice is a message that shows the present state of one request, finding or delegation, or
 * what stopped somebody. It says which message should exist, for whom, and what is on it. The adapter of a
 * service decides how to draw it.
 */
import type { Delegation } from "../delegations/delegation.ts";
import type { FoundRecord } from "../evidence/findings/finding-record.ts";
import type { OnCallFact } from "../facts/on-call.ts";
import type { Medium } from "../policy/policy.ts";
import type { ApprovedLess } from "../requests/approved-less.ts";
import type { EndProof } from "../requests/end-proof.ts";
import type { AccessRequest, Requirement, State, Via } from "../requests/request.ts";
import type { Review } from "../requests/review.ts";
import type { RequesterStop } from "../stops/requester-stop.ts";
import type { Extendable } from "./extendable.ts";
import type { StopFacts } from "./stop-facts.ts";

/** The readers of a notice in a medium: Slack's channels and people, and mailboxes. People are named as in `access.yaml`. */
export type Audience =
  | { readonly kind: "channel"; readonly channel: string }
  | { readonly kind: "person"; readonly person: string }
  | { readonly kind: "mailbox"; readonly person: string };

/** The medium in which an audience reads. */
export const mediumOf = ({ kind }: Audience): Medium => (kind === "mailbox" ? "email" : "slack");

/** The actions that a notice offers its reader; each is checked again when it is used. */
export type NoticeAction =
  | "approve"
  | "approve-less"
  | "deny"
  | "details"
  | "revoke"
  | "review"
  | "cancel"
  | "escalate"
  | "return"
  | "extend"
  | "ask-again";

/**
 * The kinds of messages about a request. One request has at most one of each for one audience,
 * apart from approvals for less and what asks again, which are numbered.
 */
export type RequestNoticeKind =
  /** The approvers' channel: one message, updated for as long as the request changes. */
  | "request"
  /** To one approver: you can decide on this. */
  | "decision-wanted"
  /** To the requester: an approver gave less than was asked for. */
  | "approved-less"
  /** To the requester: it waits, and a break-glass rule would lend it at once. */
  | "waiting"
  /** To the requester: approved, and starts later. */
  | "scheduled"
  /** To the requester, or to the owners of a machine: access is being added, or is there. */
  | "access"
  /** To the requester: access ends soon. */
  | "ends-soon"
  /** To the requester: what became of it. */
  | "over"
  /** Break-glass, to the alarm channel and to everyone whose approval was skipped. */
  | "break-glass"
  /** Break-glass, to each reviewer: there is something to review. */
  | "review-wanted"
  /** In the thread of `break-glass` or `review-wanted`: nobody has closed the review yet. */
  | "review-reminder"
  /** The same, after it was due. */
  | "review-overdue"
  /** In the thread of `request`: a second circle is asked too. */
  | "escalation"
  /** In the thread of `request` or `decision-wanted`: nobody has decided yet. */
  | "reminder";

/** The facts that a notice shows. All are in the hash that says whether a message is up to date. */
export interface NoticeFacts extends Extendable, Pick<AccessRequest, "ticket"> {
  readonly requestId: string;
  readonly digest: string;
  readonly state: State;
  readonly requester: string;
  /** The requester is a machine. Absent for a person. */
  readonly machine?: true;
  readonly via?: Via;
  /** The cluster's name in `access.yaml`. */
  readonly cluster: string;
  readonly clusterArn: string;
  /** The role that access is lent to. */
  readonly principalArn: string;
  readonly access: AccessRequest["access"];
  readonly durationSeconds: number;
  readonly reason: string;
  readonly rule: string;
  readonly breakGlass: boolean;
  /** Absent where the rule asks for nobody on call. */
  readonly onCall?: Pick<OnCallFact, "onCall" | "until" | "byOverride">;
  /** Absent unless the message is about break-glass. */
  readonly breakGlassReview?: BreakGlassFacts;
  readonly startsAt: string | null;
  /** Access ends by itself from here on. */
  readonly revokeAt: string | null;
  readonly expiresAt: string | null;
  readonly lapsesAt: string;
  readonly endedAt: string | null;
  /** The proof of the end of a grant that has ended. */
  readonly endProof?: EndProof;
  readonly approvers: readonly string[];
  /** The requirements of a pending request that are not met yet, with the people who can. */
  readonly stillNeeded: readonly StillNeeded[];
  readonly outcome: AccessRequest["outcome"];
  /** How approvers made the terms less, the oldest first. Absent where nobody did. */
  readonly less?: readonly ApprovedLess[];
  /** The grant that an extension extends. */
  readonly extends?: string;
  /** The end of an extension's access. ISO 8601 UTC. */
  readonly until?: string;
  /** The extension that was approved for this grant, and its end, ISO 8601 UTC. */
  readonly extendedBy?: string;
  readonly extendedUntil?: string;
  /** Whether the rule lets an approver decide where the notice is shown. */
  readonly decidedHere: boolean;
  /** The requester's suspension, in messages that ask for a decision. Absent without one. */
  readonly suspended?: RequesterStop;
  /** People for whom a delegate is asked, empty once it is nobody; absent in other messages. */
  readonly delegators?: readonly AskedFor[];
}

/** Somebody for whom a delegate is asked to decide. */
export interface AskedFor {
  readonly person: string;
  /** The time until which the delegation counts. ISO 8601 UTC. */
  readonly until: string;
}

/** The approvers that a break-glass skipped, and those who look at it afterwards. */
interface BreakGlassFacts {
  /** People who would have been asked to approve it. */
  readonly skipped: readonly string[];
  /** Absent of a request of before reviews. */
  readonly review?: Review;
}

/** A requirement that is not met, with the groups and people who are asked by now. */
export type StillNeeded = Omit<Requirement, "escalate"> &
  Readonly<{ people: readonly string[]; second?: SecondCircle }>;

/** The second circle of a requirement. Once they are asked, its groups and people have them too. */
interface SecondCircle {
  readonly groups: readonly string[];
  readonly people: readonly string[];
  /** ISO 8601 UTC. */
  readonly askedFrom: string;
  readonly isAsked: boolean;
}

/** The facts that the message about a finding shows. All are in the hash, as for a request. */
export interface FindingFacts {
  readonly findingId: string;
  /** The cluster's name in `access.yaml`, or its ARN; null where CloudTrail names none. */
  readonly cluster: string | null;
  /** The finding, as it is recorded. */
  readonly details: FoundRecord["details"];
  /** Everyone who has looked at it, the first one first. */
  readonly acknowledgements: readonly FindingAcknowledgement[];
}

interface FindingAcknowledgement {
  readonly actor: string;
  readonly note: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** The kinds of messages about a delegation, to its delegator and to its delegate: before, while and after it counts. */
export type DelegationNoticeKind = "delegation-coming" | "delegation-begun" | "delegation-over";

/** The facts that the message about a delegation shows. All are in the hash, as for a request. */
export interface DelegationFacts extends Pick<Delegation, "by" | "to" | "from" | "ended"> {
  readonly delegationId: string;
  /** Until when it counts, under the policy of today. ISO 8601 UTC. */
  readonly until: string;
}

/** The fields of every notice, whatever it is about. */
interface Delivered {
  /** As `subject.ts` names it. */
  readonly subject: string;
  /** Stable within its subject: `request@C0001`, `access@alice`, `reminder-2@C0001`. */
  readonly key: string;
  readonly audience: Audience;
  readonly actions: readonly NoticeAction[];
  /** Whether to send it where it was never sent; otherwise it is only brought up to date. */
  readonly send: boolean;
  readonly precedence: Precedence;
  /**
   * Not to be delivered earlier: the next step is expected within seconds, and both show as one.
   * ISO 8601 UTC; null for at once.
   */
  readonly notBefore: string | null;
  /** The key of the message in whose thread it is sent. Absent for a message of its own. */
  readonly thread?: string;
  /** People whom it mentions, so that the service calls them. */
  readonly mentions?: readonly string[];
  /** It stays as it was sent, since its medium cannot change it, and is not sent again. Absent where the medium can. */
  readonly once?: true;
}

export interface RequestNotice extends Delivered {
  readonly kind: RequestNoticeKind;
  readonly facts: NoticeFacts;
  /** Requests of the same ask that the same message shows. Absent for one request. */
  readonly parts?: readonly Pick<RequestNotice, "facts" | "actions">[];
}

/** To the alarm channel: one message, updated once somebody acknowledges the finding. */
export interface FindingNotice extends Delivered {
  readonly kind: "finding";
  readonly facts: FindingFacts;
}

export interface DelegationNotice extends Delivered {
  readonly kind: DelegationNoticeKind;
  readonly facts: DelegationFacts;
}

/** To the alarm channel, and to the person whom it is about. */
export interface StopNotice extends Delivered {
  readonly kind: "stop";
  readonly facts: StopFacts;
}

export type Notice = RequestNotice | FindingNotice | DelegationNotice | StopNotice;

/** Whether a notice is about a delegation. */
export const isAboutDelegation = (notice: Notice): notice is DelegationNotice =>
  notice.subject.startsWith("delegation-");

/** The order in which messages are sent where the service limits their rate. */
export type Precedence =
  /** Decisions, ends and alarms. */
  | "first"
  | "next"
  /** Newer messages have overtaken it: it is brought up to date where that keeps nothing waiting, or later. */
  | "last";

/** The messages that should exist now, and the next instant at which that changes by time. */
export interface NoticePlan<Kind extends Notice = Notice> {
  readonly notices: readonly Kind[];
  /** ISO 8601 UTC; null for not before the subject's next step. */
  readonly changesAt: string | null;
}
