/**
 * Each operation's input, answer and problems, as data: the API's description is made from it.
 */
import { DELEGATION_KINDS } from "./delegation-kinds.ts";
import { FINDING_KINDS } from "./finding-kinds.ts";
import type { OperationKind } from "./operation-kind.ts";
import {
  ASKING,
  BODY,
  CHANGING,
  ESCALATING,
  LESS,
  LISTING,
  OF_ASK,
  OF_REQUEST,
  ON_BEHALF,
} from "./operation-problems.ts";
import { POLICY_KINDS } from "./policy-kinds.ts";
import type { RouteOperation } from "./routes.ts";
import { STOP_KINDS } from "./stop-kinds.ts";

export const OPERATION_KINDS: Readonly<Record<RouteOperation, OperationKind>> = {
  whoAmI: {
    summary: "Who the API takes the caller for, and whether they are stopped.",
    status: 200,
    answer: "WhoAmI",
    problems: ["invalid-request", "dependency-unavailable"],
  },
  ...POLICY_KINDS,
  createRequest: {
    summary: "Ask for access. If the rule needs no approver, the policy approves it at once.",
    status: 201,
    answer: "Request",
    body: "AccessRequest",
    problems: ASKING,
  },
  createAsk: {
    summary:
      "Ask for several things at once. All are stored, or nothing is and each part says why.",
    status: 201,
    answer: "Asked",
    body: "Ask",
    problems: OF_ASK,
  },
  listRequests: {
    summary:
      "The caller's own requests, newest first, those that the caller may decide or review, or those with an id.",
    status: 200,
    answer: "RequestList",
    problems: LISTING,
  },
  previewRequest: {
    summary: "Dry-run a request. Nothing is stored.",
    status: 200,
    answer: "Preview",
    body: "DryRun",
    problems: [...BODY, "dependency-unavailable"],
  },
  getRequest: {
    summary: "One request.",
    status: 200,
    answer: "Request",
    problems: OF_REQUEST,
  },
  listRequestEvents: {
    summary: "A request's history, oldest first, each event linked to the one before.",
    status: 200,
    answer: "EventList",
    problems: [...OF_REQUEST, "invalid-cursor"],
  },
  readEvidence: {
    summary: "What CloudTrail says of a request's calls, and of changes around them, for auditors.",
    status: 200,
    answer: "Evidence",
    problems: [...OF_REQUEST, "forbidden"],
  },
  decideRequest: {
    summary: "Approve the request that the digest identifies, approve it for less, or deny it.",
    status: 200,
    answer: "Request",
    body: "Decision",
    problems: [
      ...CHANGING,
      "self-approval",
      "decided-elsewhere",
      "digest-mismatch",
      "policy-denied",
      "outside-hours",
      "not-on-call",
      "on-call-unknown",
      "ticket-refused",
      "ticket-unknown",
      "too-many-grants",
      "too-much-on-one-entry",
      ...LESS,
      ...ON_BEHALF,
      "suspended",
      "drained",
      "requester-suspended",
      "delegator-suspended",
    ],
  },
  extendGrant: {
    summary: "Extend your own active access by a second grant, which continues it.",
    status: 201,
    answer: "Request",
    body: "Extension",
    problems: [
      ...CHANGING,
      "policy-denied",
      "duration-too-long",
      "cluster-not-ready",
      "review-overdue",
      "extension-open",
      "not-active-yet",
      "too-late-to-extend",
      "grant-over",
      "too-much-on-one-entry",
      "too-many-pending",
      "too-many-automatic",
      "idempotency-mismatch",
      "rate-limited",
      "suspended",
      "drained",
    ],
  },
  cancelRequest: {
    summary: "Cancel a request that is not active yet.",
    status: 200,
    answer: "Request",
    body: "End",
    problems: CHANGING,
  },
  returnGrant: {
    summary: "Return your own access early.",
    status: 200,
    answer: "Request",
    body: "End",
    problems: CHANGING,
  },
  revokeGrant: {
    summary: "Revoke access early.",
    status: 200,
    answer: "Request",
    body: "End",
    problems: [...CHANGING, "suspended"],
  },
  escalateRequest: {
    summary: "Make a break-glass of your own pending request. It keeps its id and its history.",
    status: 200,
    answer: "Request",
    body: "Escalation",
    problems: [...BODY, ...OF_REQUEST, "version-conflict", ...ESCALATING],
  },
  closeReview: {
    summary:
      "Close the review of a break-glass whose access is over, with a note. Never by who asked for it.",
    status: 200,
    answer: "Request",
    body: "Review",
    problems: [
      ...BODY,
      ...OF_REQUEST,
      "version-conflict",
      "no-review",
      "own-review",
      "not-reviewer",
      "review-too-early",
      "review-closed",
      "suspended",
    ],
  },
  ...STOP_KINDS,
  listGrants: {
    summary:
      "Grants whose access may exist, as far as the caller may see them, or, for auditors and admins, those that were live on a cluster in an interval.",
    status: 200,
    answer: "GrantList",
    problems: [...LISTING, "forbidden", "cluster-not-found"],
  },
  ...DELEGATION_KINDS,
  listAuditEvents: {
    summary:
      "Everyone's audit events between two instants, for auditors. The answer is complete up to its `to`.",
    status: 200,
    answer: "AuditEventList",
    problems: [...LISTING, "forbidden"],
  },
  listEvidenceRecords: {
    summary:
      "Every record of evidence and findings between two instants, as the archive has it, for auditors. The answer is complete up to its `to`.",
    status: 200,
    answer: "EvidenceRecordList",
    problems: [...LISTING, "forbidden"],
  },
  ...FINDING_KINDS,
  readPersonAccess: {
    summary:
      "What a person can do now by grants, and by standing access on a cluster that is named. For oneself, for admins and auditors, and for approvers as far as they may see the person's grants.",
    status: 200,
    answer: "PersonAccess",
    problems: [
      "invalid-request",
      "person-not-found",
      "cluster-not-found",
      "dependency-unavailable",
    ],
  },
  listClusters: {
    summary: "The clusters of access.yaml, and when what stands on them was read.",
    status: 200,
    answer: "ClusterList",
    problems: ["invalid-request", "forbidden", "dependency-unavailable"],
  },
  readStanding: {
    summary:
      "What access entries of a cluster give without a grant, by power, as it was last read, for auditors and admins.",
    status: 200,
    answer: "StandingList",
    problems: [...LISTING, "forbidden", "cluster-not-found"],
  },
  readReach: {
    summary:
      "Who could reach a cluster at an instant: by grants, as their audit events have it, and by standing access, with findings around it, for auditors and admins. Each page has one of these parts.",
    status: 200,
    answer: "Reach",
    problems: [...LISTING, "forbidden", "cluster-not-found"],
  },
  getOpenApi: {
    summary: "This description.",
    status: 200,
    answer: "OpenApi",
    problems: ["invalid-request"],
  },
};
