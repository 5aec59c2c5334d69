import { describe, expect, it } from "vitest";
import type { Sight } from "../../../../shared/domain/entries/identify.ts";
import type { ElementKnowledge, Ledger } from "../../../../shared/domain/entries/ledger.ts";
import {
  isGone,
  isThere,
  ownElements,
  provableFrom,
  type Sighting,
} from "../../../../shared/domain/entries/proof.ts";
import {
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
  VIEW,
} from "./situations.ts";

const sighting = (
  sight: Sight,
  found: readonly string[] | undefined,
  begunAt = at(0),
): Sighting => ({
  sight,
  reading: aReading(found && anEntry({ [EDIT]: found }), begunAt),
});
const SIGHTS: readonly Sight[] = ["same", "replaced", "absent", "stale", "too-new"];
const COUNTING: readonly Sight[] = ["same", "replaced", "absent"];

describe("The proof that a grant's access is present", () => {
  const grant = anEntitlement("a", EDIT, ns("a", "b"));
  const knowing = (...elements: readonly string[]) =>
    aLedger({ entry: OURS, targets: { [EDIT]: all(elements, lent()) } });
  const ledger = knowing("ns/a", "ns/b");

  it.each([
    [ns("a", "b"), true],
    [["cluster"], true],
    [ns("a", "b", "c"), true],
    [ns("a"), false],
    [[], false],
    [undefined, false],
  ])("A read shows a grant's access only where all of it is present: %j, %s", (found, expected) => {
    expect(isThere(grant, ledger, sighting("same", found))).toBe(expected);
  });

  it.each(SIGHTS)("A read shows a grant's access only on an entry that counts: %s", (sight) => {
    const expected = sight === "same" || sight === "replaced";
    expect(isThere(grant, ledger, sighting(sight, ns("a", "b")))).toBe(expected);
  });

  it("A read shows a grant's access only on the known entry", () => {
    const other = { ...ledger, entry: { ...ledger.entry, arn: "arn:entry/2" } };
    expect(isThere(grant, other, sighting("same", ns("a", "b")))).toBe(false);
  });

  it("A read shows a grant's access only on the grant's own target", () => {
    const elsewhere = { ...grant, target: VIEW };
    const both = { ...ledger, targets: { ...ledger.targets, [VIEW]: all(ns("a", "b"), lent()) } };
    expect(isThere(elsewhere, both, sighting("same", ns("a", "b")))).toBe(false);
  });

  it.each([
    ["it has all of it", ["ns/a", "ns/b"], true],
    ["it has a whole cluster", ["cluster"], true],
    ["a call of ours has removed a part of it since", ["ns/a"], false],
    ["it has nothing", [], false],
  ])(
    "A read shows a grant's access only if the ledger agrees, where %s",
    (_, elements, expected) => {
      const read = sighting("same", ns("a", "b"));
      expect(isThere(grant, knowing(...elements), read)).toBe(expected);
    },
  );
});

describe("A removal of access that a grant needs", () => {
  const grant = anEntitlement("a", EDIT, ns("a", "b"));
  const isSeen = (b: Partial<ElementKnowledge>, begunAt = at(0)) => {
    const targets = { [EDIT]: { ...all(ns("a"), lent()), ...all(ns("b"), lent(b)) } };
    return isThere(
      grant,
      aLedger({ entry: OURS, targets }),
      sighting("same", ns("a", "b"), begunAt),
    );
  };

  it("A removal that may have taken access since the read leaves its presence unproven", () => {
    expect(isSeen({ presenceFrom: at(0.001) })).toBe(false);
    expect(isSeen({ presenceFrom: at(0) })).toBe(true);
    expect(isSeen({ presenceFrom: at(400) }, at(399))).toBe(false);
    expect(isSeen({ presenceFrom: at(400) }, at(400))).toBe(true);
  });

  it("A removal before a later addition leaves its presence proven", () => {
    expect(isSeen({ presenceFrom: at(50), absenceFrom: at(50) })).toBe(true);
    expect(isSeen({ presenceFrom: at(50), absenceFrom: at(49) })).toBe(false);
  });
});

