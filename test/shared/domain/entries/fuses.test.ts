import { describe, expect, it } from "vitest";
import { aRequest } from "../../../../lab/fakes/builders.ts";
import { UNSURE_FUSES } from "../../../../shared/domain/entries/bounds.ts";
import type { Entitlement } from "../../../../shared/domain/entries/entitlement.ts";
import {
  armedFor,
  hasMostUnsure,
  mayHaveFuse,
  mayName,
  spentFuses,
  wantedFuses,
  withoutFired,
  withoutFuses,
  withUnsure,
} from "../../../../shared/domain/entries/fuses.ts";
import type { Fuse, Ledger } from "../../../../shared/domain/entries/ledger.ts";
import {
  aLedger,
  all,
  anElement,
  anEntitlement,
  anEntry,
  aReading,
  at,
  EDIT,
  GROUPS,
  groups,
  lent,
  ns,
  OURS,
  standing,
  THEIRS,
  VIEW,
} from "./situations.ts";

const fuse = (name: string, over: Partial<Fuse> = {}): Fuse => ({
  name,
  target: EDIT,
  at: at(900),
  sure: true,
  ...over,
});
const NOBODY_ELSE = aReading(anEntry());

describe("A fuse", () => {
  const may = (target: string, parts: Parameters<typeof aLedger>[0], others = {}) =>
    mayHaveFuse(aLedger(parts), target, aReading(anEntry(others)));

  it("A policy's fuse removes the whole association, so there is none where it has a baseline", () => {
    expect(may(EDIT, { entry: THEIRS, targets: { [EDIT]: all(ns("a"), lent()) } })).toBe(true);
    expect(may(EDIT, { entry: OURS, targets: { [EDIT]: all(ns("a"), standing()) } })).toBe(false);
    expect(may(EDIT, { entry: OURS, targets: { [VIEW]: all(ns("a"), standing()) } })).toBe(true);
  });

  it("The fuse for groups deletes the entry, so there is none where others use the entry", () => {
    expect(may(GROUPS, { entry: OURS })).toBe(true);
    expect(may(GROUPS, {})).toBe(true);
    expect(may(GROUPS, { entry: THEIRS })).toBe(false);
    expect(may(GROUPS, { entry: OURS }, { [VIEW]: ns("v") })).toBe(false);
    expect(may(GROUPS, { entry: OURS, targets: { [EDIT]: all(ns("a"), standing()) } })).toBe(false);
  });
});

describe("The fuses that should exist", () => {
  const live = (expiresAt: string | null, entitlement: Entitlement) =>
    [aRequest({ expiresAt }), entitlement] as const;
  const a = anEntitlement("a", EDIT, ns("a"));
  const b = anEntitlement("b", EDIT, ns("b"));
  const x = anEntitlement("x", GROUPS, groups(["x"]));
  const wanted = (ledger: Ledger, ...grants: readonly ReturnType<typeof live>[]) =>
    wantedFuses(ledger, grants, NOBODY_ELSE, 300);
  const ours = aLedger({ entry: OURS });

  it("Each target's fuse fires a delay after its last grant ends", () => {
    expect(wanted(ours, live(at(100), x), live(at(600), a), live(at(500), b))).toEqual([
      { target: EDIT, at: at(900) },
      { target: GROUPS, at: at(400) },
    ]);
  });

  it("No fuse is wanted where no grant is live, none has an end, or others use the target", () => {
    expect(wanted(ours, live(null, a))).toEqual([]);
    expect(wanted(ours)).toEqual([]);
    expect(wanted(aLedger({ entry: THEIRS }), live(at(100), x))).toEqual([]);
  });

  it("A fuse counts as armed only if the ledger is sure of one for that target and instant", () => {
    const armed = (over: Partial<Fuse>) =>
      armedFor(aLedger({ fuses: [fuse("f", over)] }), { target: EDIT, at: at(900) })?.name;
    expect(armed({})).toBe("f");
    expect(armed({ sure: false })).toBeUndefined();
    expect(armed({ at: at(901) })).toBeUndefined();
    expect(armed({ target: VIEW })).toBeUndefined();
  });
});

describe("The name of a wanted fuse", () => {
  const WANTED = { target: EDIT, at: at(900) };
  const names = (now: number, ...fuses: readonly Fuse[]) =>
    mayName(aLedger({ fuses }), WANTED, at(now));

  it("A fuse is named once, and not where it is armed", () => {
    expect(names(0)).toBe(true);
    expect(names(0, fuse("f", { at: at(899) }))).toBe(true);
    expect(names(0, fuse("f"))).toBe(false);
  });

  it("A fuse whose time is over is not named, because Scheduler would never fire it", () => {
    expect(names(899)).toBe(true);
    expect(names(900)).toBe(false);
  });
});

