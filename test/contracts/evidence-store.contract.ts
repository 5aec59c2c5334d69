import { beforeEach, describe, expect, it } from "vitest";
import { bindingKey } from "../../shared/domain/entries/binding.ts";
import type { CallIntent } from "../../shared/domain/evidence/calls/call-intent.ts";
import { evidenceVerifier } from "../../shared/domain/evidence/evidence-chain.ts";
import type { EvidenceDraft } from "../../shared/domain/evidence/evidence-record.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { EvidenceStore } from "../../shared/ports/evidence-store.ts";
import { aFinding, CHAIN, expectedChange, seen } from "../shared/domain/evidence/finding-drafts.ts";
import {
  ALICE,
  aCall,
  anEvent,
  CLUSTER,
  confirmation,
  GRANT,
  SESSION,
} from "../shared/domain/evidence/samples.ts";

const { eksRequestId, at: ANSWERED } = aCall();
const BINDING = bindingKey(CLUSTER, ALICE);
const LATER = "2026-11-25T00:00:00.000Z";

const anIntent = (changes: Partial<CallIntent> = {}): CallIntent => ({
  sessionName: SESSION,
  clusterArn: CLUSTER,
  principalArn: ALICE,
  calls: [{ operation: "CreateAccessEntry", target: null, elements: [], requestIds: [GRANT] }],
  owners: {},
  from: "2026-11-24T10:00:00.000Z",
  until: "2026-11-24T10:05:08.000Z",
  ...changes,
});

const waitingIn = async (store: EvidenceStore, until: string) =>
  (await store.unconfirmed(until, 10)).map(({ call }) => call);

