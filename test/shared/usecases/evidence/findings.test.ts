import { describe, expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import type { MemoryBrokerOptions } from "../../../../lab/fakes/memory-broker-parts.ts";
import { memoryCursorKeys } from "../../../../lab/fakes/memory-cursor-keys.ts";
import { memoryNoticeStore } from "../../../../lab/fakes/memory-notice-store.ts";
import { memoryStandingStore } from "../../../../lab/fakes/memory-standing-store.ts";
import { findingVerifier } from "../../../../shared/domain/evidence/evidence-chain.ts";
import {
  eventFindingId,
  missingFindingId,
} from "../../../../shared/domain/evidence/findings/finding-record.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import type { ApiPorts } from "../../../../shared/ports/function-ports.ts";
import {
  acknowledgeFinding,
  MOST_ACKNOWLEDGEMENTS,
} from "../../../../shared/usecases/evidence/acknowledge-finding.ts";
import { listEvidenceRecords } from "../../../../shared/usecases/evidence/list-evidence-records.ts";
import {
  listAllFindings,
  listOpenFindings,
} from "../../../../shared/usecases/evidence/list-findings.ts";
import { aFinding, aMissingCall, CHAIN } from "../../domain/evidence/finding-drafts.ts";
import { confirmation, GRANT } from "../../domain/evidence/samples.ts";

const ONE = eventFindingId("one");
const FROM = "2026-11-24T00:00:00.000Z";
const LONG_AFTER = "2100-01-01T00:00:00.000Z";

/** Dave audits, carol administers and audits. Alice's entry was changed by mallory. */
async function brokerWith(options: MemoryBrokerOptions = {}) {
  const plain = aPolicy();
  const dave = { ...plain.people["bob"], groups: ["audit"], principals: [] };
  const people = { ...plain.people, dave: { ...dave, identities: { iam: [], slack: [] } } };
  const roles = { admins: ["platform"], auditors: ["audit"] };
  const policy = { ...plain, people: people as typeof plain.people, roles };
  const broker = memoryBroker({ policy, ...options });
  const ports: ApiPorts = {
    ...broker.front,
    evidence: broker.evidence,
    cursorKeys: memoryCursorKeys(new Map()),
    notices: memoryNoticeStore(broker.tables),
    standing: memoryStandingStore(),
  };
  broker.clock.set("2026-11-24T11:00:00.000Z");
  await broker.evidence.appendFinding(aFinding("one"));
  return {
    ...broker,
    acknowledge: (by: string, note = "CHG-1 planned", id = ONE) =>
      acknowledgeFinding(ports, broker.actor(by), id, note),
    open: async (by: string) =>
      (await listOpenFindings(ports, broker.actor(by), {}, { limit: 10 })).items.map(
        ({ record }) => record.details.findingId,
      ),
    all: (by: string, to = LONG_AFTER, limit = 10) =>
      listAllFindings(ports, broker.actor(by), FROM, to, { limit }),
    records: (by: string, to = LONG_AFTER) =>
      listEvidenceRecords(ports, broker.actor(by), FROM, to, { limit: 10 }),
  };
}

describe("Acknowledging a finding", () => {
  it("An auditor acknowledges a finding with a note, in the finding's own chain", async () => {
    const broker = await brokerWith();
    expect(await broker.open("dave")).toEqual([ONE]);
    const { acknowledgements } = await broker.acknowledge("dave");
    expect(acknowledgements).toMatchObject([
      { chain: CHAIN, at: broker.clock.now(), details: { actor: "dave", note: "CHG-1 planned" } },
    ]);
    expect(acknowledgements[0]?.details.proof).toEqual({
      gatewayRequestId: "q",
      callerId: "AROA:dave",
    });
    expect(await broker.open("dave")).toEqual([]);
    const verifier = findingVerifier();
    for (const record of await broker.evidence.findingsIn(CHAIN))
      expect(verifier.add(record)).toBeUndefined();
  });

  it("The same acknowledgement again changes nothing, and a second person may add another", async () => {
    const broker = await brokerWith();
    const first = await broker.acknowledge("dave");
    broker.clock.advance(60);
    expect(await broker.acknowledge("dave")).toEqual(first);
    const { acknowledgements } = await broker.acknowledge("carol", "seen as well");
    expect(acknowledgements.map(({ details }) => details.actor)).toEqual(["dave", "carol"]);
    expect((await broker.evidence.findingsIn(CHAIN)).length).toBe(3);
  });

  it("A call that CloudTrail does not show is acknowledged as any other finding", async () => {
    const broker = await brokerWith();
    await broker.evidence.appendFinding(aMissingCall("call"));
    const { record } = await broker.acknowledge("dave", "trail was off", missingFindingId("call"));
    expect(record.details.code).toBe("missing-event");
    expect(await broker.open("dave")).toEqual([ONE]);
  });

  it("Nobody acknowledges a finding about a principal of their own, or about their own call", async () => {
    const plain = aPolicy();
    const roles = { admins: ["payments"], auditors: ["sre"] };
    const broker = await brokerWith({ policy: { ...plain, roles } });
    const carols = { principalArn: null, caller: { ...aCaller("carol") } };
    await broker.evidence.appendFinding(aFinding("two", undefined, [], carols));
    for (const [by, id] of [
      ["alice", ONE],
      ["carol", eventFindingId("two")],
    ] as const)
      await expect(broker.acknowledge(by, "mine", id)).rejects.toMatchObject({
        code: "own-finding",
        message: expect.stringContaining("Nothing was changed; ask another auditor"),
      });
    expect(await broker.open("alice")).toHaveLength(2);
    await broker.acknowledge("alice", "not mine", eventFindingId("two"));
    expect(await broker.open("alice")).toEqual([ONE]);
  });

  it("Only auditors and admins acknowledge, and an unknown id is no finding", async () => {
    const broker = await brokerWith();
    for (const by of ["alice", "bob"])
      await expect(broker.acknowledge(by)).rejects.toMatchObject({ code: "forbidden" });
    await expect(broker.acknowledge("dave", "x", "0".repeat(32))).rejects.toMatchObject({
      code: "finding-not-found",
    });
    expect(await broker.open("dave")).toEqual([ONE]);
  });

  it("A finding has at most twenty acknowledgements", async () => {
    const broker = await brokerWith();
    for (let n = 0; n < MOST_ACKNOWLEDGEMENTS; n += 1)
      await broker.acknowledge("dave", `note ${n}`);
    await expect(broker.acknowledge("carol")).rejects.toMatchObject({
      code: "too-many-acknowledgements",
    });
    expect((await broker.acknowledge("dave", "note 3")).acknowledgements).toHaveLength(20);
  });

  it("One person's acknowledgements are limited in a window, whatever comes of them", async () => {
    const broker = await brokerWith({ settings: { requestsPerWindow: 3 } });
    await broker.acknowledge("dave");
    for (let n = 0; n < 2; n += 1)
      await expect(broker.acknowledge("dave", "x", "0".repeat(32))).rejects.toThrow("no finding");
    await expect(broker.acknowledge("dave", "more")).rejects.toMatchObject({
      code: "rate-limited",
    });
    await broker.acknowledge("carol");
  });
});

/** A session of a person's own role. */
const aCaller = (name: string) => ({
  type: "AssumedRole",
  arn: `arn:aws:sts::111122223333:assumed-role/${name}/${name}`,
  accountId: "111122223333",
  roleArn: `arn:aws:iam::111122223333:role/people/${name}`,
  sessionName: name,
  sourceIdentity: null,
  accessKeyId: null,
  invokedBy: null,
});

describe("The lists of findings and of records", () => {
  it("The list of all findings has acknowledged ones with their notes, and no other record", async () => {
    const broker = await brokerWith();
    await broker.evidence.appendEvidence(confirmation(GRANT));
    await broker.acknowledge("dave");
    await broker.evidence.appendFinding(aFinding("two", "2026-11-24T10:20:00.000Z"));
    broker.clock.advance(3_600);
    const { items, to, next } = await broker.all("carol");
    expect(
      items.map(({ record, acknowledgements }) => [
        record.details.findingId,
        acknowledgements.length,
      ]),
    ).toEqual([
      [ONE, 1],
      [eventFindingId("two"), 0],
    ]);
    expect(next).toBeUndefined();
    expect(to).toBe(plusSeconds(broker.clock.now(), -60));
  });

  it("The list of records has every record with its hashes, up to a minute ago", async () => {
    const broker = await brokerWith();
    await broker.evidence.appendEvidence(confirmation(GRANT));
    await broker.acknowledge("dave");
    const { items, to } = await broker.records("dave");
    expect(items.map(({ chain, record }) => [chain, record.type])).toEqual([
      [`EVID#${GRANT}`, "confirmed"],
      [`FIND#${CHAIN}`, "finding"],
    ]);
    expect(to).toBe("2026-11-24T10:59:00.000Z");
    broker.clock.advance(120);
    expect((await broker.records("dave")).items.at(-1)?.record.type).toBe("acknowledgement");
    expect((await broker.records("dave", "2026-11-24T10:06:00.000Z")).to).toBe(
      "2026-11-24T10:06:00.000Z",
    );
  });

  it("Admins and auditors read findings, only auditors read records, and others read neither", async () => {
    const broker = await brokerWith();
    expect(await broker.open("carol")).toEqual([ONE]);
    const refused = { code: "forbidden", message: expect.stringContaining("Nothing was read") };
    await expect(broker.records("carol")).rejects.toMatchObject(refused);
    for (const by of ["alice", "bob"]) {
      await expect(broker.open(by)).rejects.toMatchObject(refused);
      await expect(broker.all(by)).rejects.toMatchObject(refused);
      await expect(broker.records(by)).rejects.toMatchObject(refused);
    }
  });
});
