import { describe, expect, it } from "vitest";
import {
  forget,
  isAdopted,
  quietFrom,
  withoutRemoved,
} from "../../../../shared/domain/entries/forget.ts";
import type { Sight } from "../../../../shared/domain/entries/identify.ts";
import {
  type ElementKnowledge,
  emptied,
  LONG_AGO,
  mayForget,
} from "../../../../shared/domain/entries/ledger.ts";
import type { Sighting } from "../../../../shared/domain/entries/proof.ts";
import {
  aBegun,
  aLedger,
  all,
  anElement,
  anEntitlement,
  anEntry,
  aReading,
  at,
  EDIT,
  lent,
  ns,
  OURS,
  standing,
  THEIRS,
  VIEW,
} from "./situations.ts";

const seen = (sight: Sight = "absent", begunAt = at(0)): Sighting => ({
  sight,
  reading: aReading(undefined, begunAt),
});
const grant = anEntitlement("a", EDIT, ns("a"));

describe("The earliest instant at which no read can contradict the ledger", () => {
  it.each([
    ["nothing is known", {}, LONG_AGO],
    ["an entry was created", { entry: { createUntil: at(7) } }, at(7)],
    ["an entry was deleted", { entry: { deleteUntil: at(7) } }, at(7)],
    [
      "an element was carried",
      { targets: { [EDIT]: all(ns("a"), anElement({ carriedUntil: at(7) })) } },
      at(7),
    ],
    [
      "an element was removed",
      { targets: { [EDIT]: all(ns("a"), anElement({ presenceFrom: at(7) })) } },
      at(7),
    ],
    [
      "a call is open",
      { targets: { [EDIT]: all(ns("a"), anElement({ openUntil: at(7) })) } },
      at(7),
    ],
    [
      "the arming of a fuse had no answer",
      {
        fuses: [{ name: "f-1", target: EDIT, at: at(900), sure: false, landsUntil: at(7) }],
      },
      at(7),
    ],
    [
      "several calls were made",
      {
        entry: { createUntil: at(8), deleteUntil: at(3) },
        targets: {
          [EDIT]: all(ns("a"), anElement({ carriedUntil: at(9) })),
          [VIEW]: all(ns("a"), lent({ presenceFrom: at(4) })),
        },
      },
      at(9),
    ],
  ])("The ledger is quiet from the latest of its times where %s", (_, parts, expected) => {
    expect(quietFrom(aLedger(parts))).toBe(expected);
  });
});

describe("A ledger", () => {
  const over = { revision: 7 };

  it("A ledger is emptied, and keeps its revision, once nothing is open or in doubt", () => {
    const ledger = aLedger({ ...over, entry: { deleteUntil: at(0), bornAt: at(-900) } });
    expect(forget(ledger, [], seen())).toEqual(emptied(ledger));
    expect(forget(ledger, [], seen()).revision).toBe(7);
    const done = aLedger({
      ...over,
      targets: { [EDIT]: all(ns("a"), anElement({ carriedUntil: at(0) })) },
    });
    expect(forget(done, [], seen())).toEqual(emptied(done));
  });

  it.each([
    ["a grant is open", aLedger({ entry: THEIRS }), [grant]],
    ["the entry is ours", aLedger({ entry: OURS }), []],
    [
      "a fuse may be armed",
      aLedger({ entry: THEIRS, fuses: [{ name: "f", target: EDIT, at: at(9), sure: false }] }),
      [],
    ],
    ["a create may not be visible", aLedger({ entry: { createUntil: at(1) } }), []],
    ["a deletion may not be visible", aLedger({ entry: { deleteUntil: at(1) } }), []],
    ["something lent is there", aLedger({ targets: { [EDIT]: all(ns("a"), lent()) } }), []],
    [
      "a call is open",
      aLedger({ targets: { [EDIT]: all(ns("a"), anElement({ carriedUntil: at(1) })) } }),
      [],
    ],
  ])("A ledger is kept where %s", (_, ledger, open) => {
    expect(forget(ledger, open, seen())).toEqual(ledger);
  });

  it.each(["stale", "too-new", undefined] as const)(
    "A ledger is kept after a read that does not count: %s",
    (sight) => {
      const ledger = aLedger({ entry: THEIRS, targets: { [EDIT]: all(ns("a"), anElement()) } });
      expect(forget(ledger, [], sight && seen(sight))).toEqual(ledger);
    },
  );

  it("A ledger without any call is emptied without a read", () => {
    const ledger = { ...aLedger(over), principalId: "AROA" };
    expect(forget(ledger, [], undefined)).toEqual(emptied(ledger));
    expect(forget(ledger, [grant], undefined)).toEqual(ledger);
    const known = aLedger({ entry: THEIRS });
    expect(forget(known, [], undefined)).toEqual(known);
    const touched = aLedger({ targets: { [EDIT]: {} } });
    expect(forget(touched, [], undefined)).toEqual(touched);
    const sent = aLedger({ entry: { tokens: ["t"] } });
    expect(forget(sent, [], undefined)).toEqual(sent);
    const fused = aLedger({ fuses: [{ name: "f", target: EDIT, at: at(9), sure: true }] });
    expect(forget(fused, [], undefined)).toEqual(fused);
  });

  it("A ledger keeps that a grant has begun until the grant is closed", () => {
    const begun = { a: aBegun(), closed: aBegun({ over: true }) };
    const ledger = aLedger({ entry: OURS, begun });
    for (const read of [seen(), undefined])
      expect(forget(ledger, [grant], read).begun).toEqual({ a: aBegun() });
  });

  it("A ledger keeps that a grant fails until the grant is closed", () => {
    const why = { code: "unknown-rule", detail: "" };
    const ledger = aLedger({ entry: OURS, failing: { a: why, closed: why } });
    for (const read of [seen(), undefined])
      expect(forget(ledger, [grant], read).failing).toEqual({ a: why });
  });
});

