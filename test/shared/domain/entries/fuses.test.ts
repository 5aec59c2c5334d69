import { describe, expect, it } from "vitest";
import type { Entitlement } from "../../../../shared/domain/entries/entitlement.ts";
import {
  armedFor,
  mayHaveFuse,
  spentFuses,
  wantedFuses,
  withoutFuses,
  withUnsure,
} from "../../../../shared/domain/entries/fuses.ts";
import type { Fuse, Ledger } from "../../../../shared/domain/entries/ledger.ts";
import { aRequest } from "../../../fakes/builders.ts";
import {
  aLedger,
  all,
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

describe("a fuse", () => {
  const may = (target: string, parts: Parameters<typeof aLedger>[0], others = {}) =>
    mayHaveFuse(aLedger(parts), target, aReading(anEntry(others)));

  it("takes an association whole, and so there is none where that has a baseline", () => {
    expect(may(EDIT, { entry: THEIRS, targets: { [EDIT]: all(ns("a"), lent()) } })).toBe(true);
    expect(may(EDIT, { entry: OURS, targets: { [EDIT]: all(ns("a"), standing()) } })).toBe(false);
    expect(may(EDIT, { entry: OURS, targets: { [VIEW]: all(ns("a"), standing()) } })).toBe(true);
  });

  it("for groups takes the whole entry, and so there is none where others use that", () => {
    expect(may(GROUPS, { entry: OURS })).toBe(true);
    expect(may(GROUPS, {})).toBe(true);
    expect(may(GROUPS, { entry: THEIRS })).toBe(false);
    expect(may(GROUPS, { entry: OURS }, { [VIEW]: ns("v") })).toBe(false);
    expect(may(GROUPS, { entry: OURS, targets: { [EDIT]: all(ns("a"), standing()) } })).toBe(false);
  });
});

describe("the fuses that there should be", () => {
  const live = (expiresAt: string | null, entitlement: Entitlement) =>
    [aRequest({ expiresAt }), entitlement] as const;
  const a = anEntitlement("a", EDIT, ns("a"));
  const b = anEntitlement("b", EDIT, ns("b"));
  const x = anEntitlement("x", GROUPS, groups(["x"]));
  const wanted = (ledger: Ledger, ...grants: readonly ReturnType<typeof live>[]) =>
    wantedFuses(ledger, grants, NOBODY_ELSE, 300);
  const ours = aLedger({ entry: OURS });

  it("fire some minutes after the last grant of each target ends", () => {
    expect(wanted(ours, live(at(100), x), live(at(600), a), live(at(500), b))).toEqual([
      { target: EDIT, at: at(900) },
      { target: GROUPS, at: at(400) },
    ]);
  });

  it("are none where nothing has an end, nothing is live, or others use the target", () => {
    expect(wanted(ours, live(null, a))).toEqual([]);
    expect(wanted(ours)).toEqual([]);
    expect(wanted(aLedger({ entry: THEIRS }), live(at(100), x))).toEqual([]);
  });

  it("are armed where the ledger is sure of one for that target and instant", () => {
    const armed = (over: Partial<Fuse>) =>
      armedFor(aLedger({ fuses: [fuse("f", over)] }), { target: EDIT, at: at(900) })?.name;
    expect(armed({})).toBe("f");
    expect(armed({ sure: false })).toBeUndefined();
    expect(armed({ at: at(901) })).toBeUndefined();
    expect(armed({ target: VIEW })).toBeUndefined();
  });
});

describe("the fuses that must go", () => {
  interface Parts {
    readonly lentOn?: readonly string[];
    readonly ledger?: Ledger;
    readonly reading?: typeof NOBODY_ELSE;
  }
  /** The wanted one fires at 900 s, on EDIT. */
  const spent = (fuses: readonly Fuse[], { lentOn = [EDIT], ledger, reading }: Parts = {}) =>
    spentFuses(
      { ...(ledger ?? aLedger()), fuses },
      new Set(lentOn),
      [{ target: EDIT, at: at(900) }],
      reading,
    ).map(({ name }) => name);

  it("are those of targets on which nothing is lent", () => {
    expect(spent([fuse("f"), fuse("v", { target: VIEW })])).toEqual(["v"]);
    expect(spent([fuse("f")], { lentOn: [] })).toEqual(["f"]);
  });

  it("are all beside the wanted one, whether they would fire before or after it", () => {
    for (const seconds of [899, 901])
      expect(spent([fuse("f", { at: at(seconds) }), fuse("g")])).toEqual(["f"]);
    expect(spent([fuse("f", { sure: false }), fuse("g")])).toEqual(["f"]);
  });

  it("leave one of two that are wanted for the same instant", () => {
    expect(spent([fuse("f"), fuse("g")])).toEqual(["g"]);
  });

  it("are none while the wanted one is not known to be armed", () => {
    expect(spent([fuse("f", { at: at(899) }), fuse("g", { sure: false })])).toEqual([]);
    const elsewhere = [fuse("f", { at: at(899) }), fuse("v", { target: VIEW })];
    expect(spent(elsewhere, { lentOn: [EDIT, VIEW] })).toEqual([]);
  });

  it("are those on what others use by now, by a read that counts", () => {
    const ledger = aLedger({ targets: { [EDIT]: all(ns("a"), standing()) } });
    expect(spent([fuse("f")], { ledger, reading: NOBODY_ELSE })).toEqual(["f"]);
    expect(spent([fuse("f")], { ledger })).toEqual([]);
    expect(spent([fuse("f")], { reading: NOBODY_ELSE })).toEqual([]);
  });

  it("are not believed in before they are deleted, and are out of the ledger afterwards", () => {
    const ledger = aLedger({ fuses: [fuse("f"), fuse("g")] });
    expect(withUnsure(ledger, new Set(["f"])).fuses).toEqual([
      fuse("f", { sure: false }),
      fuse("g"),
    ]);
    expect(withoutFuses(ledger, new Set(["f"])).fuses).toEqual([fuse("g")]);
  });
});
