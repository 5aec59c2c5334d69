/** The API's answers, as clients read them. Instants are ISO 8601 UTC. */

import type { ArchivedRecord } from "../../domain/evidence/archive/archived-record.ts";
import type { CallState } from "../../domain/evidence/calls/call-state.ts";
import type { EvidenceRecord } from "../../domain/evidence/evidence-record.ts";
import type { FoundRecord } from "../../domain/evidence/findings/finding-record.ts";
import type { ApproversOf } from "../../domain/policy/approvers.ts";
import type { Need, NeedOfRequest } from "../../domain/policy/needs.ts";
import type { Permits } from "../../domain/policy/permits.ts";
import type { AuditEvent } from "../../domain/requests/audit-event.ts";
import type { EndProof } from "../../domain/requests/end-proof.ts";
import type { CallRecord } from "../../domain/requests/evidence.ts";
import type { Access, Requirement, State } from "../../domain/requests/request.ts";
import type { Review } from "../../domain/requests/review.ts";
import type { Surface } from "../../domain/requests/surface.ts";
import type { ExtendAnswer, HoursAnswer } from "./access-answer.ts";
import type { EarlierTermsAnswer } from "./earlier-terms-answer.ts";
import type { EscalatedFromAnswer } from "./escalated-from-answer.ts";
import type { LeansAnswer, PreviewLeans } from "./on-call-answer.ts";
import type { AskerAnswer, RequestBeside } from "./request-members.ts";
import type { ReviewAnswer } from "./review-answer.ts";

export type { KubernetesRule } from "../../domain/policy/permits.ts";

export interface RequestAnswer extends RequestBeside, AskerAnswer, LeansAnswer {
  readonly id: string;
  readonly state: State;
  readonly version: number;
  /** Sent back with a decision, to show that the approver read these terms. */
  readonly digest: string;
  readonly requester: string;
  /** The cluster's name in `access.yaml`. */
  readonly cluster: string;
  readonly clusterArn: string;
  readonly principalArn: string;
  readonly access: Access;
  readonly rule: string;
  readonly breakGlass: boolean;
  /** The review of a break-glass that was approved. */
  readonly review?: Review;
  /** Written as in a request: `1h30m`. */
  readonly duration: string;
  readonly durationSeconds: number;
  readonly reason: string;
  /** All requirements of the rule. */
  readonly requirements: readonly Requirement[];
  /** The approvals that are still missing, and who can give them; empty once it is decided. */
  readonly needs: readonly Need[];
  /** The places where today's rule lets people decide, while it is pending. An earlier release left it out. */
  readonly decideIn?: readonly Surface[];
  readonly approvals: readonly {
    readonly person: string;
    /** The delegator for whom they decided. */
    readonly onBehalfOf?: string;
    readonly at: string;
    readonly note?: string;
    /** The digest of the terms that they approved. Absent unless the terms changed before. */
    readonly digest?: string;
  }[];
  /**
   * The terms before each approval for less, the oldest first: what was asked for. Absent unless
   * somebody approved for less.
   */
  readonly earlierTerms?: readonly EarlierTermsAnswer[];
  /** The grant that an extension extends. */
  readonly extends?: string;
  /** The end of an extension's access. That is part of its terms, as `extends` is. */
  readonly until?: string;
  /** The extension that was approved for this grant; absent where none was. */
  readonly extendedBy?: string;
  /**
   * How today's rule lets the access be extended, while it is pending, approved or active. Absent
   * where it does not. `approval` is `same` where an approver cut the time.
   */
  readonly extend?: ExtendAnswer;
  /** The terms before it became break-glass, and under which rule. Absent unless it did. */
  readonly escalatedFrom?: EscalatedFromAnswer;
  readonly startsAt: string | null;
  readonly createdAt: string;
  readonly lapsesAt: string;
  readonly approvedAt: string | null;
  readonly effectiveAt: string | null;
  /** Access may be removed from this time on, and is gone by `expiresAt`. */
  readonly revokeAt: string | null;
  readonly expiresAt: string | null;
  readonly endedAt: string | null;
  /** The proof of its end. Absent unless the grant has ended. */
  readonly endProof?: EndProof;
  readonly outcome: { readonly code: string; readonly detail: string } | null;
}

/** A request in a list. A client that decides on it, or wants its history, reads the whole of it first. */
export interface RequestSummary
  extends Omit<
    RequestAnswer,
    | "version"
    | "digest"
    | "clusterArn"
    | "owners"
    | "requirements"
    | "needs"
    | "onCall"
    | "decideIn"
    | "approvals"
    | "earlierTerms"
    | "extend"
    | "approvedAt"
    | "effectiveAt"
    | keyof RequestBeside
  > {
  /** The approvals that are still missing; empty once it is decided. */
  readonly needs: readonly NeedOfRequest[];
}

