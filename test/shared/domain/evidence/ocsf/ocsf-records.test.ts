import { describe, expect, it } from "vitest";
import type { ArchivedRecord } from "../../../../../shared/domain/evidence/archive/archived-record.ts";
import { nextEvidence, nextFinding } from "../../../../../shared/domain/evidence/evidence-chain.ts";
import type { EvidenceDraft } from "../../../../../shared/domain/evidence/evidence-record.ts";
import {
  FINDING_CODES,
  type FindingRecord,
} from "../../../../../shared/domain/evidence/findings/finding-record.ts";
import { ocsfRecord } from "../../../../../shared/domain/evidence/ocsf/ocsf-records.ts";
import type { TrailEvent } from "../../../../../shared/domain/evidence/trail/trail-event.ts";
import { aFinding, anAcknowledgement, FOUND_AT } from "../finding-samples.ts";
import { ALICE, anEvent, CLUSTER, confirmation, GRANT, MALLORY } from "../samples.ts";
import { checkOcsf } from "./check-ocsf.ts";

const archived = (record: FindingRecord): ArchivedRecord => ({
  chain: `FIND#${record.chain}`,
  record,
});
const evidence = (draft: EvidenceDraft): ArchivedRecord => ({
  chain: `EVID#${draft.requestId}`,
  record: nextEvidence(undefined, draft),
});
const expected = (event: TrailEvent) =>
  nextFinding(undefined, {
    type: "expected",
    chain: `${CLUSTER}#2026-11`,
    at: FOUND_AT,
    details: { eventKey: "event", principal: "terraform", reason: "It deploys.", event },
  });

const mapped = (line: ArchivedRecord) => {
  const events = ocsfRecord(line);
  for (const event of events) checkOcsf(event);
  expect(events).toHaveLength(1);
  return events[0];
};

describe("OCSF of records", () => {
  it.each(FINDING_CODES)("The finding %s is a Detection Finding of OCSF 1.8.0", (code) => {
    const record = aFinding(code);
    expect(mapped(archived(record))).toMatchObject({
      class_uid: 2004,
      type_uid: 200_401,
      status_id: 1,
      time: Date.parse(FOUND_AT),
      finding_info: { uid: record.details.findingId, types: [code] },
      metadata: { correlation_uid: GRANT },
      cloud: { region: "us-west-2", account: { uid: "111122223333" } },
      resources: [{ uid: CLUSTER }, { uid: ALICE, type: "AWS::IAM::Role" }],
      unmapped: { hash: record.hash, request_ids: [GRANT] },
    });
  });

  it("A finding says who made the call, from where, and what it changed", () => {
    expect(mapped(archived(aFinding()))).toMatchObject({
      start_time: Date.parse(anEvent().eventTime),
      metadata: { original_event_uid: anEvent().eventId },
      evidences: [
        {
          actor: {
            user: { uid: MALLORY.roleArn, type_id: 0 },
            session: { uid: MALLORY.sessionName },
          },
          api: { operation: "AssociateAccessPolicy", request: { uid: anEvent().eksRequestId } },
          src_endpoint: { ip: "203.0.113.10" },
          data: { before: null, after: ["ns/payments"] },
        },
      ],
    });
  });

  it("A finding about what went with an entry names the call that deleted it", () => {
    expect(mapped(archived(aFinding("taken-with-entry")))).toMatchObject({
      finding_info: { types: ["taken-with-entry"] },
      evidences: [
        {
          data: {
            deleted_at: "2026-11-24T10:00:31.250Z",
            deleted_by: "9f1c2d3e-0000-4000-8000-0000000000de",
            deleted_for: [GRANT],
          },
        },
      ],
    });
  });

  it("The use of a grantor role is the most severe finding", () => {
    const severities = FINDING_CODES.map((code) => mapped(archived(aFinding(code)))?.severity_id);
    expect(Math.max(...severities.map(Number))).toBe(5);
    expect(mapped(archived(aFinding("grantor-outside-call")))?.severity_id).toBe(5);
    expect(severities.filter((severity) => severity === 5)).toHaveLength(1);
  });

  it("A finding about a call that names no cluster has the account of its event", () => {
    const record = aFinding("outside-change", {
      clusterArn: null,
      principalArn: null,
      errorCode: "AccessDenied",
      eksRequestId: null,
    });
    expect(mapped(archived({ ...record, chain: "111122223333/us-west-2#2026-11" }))).toMatchObject({
      cloud: { region: "us-west-2" },
      resources: [],
      evidences: [{ api: { response: { error: "AccessDenied" } } }],
    });
  });

  it("An acknowledgement is an update of its finding, with the note", () => {
    const finding = aFinding();
    expect(mapped(archived(anAcknowledgement(finding)))).toMatchObject({
      type_uid: 200_402,
      status: "acknowledged",
      comment: "Planned work, CHG-12",
      finding_info: { uid: finding.details.findingId },
      unmapped: { actor: "dave" },
    });
  });

  it("An acknowledgement of a call that names no cluster has the account in its cloud", () => {
    const finding = { ...aFinding(), chain: "111122223333/us-west-2#2026-11" };
    expect(mapped(archived(anAcknowledgement(finding)))).toMatchObject({
      cloud: { region: "us-west-2", account: { uid: "111122223333" } },
      resources: [],
    });
  });

  it.each([
    ["IAMUser", 1],
    ["Root", 2],
    ["AWSService", 3],
    ["AssumedRole", 0],
  ])(
    "CloudTrail's %s is a user of the type %d: nobody can tell who is behind a role",
    (type, id) => {
      const event = anEvent({ caller: { ...MALLORY, type } });
      expect(mapped(archived(expected(event)))).toMatchObject({
        actor: { user: { type, type_id: id } },
      });
    },
  );

  it("A change by an expected principal is API Activity, with the reason", () => {
    const byEks = {
      ...anEvent(),
      sourceIp: "eks.amazonaws.com",
      caller: { ...MALLORY, type: "AWSService", arn: null, roleArn: null, sessionName: null },
    };
    const service = { ...byEks, caller: { ...byEks.caller, invokedBy: "eks.amazonaws.com" } };
    expect(mapped(archived(expected(service)))).toMatchObject({
      type_uid: 600_301,
      message: "expected: It deploys.",
      actor: { user: { name: "eks.amazonaws.com", type_id: 3 } },
      src_endpoint: { svc_name: "eks.amazonaws.com" },
    });
  });

  it("A call whose answer was lost is API Activity of its request", () => {
    const details = { why: "intent", eventKey: "event", event: anEvent() } as const;
    const line = evidence({ type: "explained", requestId: GRANT, at: FOUND_AT, details });
    expect(mapped(line)).toMatchObject({
      class_uid: 6003,
      time: Date.parse(anEvent().eventTime),
      metadata: { correlation_uid: GRANT, uid: `EVID#${GRANT}.1` },
    });
  });

  it("A confirmation has no event of its own, because it belongs to its call", () => {
    expect(ocsfRecord(evidence(confirmation(GRANT)))).toEqual([]);
  });
});
