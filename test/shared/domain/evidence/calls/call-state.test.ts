import { describe, expect, it } from "vitest";
import {
  type CallState,
  callState,
  missingFrom,
  recordState,
} from "../../../../../shared/domain/evidence/calls/call-state.ts";
import { nextEvidence } from "../../../../../shared/domain/evidence/evidence-chain.ts";
import type { EvidenceRecord } from "../../../../../shared/domain/evidence/evidence-record.ts";
import { evidenceTally } from "../../../../../shared/domain/evidence/report/evidence-tally.ts";
import { aCall, anEvent, confirmation, GRANT, SESSION } from "../samples.ts";

const { eksRequestId, at } = aCall();
const confirmed = nextEvidence(undefined, confirmation(GRANT));
const missing = nextEvidence(undefined, {
  type: "missing",
  requestId: GRANT,
  at: "2026-11-25T10:00:02.000Z",
  details: { eksRequestId, calledAt: at },
});

const explained = nextEvidence(undefined, {
  type: "explained",
  requestId: GRANT,
  at: "2026-11-25T10:00:02.000Z",
  details: { why: "intent", eventKey: "event", event: anEvent({ eksRequestId }) },
});

function tallied(records: readonly EvidenceRecord[]): CallState {
  const tally = evidenceTally();
  for (const record of records) tally.add({ chain: `EVID#${GRANT}`, record });
  return tally.stateOf(eksRequestId);
}

describe("The state of a call", () => {
  it.each<[CallState, readonly (typeof confirmed)[]]>([
    ["unconfirmed", []],
    ["confirmed", [confirmed]],
    ["missing", [missing]],
    ["confirmed", [missing, confirmed]],
    ["confirmed", [confirmed, missing]],
    // Converge ended before it stored the call for CloudTrail, and a later run stored the answer.
    ["confirmed", [explained]],
    ["confirmed", [missing, explained]],
  ])("A call is %s by its records, in any order, and only in one state", (state, records) => {
    expect(callState(eksRequestId, records)).toBe(state);
    expect(tallied(records)).toBe(state);
  });

  it("The records of another call say nothing", () => {
    expect(callState("another", [confirmed, missing, explained])).toBe("unconfirmed");
  });

  const record = {
    operation: "x",
    requestId: eksRequestId,
    sessionName: SESSION,
    at,
    result: "ok",
  };

  it("A call without an answer, or refused, waits for no event", () => {
    expect(recordState({ ...record, requestId: null }, [confirmed])).toBeNull();
    expect(recordState({ ...record, result: "AccessDeniedException" }, [])).toBeNull();
    expect(recordState({ ...record, result: "AccessDeniedException" }, [confirmed])).toBe(
      "confirmed",
    );
    expect(recordState(record, [])).toBe("unconfirmed");
  });

  it("A call is missing once CloudTrail has had its time", () => {
    expect(missingFrom(at, { evidenceMissingSeconds: 86_400 })).toBe("2026-11-25T10:00:01.250Z");
  });
});

it("A report names every request that a call served which only CloudTrail shows", () => {
  const tally = evidenceTally();
  for (const requestId of [GRANT, "another"]) {
    const ofRequest = { ...explained, requestId };
    tally.add({ chain: `EVID#${requestId}`, record: ofRequest });
  }
  expect(tally.explanations).toMatchObject([{ requestIds: [GRANT, "another"] }]);
});
