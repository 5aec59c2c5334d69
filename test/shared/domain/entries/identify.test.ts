import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identify } from "../../../../shared/domain/entries/identify.ts";
import {
  type EntryKnowledge,
  LONG_AGO,
  TAG_TOKEN,
} from "../../../../shared/domain/entries/ledger.ts";
import { aLedger, anEntry, aReading, at, ENTRY_ARN, LAG, OURS, THEIRS, W } from "./situations.ts";

const known = (entry: Partial<EntryKnowledge> = {}) => aLedger({ entry }).entry;
const NOBODY = known();
const another = (createdAt: string, token?: string) =>
  anEntry(
    {},
    { accessEntryArn: "arn:entry/2", createdAt, tags: token ? { [TAG_TOKEN]: token } : {} },
  );

describe("a read that shows no entry", () => {
  it("proves nothing before an entry that we created must be visible", () => {
    const creating = known({ tokens: ["t"], tokenOpen: true, createUntil: at(10) });
    expect(identify(creating, aReading(undefined, at(9)), LAG)).toEqual({
      sight: "stale",
      entry: creating,
    });
    expect(identify(creating, aReading(undefined, at(10)), LAG).sight).toBe("absent");
  });

  it("closes every create, and leaves nothing of ours", () => {
    const creating = known({ ...OURS, tokenOpen: true, createUntil: at(-1) });
    expect(identify(creating, aReading(undefined), LAG).entry).toMatchObject({
      arn: null,
      owned: false,
      tokens: [],
      tokenOpen: false,
    });
  });

  it("keeps when the last entry was born: no earlier one can be a new one", () => {
    const { entry } = identify(known(OURS), aReading(undefined), LAG);
    expect(entry.bornAt).toBe(OURS.bornAt);
    const before = another(at(-3_601), "token-1");
    expect(identify(entry, aReading(before, at(900)), LAG).sight).toBe("stale");
  });

  it.each([
    ["an entry that we knew", known(THEIRS), at(W)],
    ["one that a create without an answer may have made", known({ tokenOpen: true }), at(W)],
    ["none", NOBODY, LONG_AGO],
    ["one that we are deleting for longer", known({ ...OURS, deleteUntil: at(900) }), at(900)],
  ])("makes reads that are older than it count no more where there was %s", (_, before, until) => {
    expect(identify(before, aReading(undefined), LAG).entry.deleteUntil).toBe(until);
  });

  it("reports a deletion by others, and none that is our own", () => {
    const code = (before: EntryKnowledge) =>
      identify(before, aReading(undefined), LAG).finding?.code;
    expect(code(known(OURS))).toBe("entry-deleted");
    expect(code(known({ ...OURS, deleteUntil: at(0) }))).toBe("entry-deleted");
    expect(code(known({ ...OURS, deleteUntil: at(1) }))).toBeUndefined();
    expect(code(NOBODY)).toBeUndefined();
    expect(code(known({ tokenOpen: true }))).toBeUndefined();
  });
});

describe("a read that shows the entry that we know", () => {
  it.each([known(OURS), known(THEIRS), known({ ...OURS, deleteUntil: at(900) })])(
    "is of the same, and changes nothing: %j",
    (before) => {
      const entry = anEntry({}, { accessEntryArn: ENTRY_ARN, createdAt: at(-1) });
      expect(identify(before, aReading(entry), LAG)).toEqual({ sight: "same", entry: before });
    },
  );
});

