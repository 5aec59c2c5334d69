/** A call of ours, its CloudTrail record, and the records that follow from them. */

import type { RecordedCall } from "../../../../shared/domain/evidence/calls/recorded-call.ts";
import type { EvidenceDraft } from "../../../../shared/domain/evidence/evidence-record.ts";
import type {
  TrailCaller,
  TrailEvent,
} from "../../../../shared/domain/evidence/trail/trail-event.ts";

const ACCOUNT = "111122223333";
const REGION = "us-west-2";
export const CLUSTER = `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/prod`;
export const ALICE = `arn:aws:iam::${ACCOUNT}:role/people/alice`;
const GRANTOR = `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`;
export const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
export const GRANT = "019ab5c0-0000-7000-8000-000000000001";
export const SESSION = `timelatch-${GRANT}`;

/** The grantor role in the grant's session. */
export const OURS: TrailCaller = {
  type: "AssumedRole",
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/timelatch-grantor/${SESSION}`,
  accountId: ACCOUNT,
  roleArn: GRANTOR,
  sessionName: SESSION,
  sourceIdentity: "alice",
  accessKeyId: "ASIAEXAMPLE000000001",
  invokedBy: null,
};

/** Somebody with a role of their own. */
export const MALLORY: TrailCaller = {
  ...OURS,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/mallory/mallory@example.com`,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/people/mallory`,
  sessionName: "mallory@example.com",
  sourceIdentity: null,
};

/** The view policy is associated with Alice's role, in the namespace payments. */
export const anEvent = (changes: Partial<TrailEvent> = {}): TrailEvent => ({
  eventId: "1a4debbb-12e9-4bde-b8c7-ea29002bb2a7",
  eksRequestId: "9f1c2d3e-0000-4000-8000-000000000001",
  eventTime: "2026-11-24T10:00:01.000Z",
  operation: "AssociateAccessPolicy",
  account: ACCOUNT,
  region: REGION,
  clusterArn: CLUSTER,
  principalArn: ALICE,
  policyArn: VIEW,
  scope: { type: "namespace", namespaces: ["payments"] },
  groups: null,
  username: null,
  caller: OURS,
  errorCode: null,
  sourceIp: "203.0.113.10",
  userAgent: "aws-sdk-js/3.1174.0",
  addendum: null,
  sha256: "a".repeat(64),
  ...changes,
});

/** The call that `anEvent` is about. */
export const aCall = (changes: Partial<RecordedCall> = {}): RecordedCall => ({
  eksRequestId: "9f1c2d3e-0000-4000-8000-000000000001",
  operation: "AssociateAccessPolicy",
  clusterArn: CLUSTER,
  principalArn: ALICE,
  target: VIEW,
  elements: ["ns/payments"],
  roleArn: GRANTOR,
  sessionName: SESSION,
  at: "2026-11-24T10:00:01.250Z",
  result: "ok",
  requestIds: [GRANT],
  ...changes,
});

/** CloudTrail confirms `aCall`. */
export const confirmation = (requestId: string): EvidenceDraft => ({
  type: "confirmed",
  requestId,
  at: "2026-11-24T10:05:00.000Z",
  details: {
    eksRequestId: aCall().eksRequestId,
    eventId: anEvent().eventId,
    eventTime: anEvent().eventTime,
    sha256: anEvent().sha256,
  },
});
