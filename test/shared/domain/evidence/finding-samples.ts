/** Findings of every code, and acknowledgements of them, as they are stored. */
import { nextFinding } from "../../../../shared/domain/evidence/evidence-chain.ts";
import {
  type AcknowledgementRecord,
  type EventFinding,
  eventFindingId,
  type FindingCode,
  type FindingDraft,
  type FoundRecord,
  findingChain,
  missingFindingId,
} from "../../../../shared/domain/evidence/findings/finding-record.ts";
import {
  changeOf,
  eventKeyOf,
  type TrailEvent,
} from "../../../../shared/domain/evidence/trail/trail-event.ts";
import { aCall, anEvent, CLUSTER, GRANT, MALLORY, OURS } from "./samples.ts";

export const FOUND_AT = "2026-11-24T10:05:00.000Z";

/** The caller in a finding, by code. */
const CALLERS: Readonly<Record<EventFinding["code"], TrailEvent["caller"]>> = {
  "outside-change": MALLORY,
  "taken-with-entry": MALLORY,
  "grantor-outside-call": OURS,
  "fuse-outside-schedule": OURS,
  "forged-request-id": MALLORY,
};

/** The call that deleted Alice's entry half a minute later, at the end of her grant. */
const DELETION = {
  eksRequestId: "9f1c2d3e-0000-4000-8000-0000000000de",
  sessionName: `timelatch-${GRANT}`,
  at: "2026-11-24T10:00:31.250Z",
  requestIds: [GRANT],
};

export type FoundDraft = Extract<FindingDraft, { readonly type: "finding" }>;

/** The view policy is associated with Alice's role while her grant is on it, and nothing explains it. */
export function aFindingDraft(
  code: FindingCode = "outside-change",
  changes: Partial<TrailEvent> = {},
): FoundDraft {
  const base = { type: "finding" as const, at: FOUND_AT };
  const requestIds = [GRANT];
  if (code === "missing-event") {
    const { eksRequestId, principalArn, at: calledAt } = aCall();
    const findingId = missingFindingId(eksRequestId);
    const details = { code, eksRequestId, principalArn, calledAt, findingId, requestIds };
    return { ...base, chain: findingChain(CLUSTER, calledAt), details };
  }
  const event = anEvent({ caller: CALLERS[code], ...changes });
  const { target, elements: after } = changeOf(event);
  const eventKey = eventKeyOf(event);
  const found = { code, eventKey, event, target, before: null, after } as const;
  const differs = code === "forged-request-id" ? (["roleArn", "sessionName"] as const) : [];
  const taken = code === "taken-with-entry" ? { taken: DELETION } : {};
  const details = { ...found, differs, ...taken, findingId: eventFindingId(eventKey), requestIds };
  return { ...base, chain: findingChain(event.clusterArn ?? "", event.eventTime), details };
}

/** The same, as the first record of its chain. */
export const aFinding = (
  code: FindingCode = "outside-change",
  changes: Partial<TrailEvent> = {},
): FoundRecord => nextFinding(undefined, aFindingDraft(code, changes)) as FoundRecord;

type AcknowledgementDraft = Extract<FindingDraft, { readonly type: "acknowledgement" }>;

/** Dave has looked at it, an hour later. */
export const anAcknowledgementDraft = (
  { chain, details: { findingId } }: FoundDraft,
  note = "Planned work, CHG-12",
  at = "2026-11-24T11:05:00.000Z",
): AcknowledgementDraft => ({
  type: "acknowledgement",
  chain,
  at,
  details: { findingId, actor: "dave", note, proof: {} },
});

/** The same, as the record after the finding. */
export const anAcknowledgement = (
  finding: FoundRecord,
  note?: string,
  at?: string,
): AcknowledgementRecord =>
  nextFinding(finding, anAcknowledgementDraft(finding, note, at)) as AcknowledgementRecord;
