/** The records of one grant in the tables, as converge and correlate store them. */
import { grantSessionName } from "../../../shared/domain/entries/session-name.ts";
import type { CallIntent } from "../../../shared/domain/evidence/calls/call-intent.ts";
import type { RecordedCall } from "../../../shared/domain/evidence/calls/recorded-call.ts";
import { nextEvidence } from "../../../shared/domain/evidence/evidence-chain.ts";
import type {
  EvidenceDraft,
  EvidenceRecord,
} from "../../../shared/domain/evidence/evidence-record.ts";
import type { Step } from "../../../shared/domain/requests/lifecycle.ts";
import { GRANTOR_ROLE_NAMES } from "../../../shared/domain/values/arn.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { ACCOUNT, aFirstStep, anApproval, aStep, PROD, T0 } from "../../fakes/builders.ts";
import { countedId } from "../../fakes/counted-ids.ts";

export const EDIT = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy";
export const ELEMENTS: readonly string[] = ["ns/payments-api"];
export const GRANTOR = `arn:aws:iam::${ACCOUNT}:role/${GRANTOR_ROLE_NAMES.policies}`;
/** When the latest grant has just begun. ISO 8601 UTC. */
export const NOW = T0;

/** Seconds between the starts of two grants, and of one grant's life: fifteen run at once. */
const EVERY_SECONDS = 20;
const LASTS_SECONDS = 300;

/** Grants are numbered backwards: the latest is 0. */
export const grantId = (index: number): string => countedId(index + 1);
export const beganAt = (index: number): string => plusSeconds(NOW, -EVERY_SECONDS * (index + 1));
export const endsAt = (index: number): string => plusSeconds(beganAt(index), LASTS_SECONDS);
const isOver = (index: number): boolean => endsAt(index) <= NOW;

/** EKS's ids of the calls that add its access and remove it. */
export const addedBy = (index: number): string => `added-${index}`;
export const removedBy = (index: number): string => `removed-${index}`;

/** Its history: asked, approved and active; and over, where its time has passed. */
export function stepsOf(index: number, principalArn: string): readonly Step[] {
  const at = beganAt(index);
  const asked = aFirstStep({
    id: grantId(index),
    principalArn,
    createdAt: at,
    durationSeconds: LASTS_SECONDS,
  });
  const approved = anApproval(asked.request);
  const calls: readonly [] = [];
  const details = { calls, authenticationMode: null };
  const active = aStep(approved.request, { type: "activate", details });
  if (!isOver(index)) return [asked, approved, active];
  const ending = aStep(active.request, { type: "expire", at: endsAt(index), details: { calls } });
  return [asked, approved, active, ending, aStep(ending.request, { type: "settle" })];
}

/** Its calls: access is added, and removed where its time has passed. */
export function callsOf(index: number, principalArn: string): readonly RecordedCall[] {
  const added: RecordedCall = {
    eksRequestId: addedBy(index),
    operation: "AssociateAccessPolicy",
    clusterArn: PROD.arn,
    principalArn,
    target: EDIT,
    elements: ELEMENTS,
    roleArn: GRANTOR,
    sessionName: grantSessionName(grantId(index)),
    at: beganAt(index),
    result: "ok",
    requestIds: [grantId(index)],
  };
  const removed: RecordedCall = {
    ...added,
    eksRequestId: removedBy(index),
    operation: "DisassociateAccessPolicy",
    elements: [],
    at: endsAt(index),
  };
  return isOver(index) ? [added, removed] : [added];
}

/** The intents of the grant's run: arm its fuse, create its entry and add its access. */
export function intentsOf(index: number, principalArn: string): readonly [CallIntent, CallIntent] {
  const requestIds = [grantId(index)];
  const fuse: CallIntent = {
    // Sorts before the other one, which is stored at the same instant here.
    sessionName: "timelatch-",
    clusterArn: PROD.arn,
    principalArn,
    calls: [],
    fusesOf: requestIds,
    owners: {},
    from: beganAt(index),
    until: plusSeconds(beganAt(index), LASTS_SECONDS),
  };
  const calls: CallIntent["calls"] = [
    { operation: "CreateAccessEntry", target: null, elements: [], requestIds },
    { operation: "AssociateAccessPolicy", target: EDIT, elements: ELEMENTS, requestIds },
  ];
  const sessionName = grantSessionName(grantId(index));
  return [fuse, { ...fuse, sessionName, calls, fusesOf: [], owners: { [EDIT]: [] } }];
}

/** The call that CloudTrail has confirmed: it added the grant's access. */
export function evidenceOf(index: number): EvidenceRecord {
  const at = plusSeconds(beganAt(index), 5);
  const details = {
    eksRequestId: addedBy(index),
    eventId: `event-${index}`,
    eventTime: beganAt(index),
    sha256: "a".repeat(64),
  };
  const draft: EvidenceDraft = { type: "confirmed", requestId: grantId(index), at, details };
  return nextEvidence(undefined, draft);
}