describe("A target", () => {
  const left = (known: ElementKnowledge, open = [anEntitlement("v", VIEW, ns("v"))]) =>
    forget(aLedger({ entry: OURS, targets: { [EDIT]: all(ns("a"), known) } }), open, seen())
      .targets;

  it("A target is forgotten once no open grant touches it and nothing of ours is on it", () => {
    expect(left(anElement())).toEqual({});
    expect(left(standing())).toEqual({});
    expect(left(standing({ carriedUntil: at(0) }))).toEqual({});
  });

  it.each([
    ["lent", lent()],
    ["absent, with a recent call that carries it", anElement({ carriedUntil: at(1) })],
    ["absent, and removed recently", anElement({ presenceFrom: at(1) })],
    ["absent, with an open call that may add it", anElement({ openUntil: at(1) })],
    ["the owner's, with a recent call that carries it", standing({ carriedUntil: at(1) })],
  ])("A target is kept while an element on it is %s", (_, known) => {
    expect(left(known)).toEqual({ [EDIT]: all(ns("a"), known) });
  });

  it("A target that a grant touches is kept, without elements that are gone for good", () => {
    const known = {
      ...all(ns("a"), anElement()),
      ...all(ns("b"), standing()),
      ...all(ns("c"), anElement({ carriedUntil: at(1) })),
    };
    const { targets } = forget(
      aLedger({ entry: OURS, targets: { [EDIT]: known } }),
      [grant],
      seen(),
    );
    expect(Object.keys(targets[EDIT] ?? {})).toEqual(ns("b", "c"));
    // The same holds if nothing of ours is on it.
    expect(left(standing(), [grant])).toEqual({ [EDIT]: all(ns("a"), standing()) });
    expect(left(anElement(), [grant])).toEqual({ [EDIT]: {} });
  });
});

describe("An entry of ours that others use", () => {
  const used = aReading(anEntry({ [VIEW]: ns("v") }));
  const adopted = (over: {
    readonly ledger?: Parameters<typeof aLedger>[0];
    readonly grants?: readonly (typeof grant)[];
    readonly seen?: Partial<Sighting>;
  }) =>
    isAdopted(aLedger({ entry: OURS, ...over.ledger }), over.grants ?? [], {
      sight: "same",
      reading: used,
      ...over.seen,
    });

  it("An entry that others use becomes theirs once nothing is lent and all our calls are visible", () => {
    expect(adopted({})).toBe(true);
    expect(adopted({ ledger: { entry: { ...OURS, createUntil: at(0) } } })).toBe(true);
  });

  it.each([
    ["it is not ours", { ledger: { entry: THEIRS } }],
    ["a call of ours may not be visible", { ledger: { entry: { ...OURS, createUntil: at(1) } } }],
    ["the read does not count", { seen: { sight: "stale" as const } }],
    ["a grant is live", { grants: [{ ...grant, hasBegun: false }] }],
    [
      "a grant has begun, and its end is not proven",
      { grants: [{ ...grant, isOver: true, isLive: false }] },
    ],
    ["nobody uses it", { seen: { reading: aReading(anEntry()) } }],
  ])("An entry that others use stays ours where %s", (_, over) => {
    expect(adopted(over)).toBe(false);
  });
});

describe("Parts that a ledger without room leaves out", () => {
  it("It is what its owner removed, and nothing that a call of ours carried or may still bring", () => {
    const kept = {
      lent: lent(),
      standing: standing(),
      carried: anElement({ carriedUntil: at(7) }),
      open: anElement({ openUntil: at(7) }),
    };
    const ledger = aLedger({ targets: { [EDIT]: { ...kept, removed: anElement() }, [VIEW]: {} } });
    expect(withoutRemoved(ledger)).toEqual({ ...ledger, targets: { [EDIT]: kept, [VIEW]: {} } });
  });
});

describe("A ledger that may be forgotten", () => {
  it("It knows nothing and has nothing open, and no entry of its owner keeps our tags", () => {
    const used = { ...aLedger({ revision: 7 }), basis: "b" as never };
    expect([mayForget(aLedger()), mayForget(used)]).toEqual([true, true]);
    expect(mayForget({ ...aLedger(), adopted: "arn:entry/1" })).toBe(false);
    expect(mayForget({ ...aLedger(), stuck: { grant: 3 } })).toBe(false);
    expect(mayForget(aLedger({ entry: OURS }))).toBe(false);
    expect(emptied({ ...used, adopted: "arn:entry/1" })).toMatchObject({
      revision: 7,
      basis: "b",
      adopted: "arn:entry/1",
    });
    expect(emptied(aLedger())).not.toHaveProperty("basis");
    expect(emptied(aLedger())).not.toHaveProperty("adopted");
  });
});
