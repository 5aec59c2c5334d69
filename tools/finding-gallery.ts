/** A finding of each code, open and acknowledged, as its notice, for the gallery of messages. */
import { nextFinding } from "../shared/domain/evidence/evidence-chain.ts";
import {
  type AcknowledgementRecord,
  type EventFinding,
  eventFindingId,
  FINDING_CODES,
  type FindingCode,
  type FoundRecord,
  findingChain,
  missingFindingId,
} from "../shared/domain/evidence/findings/finding-record.ts";
import {
  changeOf,
  type TrailCaller,
  type TrailEvent,
} from "../shared/domain/evidence/trail/trail-event.ts";
import { findingNotices } from "../shared/domain/notices/finding-notices.ts";
import type { FindingNotice } from "../shared/domain/notices/notice.ts";
import type { AccessPolicy } from "../shared/domain/policy/policy.ts";
import { clusterOf } from "../shared/domain/values/arn.ts";

const GRANT = "019ab5c0-0000-7000-8000-000000000001";
const HAPPENED = "2026-11-24T10:00:01.000Z";
const DELETED = "2026-11-24T10:00:31.000Z";
const FOUND = "2026-11-24T10:05:00.000Z";
const SEEN = "2026-11-24T11:00:00.000Z";

/** The role that is found to have made the call, and its session, by code. */
const CALLERS: Readonly<Record<EventFinding["code"], readonly [role: string, session: string]>> = {
  "outside-change": ["people/mallory", "mallory@example.com"],
  "taken-with-entry": ["people/mallory", "mallory@example.com"],
  "grantor-outside-call": ["timelatch-grantor", `timelatch-${GRANT}`],
  "fuse-outside-schedule": ["timelatch-fuse", "scheduler"],
  "forged-request-id": ["people/mallory", "mallory@example.com"],
};

function callerOf(code: EventFinding["code"], account: string): TrailCaller {
  const [role, sessionName] = CALLERS[code];
  return {
    type: "AssumedRole",
    arn: `arn:aws:sts::${account}:assumed-role/${role.split("/").at(-1)}/${sessionName}`,
    accountId: account,
    roleArn: `arn:aws:iam::${account}:role/${role}`,
    sessionName,
    sourceIdentity: null,
    accessKeyId: null,
    invokedBy: null,
  };
}

function eventOf(code: EventFinding["code"], clusterArn: string, principalArn: string): TrailEvent {
  const { account, region, partition } = clusterOf(clusterArn);
  return {
    eventId: "1a4debbb-12e9-4bde-b8c7-ea29002bb2a7",
    eksRequestId: "9f1c2d3e-0000-4000-8000-000000000001",
    eventTime: HAPPENED,
    operation: "AssociateAccessPolicy",
    account,
    region,
    clusterArn,
    principalArn,
    policyArn: `arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSViewPolicy`,
    scope: { type: "namespace", namespaces: ["kube-system"] },
    groups: null,
    username: null,
    caller: callerOf(code, account),
    errorCode: null,
    sourceIp: "203.0.113.10",
    userAgent: "aws-cli/2.31.0",
    addendum: null,
    sha256: "a".repeat(64),
  };
}

function detailsOf(
  code: FindingCode,
  clusterArn: string,
  principalArn: string,
): FoundRecord["details"] {
  const requestIds = [GRANT];
  if (code === "missing-event") {
    const eksRequestId = "9f1c2d3e-0000-4000-8000-000000000001";
    const findingId = missingFindingId(eksRequestId);
    return { code, eksRequestId, principalArn, calledAt: HAPPENED, findingId, requestIds };
  }
  const event = eventOf(code, clusterArn, principalArn);
  const { target, elements: after } = changeOf(event);
  const { eventId: eventKey } = event;
  const differs = code === "forged-request-id" ? (["roleArn", "sessionName"] as const) : [];
  const deletion = { eksRequestId: "deletion-1", sessionName: null, at: DELETED, requestIds };
  const taken = code === "taken-with-entry" ? { taken: deletion } : {};
  const found = { code, eventKey, event, target, before: null, after, differs, ...taken };
  return { ...found, findingId: eventFindingId(eventKey), requestIds };
}

/** Each with the name of its file. */
export function galleryFindings(
  policy: AccessPolicy,
): readonly (readonly [name: string, notice: FindingNotice])[] {
  const clusterArn = policy.clusters["prod"]?.arn ?? "";
  const principalArn = policy.people["alice"]?.principals[0] ?? "";
  return FINDING_CODES.flatMap((code) => {
    const details = detailsOf(code, clusterArn, principalArn);
    const chain = findingChain(clusterArn, HAPPENED);
    const draft = { type: "finding", chain, at: FOUND, details } as const;
    const finding = nextFinding(undefined, draft) as FoundRecord;
    const states = [
      ["open", []],
      ["acknowledged", [acknowledgementOf(finding)]],
    ] as const;
    return states.flatMap(([state, seen]) =>
      findingNotices(policy, finding, seen, SEEN).notices.map(
        (notice) => [`${code}-${state}-finding-${policy.slack?.alarms}`, notice] as const,
      ),
    );
  });
}

const acknowledgementOf = (finding: FoundRecord): AcknowledgementRecord => {
  const { findingId } = finding.details;
  const details = { findingId, actor: "dave", note: "Planned work, CHG-12", proof: {} };
  const draft = { type: "acknowledgement", chain: finding.chain, at: SEEN, details } as const;
  return nextFinding(finding, draft) as AcknowledgementRecord;
};