/** One page of a list. */
export interface PageAnswer {
  /**
   * Send it back as `?cursor=` for the next page; absent on the last page. It holds for an hour.
   */
  readonly next?: string;
}

/** `GET /v1/requests` */
export interface RequestList extends PageAnswer {
  readonly requests: readonly RequestSummary[];
}

/** `GET /v1/requests/{id}/events` */
export interface EventList extends PageAnswer {
  readonly events: readonly AuditEvent[];
}

/** `GET /v1/audit/events`: whole events, so that their chains can be verified. */
export interface AuditEventList extends EventList {
  /**
   * On its last page, the list is complete up to this instant: no earlier event can follow.
   */
  readonly to: string;
  /** How many items of this page were left out, because they are no events in their places; absent for 0. */
  readonly leftOut?: number;
}

/** `GET /v1/requests/{id}/evidence` */
export interface EvidenceAnswer {
  /** The calls of the history. `state` is null for a call that changed nothing. */
  readonly calls: readonly (CallRecord & { readonly state: CallState | null })[];
  /**
   * Calls that CloudTrail confirms, and those that it has not shown in time: a chain of its own.
   */
  readonly records: readonly EvidenceRecord[];
  /** Changes around the request's access that nothing explains, at most 500. */
  readonly findings: readonly FoundRecord[];
}

/** `GET /v1/audit/records`: lines of the archive, so that their chains can be verified. */
export interface EvidenceRecordList extends PageAnswer {
  readonly records: readonly ArchivedRecord[];
  /** On its last page, the list is complete up to this instant: no earlier record can follow. */
  readonly to: string;
  /** How many items of this page were left out, because they are no records in their places; absent for 0. */
  readonly leftOut?: number;
}

/** The content of a finding; its `code` tells which members it has. */
export type FindingAnswer = FoundRecord["details"] & {
  /** The chain that has the finding and its acknowledgements. */
  readonly chain: string;
  readonly recordedAt: string;
  /** `acknowledged` from the first acknowledgement on. */
  readonly state: "open" | "acknowledged";
  /** Oldest first. */
  readonly acknowledgements: readonly {
    readonly actor: string;
    readonly note: string;
    readonly at: string;
  }[];
};

/** `GET /v1/findings`, in the order in which they were recorded. */
export interface FindingList extends PageAnswer {
  readonly findings: readonly FindingAnswer[];
  /** With `view=all`, these two are as in the list of records. */
  readonly to?: string;
  readonly leftOut?: number;
}

/** A stable code, with a sentence for people. */
interface RemarkAnswer {
  readonly code: string;
  readonly detail: string;
}

/** `POST /v1/requests/preview` stores nothing and notifies nobody: what `POST /v1/requests` would answer. */
export type PreviewAnswer = PreviewAllowed | PreviewRefused;

export interface PreviewAllowed extends PreviewLeans {
  readonly allowed: true;
  readonly rule: string;
  readonly cluster: string;
  readonly clusterArn: string;
  readonly principalArn: string;
  readonly access: Access;
  readonly duration: string;
  readonly durationSeconds: number;
  readonly startsAt: string | null;
  readonly breakGlass: boolean;
  /** The review that would follow. */
  readonly review?: ReviewAnswer;
  /** How the grant can be extended; absent where it cannot. */
  readonly extend?: ExtendAnswer;
  /** When a request under the rule and its start may be; null for always. */
  readonly hours: HoursAnswer | null;
  /** Empty if the policy itself approves: access would then start at once. */
  readonly requirements: readonly ApproversOf[];
  readonly permits: Permits;
  /** Risks that are easy to overlook: `wildcard`, `leaves-things-behind`, `open-streams` … */
  readonly warnings: readonly RemarkAnswer[];
}

export interface PreviewRefused {
  readonly allowed: false;
  /** The problem code that the request would get, such as `policy-denied`. */
  readonly problem: string;
  readonly detail: string;
  /** For each rule that applies to the caller, all its objections; the closest rule first. */
  readonly refusals: readonly {
    readonly rule: string;
    readonly objections: readonly RemarkAnswer[];
  }[];
  /** Faults of the body itself, with RFC 6901 pointers. */
  readonly errors: readonly Fault[];
}

/** Where an input is wrong, as an RFC 6901 pointer, and how to correct it. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** RFC 9457. `type` is `urn:timelatch:problem:<code>`, and the code is a heading in docs/problems.md. */
export interface ProblemAnswer {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance?: string;
  readonly errors?: readonly Fault[];
  readonly [fact: string]: unknown;
}
