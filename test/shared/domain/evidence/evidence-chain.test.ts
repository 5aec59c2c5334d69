import { describe, expect, it } from "vitest";
import {
  evidenceVerifier,
  findingVerifier,
  nextEvidence,
  nextFinding,
} from "../../../../shared/domain/evidence/evidence-chain.ts";
import type { EvidenceRecord } from "../../../../shared/domain/evidence/evidence-record.ts";
import {
  eventFindingId,
  type FindingDraft,
  type FindingRecord,
  findingChain,
  missingFindingId,
} from "../../../../shared/domain/evidence/findings/finding-record.ts";
import { CHAIN_START } from "../../../../shared/domain/values/hash-chain.ts";
import { anEvent, CLUSTER, confirmation, MALLORY } from "./samples.ts";

function chainOf(requestId: string, length: number): readonly EvidenceRecord[] {
  const records: EvidenceRecord[] = [];
  while (records.length < length)
    records.push(nextEvidence(records.at(-1), confirmation(requestId)));
  return records;
}

const faultsIn = (records: readonly EvidenceRecord[]) => {
  const verifier = evidenceVerifier();
  const found = records.flatMap((record) => verifier.add(record) ?? []);
  return [...found, ...verifier.end()];
};

const [one, two, three] = chainOf("r1", 3) as [EvidenceRecord, EvidenceRecord, EvidenceRecord];

const event = anEvent({ caller: MALLORY });

const finding: FindingDraft = {
  type: "finding",
  chain: findingChain(CLUSTER, event.eventTime),
  at: "2026-11-24T10:05:00.000Z",
  details: {
    code: "outside-change",
    eventKey: event.eventId,
    findingId: eventFindingId(event.eventId),
    event,
    target: event.policyArn,
    before: null,
    after: ["ns/payments"],
    differs: [],
    requestIds: [],
  },
};

const acknowledgement: FindingDraft = {
  type: "acknowledgement",
  chain: finding.chain,
  at: "2026-11-24T11:00:00.000Z",
  details: {
    findingId: eventFindingId(event.eventId),
    actor: "dave",
    note: "Agreed with them.",
    proof: { gatewayRequestId: "q" },
  },
};

describe("Evidence chains", () => {
  it("A request's first record follows the start, and each further one the one before it", () => {
    expect(one).toMatchObject({ seq: 1, previousHash: CHAIN_START, schema: 1 });
    expect(two).toMatchObject({ seq: 2, previousHash: one.hash });
  });

  it("Chains of several requests are complete in any order", () => {
    expect(faultsIn([...chainOf("r2", 2), three, one, two])).toEqual([]);
  });

  it("An edit, a gap, a repeat and a record of another chain are found", () => {
    const edited = { ...two, at: "2026-11-24T10:06:00.000Z" };
    const [stranger] = chainOf("r2", 1) as [EvidenceRecord];
    const moved = nextEvidence({ seq: 1, hash: stranger.hash }, confirmation("r1"));
    expect(faultsIn([one, edited, three])).toMatchObject([
      { chain: "r1", seq: 2, fault: "edited" },
    ]);
    expect(faultsIn([one, three])).toMatchObject([{ chain: "r1", seq: 2, fault: "gap" }]);
    expect(faultsIn([one, two, two])).toMatchObject([{ chain: "r1", seq: 2, fault: "duplicate" }]);
    expect(faultsIn([one, moved])).toMatchObject([{ chain: "r1", seq: 2, fault: "unlinked" }]);
  });
});

describe("Finding chains", () => {
  it("A finding and its acknowledgement are in one chain, by cluster and month of the event", () => {
    const first: FindingRecord = nextFinding(undefined, finding);
    const second = nextFinding(first, acknowledgement);
    const verifier = findingVerifier();
    expect([first, second].flatMap((record) => verifier.add(record) ?? [])).toEqual([]);
    expect([verifier.chains, verifier.end()]).toEqual([1, []]);
    expect(first.chain).toBe(`${CLUSTER}#2026-11`);
  });

  it("An acknowledgement without its finding is a gap", () => {
    const verifier = findingVerifier();
    verifier.add(nextFinding(nextFinding(undefined, finding), acknowledgement));
    expect(verifier.end()).toMatchObject([{ chain: finding.chain, seq: 1, fault: "gap" }]);
  });

  it("One event has one finding id; a missing call with the same text has another", () => {
    expect(eventFindingId("x")).toBe(eventFindingId("x"));
    expect(eventFindingId("x")).not.toBe(eventFindingId("y"));
    expect(eventFindingId("x")).not.toBe(missingFindingId("x"));
  });
});
