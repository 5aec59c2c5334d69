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

describe("A read that shows no entry", () => {
  it("A read without an entry proves nothing until an entry that we created must be visible", () => {
    const creating = known({ tokens: ["t"], tokenOpen: true, createUntil: at(10) });
    expect(identify(creating, aReading(undefined, at(9)), LAG)).toEqual({
      sight: "stale",
      entry: creating,
    });
    expect(identify(creating, aReading(undefined, at(10)), LAG).sight).toBe("absent");
  });

  it("A read without an entry closes every create, and nothing is ours any more", () => {
    const creating = known({ ...OURS, tokenOpen: true, createUntil: at(-1) });
    expect(identify(creating, aReading(undefined), LAG).entry).toMatchObject({
      arn: null,
      owned: false,
      tokens: [],
      tokenOpen: false,
    });
  });

  it("A read without an entry keeps the last entry's creation time, so an older entry is stale", () => {
    const { entry } = identify(known(OURS), aReading(undefined), LAG);
    expect(entry.bornAt).toBe(OURS.bornAt);
    const before = another(at(-3_601), "token-1");
    expect(identify(entry, aReading(before, at(900)), LAG).sight).toBe("stale");
  });

  it.each([
    ["an entry that we knew", known(THEIRS), at(W)],
    ["one that an unanswered create may have made", known({ tokenOpen: true }), at(W)],
    ["none", NOBODY, LONG_AGO],
    [
      "one that an earlier deletion may still hide",
      known({ ...OURS, deleteUntil: at(900) }),
      at(900),
    ],
  ])("A read without an entry makes older reads stale where there was %s", (_, before, until) => {
    expect(identify(before, aReading(undefined), LAG).entry.deleteUntil).toBe(until);
  });

  it("A read without an entry reports a deletion by others, but not our own", () => {
    const code = (before: EntryKnowledge) =>
      identify(before, aReading(undefined), LAG).finding?.code;
    expect(code(known(OURS))).toBe("entry-deleted");
    expect(code(known({ ...OURS, deleteUntil: at(0) }))).toBe("entry-deleted");
    expect(code(known({ ...OURS, deleteUntil: at(1) }))).toBeUndefined();
    expect(code(NOBODY)).toBeUndefined();
    expect(code(known({ tokenOpen: true }))).toBeUndefined();
  });
});

describe("A read that shows the entry that we know", () => {
  it.each([known(OURS), known(THEIRS), known({ ...OURS, deleteUntil: at(900) })])(
    "A read of the known entry changes nothing: %j",
    (before) => {
      const entry = anEntry({}, { accessEntryArn: ENTRY_ARN, createdAt: at(-1) });
      expect(identify(before, aReading(entry), LAG)).toEqual({ sight: "same", entry: before });
    },
  );
});

describe("A read that shows another entry", () => {
  it("A read of an entry created before the known one is stale, whoever created it", () => {
    for (const token of [undefined, "token-1"]) {
      const read = aReading(another(at(-3_601), token));
      expect(identify(known(OURS), read, LAG)).toEqual({ sight: "stale", entry: known(OURS) });
    }
    expect(identify(known(OURS), aReading(another(at(-3_600))), LAG).sight).toBe("replaced");
  });

  it("A read of another entry is stale while our deletion may not be visible yet", () => {
    const deleted = known({ deleteUntil: at(10) });
    expect(identify(deleted, aReading(another(at(-900)), at(9)), LAG).sight).toBe("stale");
    expect(identify(deleted, aReading(another(at(-900)), at(10)), LAG).sight).toBe("replaced");
  });

  it("An entry with any of our tokens is ours, however new it is", () => {
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

  it("An entry with a token is ours even if its create was answered", () => {
    const created = known({ tokens: ["t1"], tokenOpen: false });
    const { sight, entry } = identify(created, aReading(another(at(-1), "t1")), LAG);
    expect({ sight, owned: entry.owned }).toEqual({ sight: "same", owned: true });
  });

  it("A read of a new entry of others waits until its List must be complete", () => {
    const read = (begunAt: string) => aReading(another(at(0), "theirs"), begunAt);
    expect(identify(NOBODY, read(at(W - 0.001)), LAG)).toEqual({
      sight: "too-new",
      entry: NOBODY,
    });
    expect(identify(NOBODY, read(at(W)), LAG).sight).toBe("replaced");
  });

  it("Someone else's entry becomes the known one, but is not ours to delete", () => {
    const read = aReading(another(at(-900)));
    expect(identify(known(OURS), read, LAG)).toEqual({
      sight: "replaced",
      entry: known({ ...OURS, arn: "arn:entry/2", bornAt: at(-900), owned: false }),
      finding: { code: "entry-replaced" },
    });
    expect(identify(NOBODY, read, LAG).finding).toBeUndefined();
  });

  it("An entry without tags is not ours, even if we never sent a token", () => {
    expect(identify(known({ tokens: [] }), aReading(another(at(-900))), LAG).entry.owned).toBe(
      false,
    );
  });
});

describe("Any read", () => {
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

  it("A read that does not count changes nothing", () => {
    fc.assert(
      fc.property(knowledge, shown, instant, (before, entry, begunAt) => {
        const { sight, entry: after, finding } = identify(before, aReading(entry, begunAt), LAG);
        if (sight !== "stale" && sight !== "too-new") return;
        expect(after).toEqual(before);
        expect(finding).toBeUndefined();
      }),
    );
  });

  it("A read never makes an entry ours without our token, and never shortens a window", () => {
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
