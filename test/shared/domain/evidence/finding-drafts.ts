/** Findings, and acknowledgements of them. */
import {
  eventFindingId,
  type FindingDraft,
  findingChain,
  missingFindingId,
} from "../../../../shared/domain/evidence/findings/finding-record.ts";
import type { TrailEvent } from "../../../../shared/domain/evidence/trail/trail-event.ts";
import { ALICE, anEvent, CLUSTER, MALLORY } from "./samples.ts";

export const CHAIN = findingChain(CLUSTER, anEvent().eventTime);

type Draft<Type extends FindingDraft["type"]> = Extract<FindingDraft, { readonly type: Type }>;

/** Mallory changed an entry. @param eventKey names the event, and so the finding */
export const aFinding = (
  eventKey: string,
  at = "2026-11-24T10:06:00.000Z",
  requestIds: readonly string[] = [],
  changes: Partial<TrailEvent> = { caller: MALLORY },
): Draft<"finding"> => ({
  type: "finding",
  chain: CHAIN,
  at,
  details: {
    code: "outside-change",
    eventKey,
    event: anEvent(changes),
    target: null,
    before: null,
    after: null,
    differs: [],
    findingId: eventFindingId(eventKey),
    requestIds,
  },
});

/** CloudTrail has not shown a call about Alice's entry. */
export const aMissingCall = (eksRequestId: string): Draft<"finding"> => ({
  type: "finding",
  chain: CHAIN,
  at: "2026-11-25T10:06:00.000Z",
  details: {
    code: "missing-event",
    eksRequestId,
    principalArn: ALICE,
    calledAt: "2026-11-24T10:00:01.250Z",
    findingId: missingFindingId(eksRequestId),
    requestIds: [],
  },
});

/** That somebody who is expected made a change. */
export const expectedChange = (eventKey: string): Draft<"expected"> => ({
  type: "expected",
  chain: CHAIN,
  at: "2026-11-24T10:05:00.000Z",
  details: { eventKey, principal: "terraform", reason: "IaC", event: anEvent() },
});

/** Dave has looked at the finding about an event. */
export const seen = (
  eventKey: string,
  note = "CHG-1 planned",
  at = "2026-11-24T12:00:00.000Z",
  actor = "dave",
): Draft<"acknowledgement"> => ({
  type: "acknowledgement",
  chain: CHAIN,
  at,
  details: { findingId: eventFindingId(eventKey), actor, note, proof: { gatewayRequestId: at } },
});
