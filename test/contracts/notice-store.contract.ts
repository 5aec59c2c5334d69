import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, T0 } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import { dueIn } from "../../lab/fakes/due-notices.ts";
import { eventFindingId } from "../../shared/domain/evidence/findings/finding-record.ts";
import { newNoticeRecord, withBegun, withSent } from "../../shared/domain/notices/notice-record.ts";
import { findingSubject } from "../../shared/domain/notices/subject.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { FindingStore } from "../../shared/ports/finding-store.ts";
import { NoticeConflict, type NoticeStore } from "../../shared/ports/notice-store.ts";
import type { RequestStore } from "../../shared/ports/request-store.ts";
import { aFinding, expectedChange, seen } from "../shared/domain/evidence/finding-drafts.ts";

const MESSAGE = { channel: "C0001", timestamp: "1.000001", at: T0, hash: "shown" };
const LATER = plusSeconds(T0, 60);
/** After everything else. */
const LATE = plusSeconds(T0, 86_400);

interface Stores {
  readonly requests: RequestStore;
  readonly findings: FindingStore;
  readonly notices: NoticeStore;
}

/** The promises of every NoticeStore, beside the stores that make its records due. */
export function noticeStoreContract(name: string, make: () => Promise<Stores>) {
  describe(`${name} as a NoticeStore`, () => {
    let stores: Stores;
    const first = aFirstStep();
    const { id } = first.request;
    const stored = async () => {
      const record = await stores.notices.load(id);
      if (!record) throw new Error("There is no record.");
      return record;
    };
    beforeEach(async () => {
      stores = await make();
      await stores.requests.create([first]);
    });

    it("A notice store has no record of a request that nobody made", async () => {
      expect(await stores.notices.load(countedId(9))).toBeUndefined();
    });

    it("A new request has a notice record that is due at once", async () => {
      expect(await stored()).toEqual({
        subject: id,
        wanted: 1,
        revision: 0,
        looks: 0,
        sent: {},
        undeliverable: {},
        published: 0,
        prompted: [],
        attempts: 0,
      });
      expect(await dueIn(stores.notices, T0, 10)).toEqual([id]);
      expect(await dueIn(stores.notices, plusSeconds(T0, -1), 10)).toEqual([]);
    });

    it("A notice store keeps what was sent, under a revision that counts up", async () => {
      const saved = await stores.notices.save({
        ...withSent(await stored(), "request@C0001", MESSAGE),
        published: 1,
      });
      expect(saved).toMatchObject({ revision: 1, published: 1 });
      expect(await stored()).toEqual(saved);
      const again = await stores.notices.save({
        ...saved,
        undeliverable: { "access@alice": { reason: "person-unknown", at: T0, hash: "x" } },
        prompted: ["reminder 1"],
        attempts: 3,
      });
      expect(await stored()).toEqual({ ...again, revision: 2 });
    });

    it("A notice store refuses the save of a worker that another one has overtaken", async () => {
      const slow = await stored();
      const quick = await stores.notices.save(withSent(slow, "request@C0001", MESSAGE));
      const late = stores.notices.save(withSent(slow, "access@alice", MESSAGE));
      await expect(late).rejects.toBeInstanceOf(NoticeConflict);
      expect(await stored()).toEqual(quick);
    });

    it("A notice store keeps the note of a message that is about to be sent", async () => {
      const noted = await stores.notices.begin(
        withBegun(await stored(), "over@email:alice", T0, LATER),
      );
      expect(noted).toMatchObject({
        revision: 1,
        begun: { "over@email:alice": { at: T0, until: LATER, tries: 1 } },
      });
      expect(await stored()).toEqual(noted);
      const sent = await stores.notices.save(withSent(noted, "over@email:alice", MESSAGE));
      expect(await stored()).toEqual(sent);
      expect(sent.begun).toEqual({});
    });

    it.each<[string, () => Promise<unknown>]>([
      ["its subject had a further step", () => stores.requests.save(anApproval(first.request))],
      ["it is to be looked at again", () => stores.notices.lookAgain(id, LATER)],
      ["another worker has saved it", async () => stores.notices.save(await stored())],
    ])("A notice store notes no message where %s", async (_why, change) => {
      const seen = await stored();
      await change();
      const changed = await stored();
      const begin = stores.notices.begin(withBegun(seen, "over@email:alice", T0, LATER));
      await expect(begin).rejects.toBeInstanceOf(NoticeConflict);
      expect(await stored()).toEqual(changed);
    });

    it("A notice store refuses to save a record of an unknown request", async () => {
      const stranger = { ...(await stored()), subject: countedId(9) };
      await expect(stores.notices.save(stranger)).rejects.toBeInstanceOf(NoticeConflict);
      expect(await stores.notices.load(countedId(9))).toBeUndefined();
    });

    it("A notice store parks a record until an instant, or until the next step", async () => {
      expect(await stores.notices.park(await stored(), LATER)).toBe(true);
      expect(await dueIn(stores.notices, T0, 10)).toEqual([]);
      expect(await stores.notices.due(LATER, 10)).toMatchObject([{ subject: id, dueAt: LATER }]);
      expect(await stores.notices.park(await stored(), null)).toBe(true);
      expect(await dueIn(stores.notices, plusSeconds(T0, 1e6), 10)).toEqual([]);
    });

    it("A notice record is due again with every step, and keeps what was sent", async () => {
      await stores.notices.save(withSent(await stored(), "request@C0001", MESSAGE));
      await stores.notices.park(await stored(), null);
      await stores.requests.save(anApproval(first.request, LATER));
      expect(await stored()).toMatchObject({ wanted: 2, sent: { "request@C0001": MESSAGE } });
      expect(await dueIn(stores.notices, LATER, 10)).toEqual([id]);
    });

    it("A step is another turn of its subject's notices, even at the instant of the step before", async () => {
      const turn = async () => (await stores.notices.due(LATER, 10)).map((each) => each.turn);
      const before = await turn();
      await stores.requests.save(anApproval(first.request, T0));
      expect(await stores.notices.due(LATER, 10)).toMatchObject([{ subject: id, dueAt: T0 }]);
      expect(await turn()).not.toEqual(before);
    });

    it("A notice store does not park a record that a step has made due meanwhile", async () => {
      const seen = await stored();
      await stores.requests.save(anApproval(first.request, LATER));
      expect(await stores.notices.park(seen, null)).toBe(false);
      expect(await dueIn(stores.notices, LATER, 10)).toEqual([id]);
    });

    it("A notice store does not park a record that another worker has saved since", async () => {
      const seen = await stored();
      await stores.notices.save(seen);
      expect(await stores.notices.park(seen, null)).toBe(false);
    });

    it("A notice record is looked at again once something else has changed, and what was sent stays", async () => {
      await stores.notices.lookAgain(id, T0);
      await stores.notices.save(withSent(await stored(), "request@C0001", MESSAGE));
      await stores.notices.park(await stored(), null);
      await stores.notices.lookAgain(id, LATER);
      expect(await dueIn(stores.notices, T0, 10)).toEqual([]);
      expect(await dueIn(stores.notices, LATER, 10)).toEqual([id]);
      expect(await stored()).toMatchObject({ wanted: 1, sent: { "request@C0001": MESSAGE } });
    });

    it("A worker who read before a record is to be looked at again saves what it sent, and cannot park it", async () => {
      for (const _again of ["a record without a count of looks", "one that has it"]) {
        const earlier = await stored();
        await stores.notices.lookAgain(id, LATER);
        const saved = await stores.notices.save(withSent(earlier, "request@C0001", MESSAGE));
        expect(await stores.notices.park(saved, null)).toBe(false);
        expect(await dueIn(stores.notices, LATER, 10)).toEqual([id]);
        expect(await stored()).toMatchObject({ sent: { "request@C0001": MESSAGE } });
        await stores.notices.park(await stored(), null);
        expect(await dueIn(stores.notices, LATER, 10)).toEqual([]);
      }
    });

    it("Nothing is looked at again of which there is no notice record", async () => {
      await stores.notices.lookAgain(countedId(9), LATER);
      expect(await stores.notices.load(countedId(9))).toBeUndefined();
      expect(await dueIn(stores.notices, LATER, 10)).toEqual([id]);
    });

    it("A save beside a new step keeps what was sent, and the record stays due", async () => {
      const seen = await stored();
      await stores.requests.save(anApproval(first.request, LATER));
      const saved = await stores.notices.save(withSent(seen, "request@C0001", MESSAGE));
      expect(saved.wanted).toBe(1);
      expect(await stored()).toMatchObject({ wanted: 2, sent: { "request@C0001": MESSAGE } });
      expect(await stores.notices.park(saved, null)).toBe(false);
    });

    describe("about findings", () => {
      const subject = findingSubject(eventFindingId("one"));
      const recordedAt = plusSeconds(T0, 360);
      const ofFinding = async () => {
        const record = await stores.notices.load(subject);
        if (!record) throw new Error("There is no record.");
        return record;
      };
      const dueAt = async (at: string) =>
        (await dueIn(stores.notices, at, 10)).filter((each) => each === subject);

      it("A new finding has a notice record that is due at once, and a second report of it changes nothing", async () => {
        await stores.findings.appendFinding(aFinding("one", recordedAt));
        expect(await ofFinding()).toEqual(newNoticeRecord(subject, 1));
        expect(await dueAt(recordedAt)).toEqual([subject]);
        expect(await dueAt(T0)).toEqual([]);
        await stores.notices.park(await ofFinding(), null);
        await stores.findings.appendFinding(aFinding("one", LATE));
        expect(await dueAt(LATE)).toEqual([]);
        expect(await ofFinding()).toMatchObject({ wanted: 1 });
      });

      it("An acknowledgement makes the finding's notices due again, and keeps what was sent", async () => {
        await stores.findings.appendFinding(aFinding("one", recordedAt));
        await stores.notices.save(withSent(await ofFinding(), "finding@C0002", MESSAGE));
        await stores.notices.park(await ofFinding(), null);
        await stores.findings.appendFinding(aFinding("other", recordedAt));
        await stores.findings.appendFinding(seen("one", "CHG-1", LATE));
        expect(await ofFinding()).toMatchObject({ wanted: 3, sent: { "finding@C0002": MESSAGE } });
        expect(await dueAt(LATE)).toEqual([subject]);
        const { acknowledgements } = stores.findings;
        expect(await acknowledgements(eventFindingId("one"))).toMatchObject([{ seq: 3 }]);
      });

      it("An expected change has no notice record", async () => {
        await stores.findings.appendFinding(expectedChange("one"));
        expect(await stores.notices.load(subject)).toBeUndefined();
      });
    });

    it("A notice store lists what is due, the longest first, up to the number asked for", async () => {
      for (const [n, at] of [3, 1, 2].entries())
        await stores.requests.create([
          aFirstStep({
            id: countedId(n + 2),
            createdAt: plusSeconds(T0, at),
            reason: `INC-${n} stuck rollout`,
            rule: `rule-${n}`,
          }),
        ]);
      const due = await dueIn(stores.notices, LATER, 3);
      expect(due).toEqual([id, countedId(3), countedId(4)]);
    });
  });
}