describe("The end of a grant", () => {
  const over = anEntitlement("over", EDIT, ns("a"), { isOver: true });
  const beside = anEntitlement("beside", EDIT, ns("a"));
  const ledgerWith = (known: Ledger["targets"][string]) => aLedger({ targets: { [EDIT]: known } });
  const known = ledgerWith(all(ns("a"), anElement({ carriedUntil: at(0) })));
  const proven = (found: readonly string[] | undefined, begunAt = at(0), ledger = known) =>
    isGone(over, ledger, [over], sighting("same", found, begunAt));

  it("An end is proven by a read without the access that begins once every call is visible", () => {
    expect(proven([])).toBe(true);
    expect(proven(undefined)).toBe(true);
    expect(proven([], at(-0.001))).toBe(false);
  });

  it("An end is not proven by a missing entry while a call that carried the access may land", () => {
    const seen = (begunAt: string) => sighting("absent", undefined, begunAt);
    expect(isGone(over, known, [over], seen(at(-0.001)))).toBe(false);
    expect(isGone(over, known, [over], seen(at(0)))).toBe(true);
  });

  it("An end is not proven while any of the access is present", () => {
    expect(proven(ns("a"))).toBe(false);
    expect(proven(ns("b"))).toBe(true);
  });

  it("An end is proven by a whole cluster, which gives its namespaces itself and hides none of ours", () => {
    expect(proven(["cluster"])).toBe(true);
  });

  it.each(SIGHTS)("An end is proven only by a read that counts: %s", (sight) => {
    const seen = sighting(sight, []);
    expect(isGone(over, known, [over], seen)).toBe(COUNTING.includes(sight));
  });

  it("An end is not proven without a read, nor only by the ledger", () => {
    expect(isGone(over, known, [over], undefined)).toBe(false);
    expect(isGone(over, ledgerWith(all(ns("a"), lent())), [over], undefined)).toBe(false);
  });

  it("An end needs proof for each of the grant's elements", () => {
    const two = { ...over, elements: ns("a", "b") };
    const late = ledgerWith({
      ...all(ns("a"), anElement()),
      ...all(ns("b"), anElement({ carriedUntil: at(1) })),
    });
    expect(isGone(two, late, [two], sighting("same", []))).toBe(false);
    expect(isGone(two, late, [two], sighting("same", [], at(1)))).toBe(true);
    expect(isGone(two, late, [two], sighting("same", ns("b"), at(1)))).toBe(false);
  });

  it("An end needs no proof where no access was begun, or the target is unknown", () => {
    const never = { ...over, hasBegun: false };
    expect(isGone(never, known, [never], undefined)).toBe(true);
    expect(isGone(over, aLedger(), [over], undefined)).toBe(true);
  });

  it("An end does not need the absence of what another lent grant or the owner explains", () => {
    const seen = sighting("same", ns("a"));
    expect(isGone(over, known, [over, beside], seen)).toBe(true);
    expect(isGone(over, known, [over, { ...beside, isOver: true }], seen)).toBe(false);
    expect(isGone(over, known, [over, { ...beside, hasBegun: false }], seen)).toBe(false);
    expect(isGone(over, known, [over, { ...beside, target: VIEW }], seen)).toBe(false);
    expect(isGone(over, ledgerWith(all(ns("a"), standing())), [over], seen)).toBe(true);
  });

  it("An end concerns only the elements that nothing else explains", () => {
    const live = { ...over, elements: ns("a", "b", "c"), isOver: false };
    const ledger = ledgerWith(all(ns("b"), standing()));
    expect(ownElements(live, ledger, [live])).toEqual(ns("a", "c"));
    expect(ownElements(live, ledger, [live, beside])).toEqual(ns("c"));
  });

  it("An end is provable once every call with its own elements has landed", () => {
    const ledger = ledgerWith({
      ...all(ns("a"), anElement({ carriedUntil: at(5) })),
      ...all(ns("b"), anElement({ carriedUntil: at(9) })),
    });
    const two = { ...over, elements: ns("a", "b", "unknown") };
    expect(provableFrom(two, ledger, [two])).toBe(at(9));
    const other = anEntitlement("other", EDIT, ns("b"));
    expect(provableFrom(two, ledger, [two, other])).toBe(at(5));
    expect(provableFrom({ ...two, elements: [] }, ledger, []) <= at(-9_000_000)).toBe(true);
  });
});

describe("An element that the ledger holds as absent", () => {
  it("A read that shows it does not prove that it is the grant's", () => {
    const grant = anEntitlement("a", EDIT, ns("a", "b"));
    const targets = { [EDIT]: { ...all(ns("a"), lent()), ...all(ns("b"), anElement()) } };
    expect(isThere(grant, aLedger({ entry: OURS, targets }), sighting("same", ns("a", "b")))).toBe(
      false,
    );
  });
});