describe("The fuses to delete", () => {
  interface Parts {
    readonly lentOn?: readonly string[];
    readonly ledger?: Ledger;
    readonly reading?: typeof NOBODY_ELSE;
  }
  /** The wanted fuse fires at 900 s, on EDIT. */
  const spent = (fuses: readonly Fuse[], { lentOn = [EDIT], ledger, reading }: Parts = {}) =>
    spentFuses(
      { ...(ledger ?? aLedger()), fuses },
      new Set(lentOn),
      [{ target: EDIT, at: at(900) }],
      reading,
    ).map(({ name }) => name);

  it("Fuses on targets where nothing is lent are deleted", () => {
    expect(spent([fuse("f"), fuse("v", { target: VIEW })])).toEqual(["v"]);
    expect(spent([fuse("f")], { lentOn: [] })).toEqual(["f"]);
  });

  it("Fuses that fire before or after the wanted one are deleted", () => {
    for (const seconds of [899, 901])
      expect(spent([fuse("f", { at: at(seconds) }), fuse("g")])).toEqual(["f"]);
    expect(spent([fuse("f", { sure: false }), fuse("g")])).toEqual(["f"]);
  });

  it("One of two fuses for the same instant is deleted", () => {
    expect(spent([fuse("f"), fuse("g")])).toEqual(["g"]);
  });

  it("No fuse is deleted while the wanted one is not confirmed", () => {
    expect(spent([fuse("f", { at: at(899) }), fuse("g", { sure: false })])).toEqual([]);
    const elsewhere = [fuse("f", { at: at(899) }), fuse("v", { target: VIEW })];
    expect(spent(elsewhere, { lentOn: [EDIT, VIEW] })).toEqual([]);
  });

  it("Fuses on targets that others now use are deleted, if a read shows it", () => {
    const ledger = aLedger({ targets: { [EDIT]: all(ns("a"), standing()) } });
    expect(spent([fuse("f")], { ledger, reading: NOBODY_ELSE })).toEqual(["f"]);
    expect(spent([fuse("f")], { ledger })).toEqual([]);
    expect(spent([fuse("f")], { reading: NOBODY_ELSE })).toEqual([]);
  });

  it("Only those of ten unconfirmed names are deleted that were never confirmed", () => {
    const names = Array.from({ length: UNSURE_FUSES - 1 }, (_, at) => `n${at}`);
    const named = names.map((name) => fuse(name, { sure: false, landsUntil: at(300) }));
    const fired = fuse("fired", { sure: false });
    expect(spent([...named, fired])).toEqual(names);
    expect(spent([...named.slice(1), fired])).toEqual([]);
    expect(spent([...named.slice(1), fired, fuse("v", { target: VIEW, sure: false })])).toEqual([
      "v",
    ]);
  });

  it("A fuse is marked as unsure before its deletion, and leaves the ledger after it", () => {
    const ledger = aLedger({ fuses: [fuse("f"), fuse("g")] });
    expect(withUnsure(ledger, new Set(["f"])).fuses).toEqual([
      fuse("f", { sure: false }),
      fuse("g"),
    ]);
    expect(withoutFuses(ledger, new Set(["f"])).fuses).toEqual([fuse("g")]);
  });
});

describe("Fuses that may have fired", () => {
  const isSure = (before: Ledger["targets"], after: Ledger["targets"]) => {
    const fuses = [fuse("f"), fuse("v", { target: VIEW })];
    const { fuses: left } = withoutFired(
      aLedger({ targets: after, fuses }),
      aLedger({ targets: before, fuses }),
    );
    return left.map(({ sure }) => sure);
  };
  const A = { [EDIT]: all(ns("a"), lent()) };
  const NOTHING = { [EDIT]: all(ns("a"), anElement()) };

  it("Those of a target whose access a read shows to be gone do not count as armed", () => {
    expect(isSure(A, NOTHING)).toEqual([false, true]);
    expect(isSure({ [EDIT]: all(ns("a"), standing()) }, NOTHING)).toEqual([false, true]);
  });

  it("Those of a target where something is left count as armed", () => {
    expect(isSure({ [EDIT]: all(ns("a", "b"), lent()) }, A)).toEqual([true, true]);
  });

  it("Those of a target where nothing was yet count as armed", () => {
    expect(isSure(NOTHING, NOTHING)).toEqual([true, true]);
    expect(isSure({}, {})).toEqual([true, true]);
  });
});

describe("A target with as many names as it may have", () => {
  it("Only its own names count that Scheduler has not confirmed", () => {
    const names = (count: number, over: Partial<Fuse> = {}) =>
      Array.from({ length: count }, (_, at) =>
        fuse(`${JSON.stringify(over)} ${at}`, { sure: false, ...over }),
      );
    const has = (...fuses: readonly Fuse[]) => hasMostUnsure({ ...aLedger(), fuses }, EDIT);
    expect(has(...names(UNSURE_FUSES))).toBe(true);
    expect(has(...names(UNSURE_FUSES - 1))).toBe(false);
    expect(has(...names(UNSURE_FUSES - 1), ...names(3, { sure: true }))).toBe(false);
    expect(has(...names(UNSURE_FUSES - 1), ...names(3, { target: VIEW }))).toBe(false);
  });
});