describe("a read that shows another entry", () => {
  it("shows the past where that was born earlier, whoever made it", () => {
    for (const token of [undefined, "token-1"]) {
      const read = aReading(another(at(-3_601), token));
      expect(identify(known(OURS), read, LAG)).toEqual({ sight: "stale", entry: known(OURS) });
    }
    expect(identify(known(OURS), aReading(another(at(-3_600))), LAG).sight).toBe("replaced");
  });

  it("shows the past where the deletion of the last one may not be visible yet", () => {
    const deleted = known({ deleteUntil: at(10) });
    expect(identify(deleted, aReading(another(at(-900)), at(9)), LAG).sight).toBe("stale");
    expect(identify(deleted, aReading(another(at(-900)), at(10)), LAG).sight).toBe("replaced");
  });

  it("is of ours where it bears any of our tokens, however young it is", () => {
    const creating = known({ tokens: ["t1", "t2"], tokenOpen: true });
    for (const token of ["t1", "t2"])
      expect(identify(creating, aReading(another(at(-1), token)), LAG)).toEqual({
        sight: "same",
        entry: {
          ...creating,
          arn: "arn:entry/2",
          bornAt: at(-1),
          owned: true,
          tokenOpen: false,
        },
      });
  });

  it("is of ours by a token whose create was answered already", () => {
    const created = known({ tokens: ["t1"], tokenOpen: false });
    const { sight, entry } = identify(created, aReading(another(at(-1), "t1")), LAG);
    expect({ sight, owned: entry.owned }).toEqual({ sight: "same", owned: true });
  });

  it("waits for a foreign one until its List must be complete", () => {
    const read = (begunAt: string) => aReading(another(at(0), "theirs"), begunAt);
    expect(identify(NOBODY, read(at(W - 0.001)), LAG)).toEqual({
      sight: "newcomer",
      entry: NOBODY,
    });
    expect(identify(NOBODY, read(at(W)), LAG).sight).toBe("replaced");
  });

  it("makes a foreign one the known one, which is not ours to delete", () => {
    const read = aReading(another(at(-900)));
    expect(identify(known(OURS), read, LAG)).toEqual({
      sight: "replaced",
      entry: known({ ...OURS, arn: "arn:entry/2", bornAt: at(-900), owned: false }),
      finding: { code: "entry-replaced" },
    });
    expect(identify(NOBODY, read, LAG).finding).toBeUndefined();
  });

  it("takes an entry without tags for foreign, also where we never sent a token", () => {
    expect(identify(known({ tokens: [] }), aReading(another(at(-900))), LAG).entry.owned).toBe(
      false,
    );
  });
});

describe("any read", () => {
  const instant = fc.integer({ min: -200, max: 200 }).map(at);
  const knowledge = fc
    .record({
      arn: fc.constantFrom(null, "arn:1", "arn:2"),
      owned: fc.boolean(),
      bornAt: instant,
      tokens: fc.subarray(["t1", "t2"]),
      tokenOpen: fc.boolean(),
      createUntil: instant,
      deleteUntil: instant,
    })
    .map((entry) => known({ ...entry, owned: entry.owned && entry.arn !== null }));
  const shown = fc.option(
    fc
      .tuple(fc.constantFrom("arn:1", "arn:2"), instant, fc.constantFrom("t1", "other"))
      .map(([accessEntryArn, createdAt, token]) =>
        anEntry({}, { accessEntryArn, createdAt, tags: { [TAG_TOKEN]: token } }),
      ),
    { nil: undefined },
  );

  it("changes nothing where it does not count", () => {
    fc.assert(
      fc.property(knowledge, shown, instant, (before, entry, begunAt) => {
        const { sight, entry: after, finding } = identify(before, aReading(entry, begunAt), LAG);
        if (sight !== "stale" && sight !== "newcomer") return;
        expect(after).toEqual(before);
        expect(finding).toBeUndefined();
      }),
    );
  });

  it("never makes an entry ours that does not bear our token, nor shortens a window", () => {
    fc.assert(
      fc.property(knowledge, shown, instant, (before, entry, begunAt) => {
        const after = identify(before, aReading(entry, begunAt), LAG).entry;
        if (after.owned && !before.owned) {
          expect(before.tokens).toContain(entry?.tags[TAG_TOKEN]);
          expect(after.arn).toBe(entry?.accessEntryArn);
        }
        expect(after.deleteUntil >= before.deleteUntil).toBe(true);
        expect(after.createUntil).toBe(before.createUntil);
      }),
    );
  });
});