/** The promises of every EvidenceStore. */
export function evidenceStoreContract(name: string, make: () => Promise<EvidenceStore>) {
  describe(`${name} as an EvidenceStore: calls and intents`, () => {
    let store: EvidenceStore;
    beforeEach(async () => {
      store = await make();
    });

    it("The store returns a call by its EKS request id, and none for an unknown id", async () => {
      await store.putCall(aCall());
      expect(await store.call(eksRequestId)).toEqual(aCall());
      expect(await store.call("another")).toBeUndefined();
    });

    it("The store keeps the first call of a request id", async () => {
      await store.putCall(aCall());
      await store.putCall(aCall({ operation: "DeleteAccessEntry" }));
      expect(await store.call(eksRequestId)).toEqual(aCall());
    });

    it("The store lists the calls that served a request, oldest first, and each of them once", async () => {
      const both = aCall({
        eksRequestId: "later",
        at: plusSeconds(ANSWERED, 10),
        requestIds: [GRANT, "other"],
      });
      const failed = aCall({ eksRequestId: "failed", at: plusSeconds(ANSWERED, 5), result: "x" });
      for (const call of [both, failed, aCall(), both]) await store.putCall(call);
      expect(await store.callsFor(GRANT)).toEqual([aCall(), failed, both]);
      expect(await store.callsFor("other")).toEqual([both]);
      expect(await store.callsFor("none")).toEqual([]);
    });

    it("The store takes a call that served more requests than fit into one transaction", async () => {
      const requestIds = Array.from({ length: 230 }, (_, n) => `r${n}`);
      const call = aCall({ requestIds });
      await store.putCall(call);
      expect(await store.call(eksRequestId)).toEqual(call);
      for (const id of ["r0", "r99", "r100", "r229"])
        expect(await store.callsFor(id)).toEqual([call]);
    });

    it("The store lists calls that wait for their confirmation, oldest first, up to an instant", async () => {
      const later = aCall({ eksRequestId: "later", at: plusSeconds(ANSWERED, 10) });
      const latest = aCall({ eksRequestId: "latest", at: plusSeconds(ANSWERED, 20) });
      for (const call of [latest, later, aCall()]) await store.putCall(call);
      expect(await waitingIn(store, later.at)).toEqual([aCall(), later]);
      expect(await store.unconfirmed(latest.at, 1)).toEqual([{ call: aCall(), readDownTo: null }]);
      expect(await store.unconfirmed(plusSeconds(ANSWERED, -1), 10)).toEqual([]);
    });

    it("A call that is put off has a later turn, and keeps how far CloudTrail was read", async () => {
      const later = aCall({ eksRequestId: "later", at: plusSeconds(ANSWERED, 10) });
      for (const call of [aCall(), later]) await store.putCall(call);
      const turn = plusSeconds(ANSWERED, 20);
      await store.postponeCall(eksRequestId, turn, ANSWERED);
      expect(await waitingIn(store, later.at)).toEqual([later]);
      expect(await store.unconfirmed(turn, 10)).toEqual([
        { call: later, readDownTo: null },
        { call: aCall(), readDownTo: ANSWERED },
      ]);
      await store.postponeCall(eksRequestId, turn, null);
      expect((await store.unconfirmed(turn, 10)).map(({ readDownTo }) => readDownTo)).toEqual([
        null,
        null,
      ]);
    });

    it("A call that waits no longer, or is unknown, is not put off", async () => {
      await store.putCall(aCall());
      await store.settleCall(eksRequestId);
      await store.postponeCall(eksRequestId, ANSWERED, null);
      await store.postponeCall("another", ANSWERED, null);
      expect(await waitingIn(store, ANSWERED)).toEqual([]);
      expect(await store.call("another")).toBeUndefined();
    });

    it("The store waits for no confirmation of a call that changed nothing", async () => {
      await store.putCall(aCall({ result: "ResourceNotFoundException" }));
      expect(await store.unconfirmed(plusSeconds(ANSWERED, 10), 10)).toEqual([]);
    });

    it("The store ends the wait for a call once, and keeps the call", async () => {
      await store.putCall(aCall());
      await store.settleCall(eksRequestId);
      await store.settleCall(eksRequestId);
      expect(await store.unconfirmed(ANSWERED, 10)).toEqual([]);
      expect(await store.call(eksRequestId)).toEqual(aCall());
      await store.putCall(aCall());
      expect(await store.unconfirmed(ANSWERED, 10)).toEqual([]);
    });

    it("Ending the wait for an unknown call stores no call", async () => {
      await store.settleCall("another");
      expect(await store.call("another")).toBeUndefined();
    });

    it("The store lists the intents of an entry, newest first, and of no other entry", async () => {
      const newer = anIntent({ from: "2026-11-24T11:00:00.000Z", sessionName: "timelatch-2" });
      await store.putIntent(anIntent());
      await store.putIntent(newer);
      await store.putIntent(anIntent({ principalArn: `${ALICE}2` }));
      expect(await store.intents(BINDING, LATER, 10)).toEqual([newer, anIntent()]);
      expect(await store.intents(bindingKey(CLUSTER, "nobody"), LATER, 10)).toEqual([]);
    });

    it("The store lists the newest intents before an instant, as many as are wanted", async () => {
      const froms = ["10:00:00", "11:00:00", "12:00:00"].map((time) => `2026-11-24T${time}.000Z`);
      for (const from of froms) await store.putIntent(anIntent({ from }));
      const listed = async (before: string, most: number) =>
        (await store.intents(BINDING, before, most)).map(({ from }) => from);
      expect(await listed(LATER, 2)).toEqual([froms[2], froms[1]]);
      expect(await listed("2026-11-24T12:00:00.000Z", 10)).toEqual([froms[1], froms[0]]);
      expect(await listed("2026-11-24T10:00:00.000Z", 10)).toEqual([]);
    });
  });

  describe(`${name} as an EvidenceStore: intents of one instant`, () => {
    it("The store keeps what two runs intend in one session at the same instant", async () => {
      const store = await make();
      const call = {
        operation: "AssociateAccessPolicy",
        target: "view",
        requestIds: [GRANT],
      } as const;
      const other = anIntent({ calls: [{ ...call, elements: ["ns/payments"] }] });
      for (const intent of [anIntent(), other, anIntent()]) await store.putIntent(intent);
      const stored = await store.intents(BINDING, LATER, 10);
      expect(stored).toHaveLength(2);
      expect(stored).toEqual(expect.arrayContaining([anIntent(), other]));
    });
  });

  describe(`${name} as an EvidenceStore: chains`, () => {
    let store: EvidenceStore;
    beforeEach(async () => {
      store = await make();
    });

    it("The store chains the evidence of a request, and adds the same record once", async () => {
      const missing = {
        type: "missing",
        requestId: GRANT,
        at: "2026-11-25T10:00:02.000Z",
        details: { eksRequestId, calledAt: ANSWERED },
      } as const;
      expect(await store.appendEvidence(missing)).toBe(true);
      expect(await store.appendEvidence(confirmation(GRANT))).toBe(true);
      const again = { ...confirmation(GRANT), at: "2026-11-26T10:00:00.000Z" };
      expect(await store.appendEvidence(again)).toBe(false);
      const records = await store.evidenceOf(GRANT);
      expect(records).toMatchObject([
        { ...missing, seq: 1 },
        { ...confirmation(GRANT), seq: 2 },
      ]);
      const verifier = evidenceVerifier();
      expect(records.map((record) => verifier.add(record))).toEqual([undefined, undefined]);
      expect(await store.evidenceOf("another")).toEqual([]);
    });

    it("The store keeps one chain of evidence where several writers append at once", async () => {
      const ids = ["one", "two", "three", "one"];
      const drafts = ids.map((id) => confirmed(id));
      const added = await Promise.all(drafts.map((draft) => store.appendEvidence(draft)));
      expect(added.filter(Boolean)).toHaveLength(3);
      const verifier = evidenceVerifier();
      const records = await store.evidenceOf(GRANT);
      expect(records.map((record) => verifier.add(record))).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    });

    it("The same record in the evidence of two requests is added to both", async () => {
      expect(await store.appendEvidence(confirmation(GRANT))).toBe(true);
      expect(await store.appendEvidence(confirmation("another"))).toBe(true);
    });

    it("An event that is explained is no finding and not expected, in none of its requests' chains", async () => {
      expect(await store.appendEvidence(explanation(GRANT))).toBe(true);
      expect(await store.appendFinding(aFinding("event-1"))).toBe(false);
      expect(await store.appendFinding(expectedChange("event-1"))).toBe(false);
      expect(await store.finding(aFinding("event-1").details.findingId)).toBeUndefined();
      expect(await store.findingsIn(CHAIN)).toEqual([]);
      expect(await store.appendEvidence(explanation("another"))).toBe(true);
      expect(await store.appendEvidence(explanation("another"))).toBe(false);
      expect(await store.appendFinding(aFinding("event-2"))).toBe(true);
    });

    it.each([
      ["a finding", aFinding("event-1")],
      ["expected", expectedChange("event-1")],
    ])("An event that is %s is not explained", async (_title, draft) => {
      expect(await store.appendFinding(draft)).toBe(true);
      expect(await store.appendEvidence(explanation(GRANT))).toBe(false);
      expect(await store.evidenceOf(GRANT)).toEqual([]);
      expect(await store.findingsIn(CHAIN)).toMatchObject([draft]);
    });

    it("An event gets one record where several writers judge it at once", async () => {
      const added = await Promise.all([
        store.appendEvidence(explanation(GRANT)),
        store.appendFinding(aFinding("event-1")),
        store.appendEvidence(explanation("another")),
        store.appendFinding(expectedChange("event-1")),
      ]);
      const explained = (await store.evidenceOf(GRANT)).length;
      const found = (await store.findingsIn(CHAIN)).length;
      expect([explained, found]).toEqual(added[0] ? [1, 0] : [0, 1]);
      expect(added[2]).toBe(added[0]);
    });

    it("The store lists records of every chain by the time of their record, page by page", async () => {
      await store.appendFinding(aFinding("one", "2026-11-24T12:30:00.000Z"));
      await store.appendEvidence(confirmation(GRANT));
      await store.appendFinding(expectedChange("two"));
      await store.appendFinding(seen("one", "CHG-1", "2026-11-25T08:00:00.000Z"));
      const [from, to] = ["2026-11-24T00:00:00.000Z", "2026-11-26T00:00:00.000Z"];
      const all = (await store.recordsBetween(from, to, { limit: 10 })).items;
      expect(all.map(({ chain, record }) => [chain, record.type])).toEqual([
        [`EVID#${GRANT}`, "confirmed"],
        [`FIND#${CHAIN}`, "expected"],
        [`FIND#${CHAIN}`, "finding"],
        [`FIND#${CHAIN}`, "acknowledgement"],
      ]);
      expect(all[0]?.record).toEqual((await store.evidenceOf(GRANT))[0]);
      const first = await store.recordsBetween(from, to, { limit: 3 });
      const second = await store.recordsBetween(from, to, { limit: 3, after: first.next ?? "" });
      expect([...first.items, ...second.items]).toEqual(all);
      expect(second.next).toBeUndefined();
      const until = await store.recordsBetween(from, "2026-11-24T12:30:00.000Z", { limit: 10 });
      expect(until.items).toEqual(all.slice(0, 2));
      const since = await store.recordsBetween("2026-11-24T12:30:00.000Z", to, { limit: 10 });
      expect(since.items).toEqual(all.slice(2));
    });

    it("A list of wanted records has no other, and each of them once", async () => {
      for (let n = 0; n < 6; n += 1) {
        const at = `2026-11-24T10:0${n}:00.000Z`;
        await store.appendFinding(
          n % 2 === 0 ? aFinding(`n${n}`, at) : { ...expectedChange(`n${n}`), at },
        );
      }
      const found: string[] = [];
      let after: string | undefined;
      do {
        const page = await store.recordsBetween(
          "2026-11-24T00:00:00.000Z",
          "2026-11-26T00:00:00.000Z",
          { limit: 2, ...(after === undefined ? {} : { after }) },
          ({ record }) => record.type === "finding",
        );
        expect(page.items.length).toBeLessThanOrEqual(2);
        found.push(...page.items.map(({ record }) => record.at.slice(14, 16)));
        after = page.next;
      } while (after !== undefined);
      expect(found).toEqual(["00", "02", "04"]);
    });
  });
}

/** Why an event is ours, in the evidence of a request. */
const explanation = (requestId: string): EvidenceDraft => ({
  type: "explained",
  requestId,
  at: "2026-11-24T10:15:00.000Z",
  details: { why: "removal", eventKey: "event-1", event: anEvent() },
});

/** CloudTrail confirms a call of the grant. */
const confirmed = (eksRequestId: string): EvidenceDraft => ({
  type: "confirmed",
  requestId: GRANT,
  at: "2026-11-24T10:05:00.000Z",
  details: {
    eksRequestId,
    eventId: eksRequestId,
    eventTime: anEvent().eventTime,
    sha256: anEvent().sha256,
  },
});
