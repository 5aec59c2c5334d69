import { describe, expect, it } from "vitest";
import { type Ledger, TAG_TOKEN } from "../../../../shared/domain/entries/ledger.ts";
import {
  type Explains,
  observe,
  observeMissing,
  unknownTargets,
  withoutHidden,
} from "../../../../shared/domain/entries/observe.ts";
import {
  aLedger,
  all,
  anElement,
  anEntry,
  aReading,
  at,
  EDIT,
  GROUPS,
  groups,
  LAG,
  lent,
  ns,
  OURS,
  standing,
  THEIRS,
  VIEW,
  W,
} from "./situations.ts";

const NOBODY: Explains = () => false;
const explains =
  (...elements: readonly string[]): Explains =>
  (_, element) =>
    elements.includes(element);
const states = ({ targets }: Ledger, target = EDIT) =>
  Object.fromEntries(
    Object.entries(targets[target] ?? {}).map(([name, { state }]) => [name, state]),
  );

describe("The known entry", () => {
  const before = aLedger({
    entry: THEIRS,
    targets: { [EDIT]: { ...all(ns("base"), standing()), ...all(ns("ours"), lent()) } },
  });
  const see = (found: readonly string[], over: Explains = explains("ns/ours")) =>
    observe(before, aReading(anEntry({ [EDIT]: found })), over, LAG);

  it("A read of the known entry without changes leaves the ledger as it is", () => {
    expect(see(ns("base", "ours"))).toEqual({ ledger: before, sight: "same", findings: [] });
  });

  it("A read keeps what the owner added, and does not restore what the owner removed", () => {
    expect(states(see(ns("new", "ours")).ledger)).toEqual({
      "ns/base": "absent",
      "ns/new": "baseline",
      "ns/ours": "lent",
    });
  });

  it("An element that a begun grant explains is ours, and not the owner's", () => {
    const known = see(ns("base", "more", "ours"), explains("ns/ours", "ns/more")).ledger;
    expect(states(known)["ns/more"]).toBe("lent");
  });

  it("A read reports one edit per target, with the expected and found elements", () => {
    const both = { ...before.targets, [VIEW]: all(ns("v"), lent()) };
    const read = aReading(anEntry({ [EDIT]: ns("new", "newer", "ours") }));
    const { findings } = observe({ ...before, targets: both }, read, explains("ns/v"), LAG);
    expect(findings).toEqual([
      {
        code: "entry-edited",
        target: EDIT,
        expected: ns("base", "ours"),
        found: ns("new", "newer", "ours"),
      },
      { code: "entry-edited", target: VIEW, expected: ns("v"), found: [] },
    ]);
  });

  it("A target that no grant touches is left alone", () => {
    const read = aReading(anEntry({ [EDIT]: ns("base", "ours"), [VIEW]: ["cluster"] }));
    expect(observe(before, read, NOBODY, LAG).ledger).toEqual(before);
  });

  it("Elements that a whole cluster hides stay known, for others and for open grants", () => {
    expect(states(see(["cluster"], explains("cluster", "ns/ours")).ledger)).toEqual({
      "ns/base": "baseline",
      "ns/ours": "lent",
      cluster: "lent",
    });
  });

  it("A hidden element is forgotten once the grant that lent it is forgotten", () => {
    const { ledger, findings } = see(["cluster"], explains("cluster"));
    expect(states(ledger)).toEqual({ "ns/base": "baseline", "ns/ours": "absent", cluster: "lent" });
    expect(ledger.targets[EDIT]?.["ns/ours"]).toMatchObject({ presenceFrom: at(W) });
    expect(findings).toEqual([]);
  });

  it("The List of a new entry shows nothing about others until one read lag has passed", () => {
    const owned = aLedger({ entry: OURS, targets: { [EDIT]: all(ns("base"), standing()) } });
    const young = (seconds: number) =>
      observe(
        owned,
        aReading(anEntry({ [EDIT]: ns("new") }, { createdAt: at(-seconds) })),
        NOBODY,
        LAG,
      ).ledger;
    expect(states(young(W - 0.001))).toEqual({ "ns/base": "baseline", "ns/new": "absent" });
    expect(states(young(W))).toEqual({ "ns/base": "absent", "ns/new": "baseline" });
  });

  it("An entry with our token is ours, whatever is on it", () => {
    const creating = aLedger({
      entry: { tokens: ["t"], tokenOpen: true },
      targets: { [EDIT]: all(ns("ours"), anElement({ openUntil: at(9), carriedUntil: at(64) })) },
    });
    const made = anEntry({ [EDIT]: ns("ours") }, { createdAt: at(-1), tags: { [TAG_TOKEN]: "t" } });
    const { ledger, findings } = observe(creating, aReading(made), NOBODY, LAG);
    expect(ledger.entry).toMatchObject({ owned: true, arn: made.accessEntryArn });
    expect(states(ledger)).toEqual({ "ns/ours": "lent" });
    expect(findings).toEqual([]);
  });
});

describe("A missing entry", () => {
  const before = aLedger({
    entry: OURS,
    targets: {
      [EDIT]: {
        ...all(ns("ours"), lent()),
        ...all(ns("open"), lent({ openUntil: at(9), carriedUntil: at(64) })),
      },
      [VIEW]: all(ns("base"), standing()),
    },
  });

  it("A missing entry has no elements, but an open call may still reach a new entry", () => {
    const { ledger, sight } = observe(before, aReading(undefined), NOBODY, LAG);
    expect(sight).toBe("absent");
    const absent = anElement({ presenceFrom: at(W) });
    expect(ledger.targets).toEqual({
      [EDIT]: {
        "ns/open": { ...absent, openUntil: at(9), carriedUntil: at(64) },
        "ns/ours": absent,
      },
      [VIEW]: { "ns/base": absent },
    });
  });

  it("A missing entry was deleted by others only if we knew elements on it", () => {
    const codes = (ledger: Ledger) =>
      observe(ledger, aReading(undefined), NOBODY, LAG).findings.map(({ code }) => code);
    expect(codes(before)).toEqual(["entry-deleted"]);
    expect(codes({ ...before, targets: {} })).toEqual([]);
    expect(codes({ ...before, targets: { [EDIT]: all(ns("ours"), anElement()) } })).toEqual([]);
    const deleting = { ...before, entry: { ...before.entry, deleteUntil: at(1) } };
    expect(codes(deleting)).toEqual([]);
  });
});

describe("An entry that someone else created in place of ours", () => {
  const successor = (createdAt: string) =>
    anEntry({ [EDIT]: ns("a", "b") }, { accessEntryArn: "arn:entry/2", createdAt });
  const ours = (carriedUntil: string) =>
    aLedger({
      entry: OURS,
      targets: { [EDIT]: { ...all(ns("a"), lent({ carriedUntil })), ...all(ns("c"), lent()) } },
    });
  const see = (carriedUntil: string, over: Explains = explains("ns/a", "ns/b")) =>
    observe(ours(carriedUntil), aReading(successor(at(-60))), over, LAG);

  it("A replaced entry and everything on it belongs to its creator", () => {
    const { ledger, sight, findings } = see(at(-900));
    expect(sight).toBe("replaced");
    expect(ledger.entry).toMatchObject({ arn: "arn:entry/2", owned: false });
    expect(states(ledger)).toEqual({ "ns/a": "baseline", "ns/b": "baseline", "ns/c": "absent" });
    expect(findings).toEqual([{ code: "entry-replaced" }]);
  });

  it("A replaced entry holds as ours what a call for the old entry may have added since", () => {
    // Landed 45 s before: at the moment of the creation, or a millisecond earlier.
    expect(states(see(at(-15)).ledger)["ns/a"]).toBe("lent");
    expect(states(see(at(-15.001)).ledger)["ns/a"]).toBe("baseline");
    expect(states(see(at(900), explains("ns/b")).ledger)["ns/a"]).toBe("baseline");
  });

  it("A replaced entry doubts reads that contradict it", () => {
    const { targets } = see(at(-15)).ledger;
    expect(targets[EDIT]).toMatchObject({
      "ns/a": { absenceFrom: at(W) },
      "ns/b": { absenceFrom: at(W) },
      "ns/c": { presenceFrom: at(W) },
    });
  });

  it("A replacement is reported only if there were elements on our entry", () => {
    const bare = { ...ours(at(-900)), targets: { [EDIT]: {} } };
    expect(observe(bare, aReading(successor(at(-60))), NOBODY, LAG).findings).toEqual([]);
  });

  const taken = (seconds: number, carriedUntil: string) => ({
    ...ours(at(-900)),
    targets: { [EDIT]: all(ns("b"), anElement({ presenceFrom: at(seconds), carriedUntil })) },
  });
  const seeTaken = (seconds: number, carriedUntil: string) =>
    observe(taken(seconds, carriedUntil), aReading(successor(at(-60))), NOBODY, LAG);

  it("A replacement waits while it shows what a stale read may show of what we removed", () => {
    // Landed 45 s before: at the moment of the creation.
    const see = (seconds: number) => seeTaken(seconds, at(-15));
    expect(see(0.001)).toEqual({ ledger: taken(0.001, at(-15)), sight: "too-new", findings: [] });
    expect(see(0).sight).toBe("replaced");
    expect(states(see(0).ledger)).toEqual({ "ns/a": "baseline", "ns/b": "baseline" });
  });

  it("A replacement does not wait for a removal of what no call of ours can have put on it", () => {
    const { sight, ledger } = seeTaken(900, at(-15.001));
    expect(sight).toBe("replaced");
    expect(states(ledger)).toEqual({ "ns/a": "baseline", "ns/b": "baseline" });
  });

  it("A replacement does not wait for elements that it does not show", () => {
    const taken = {
      ...ours(at(-900)),
      targets: {
        [EDIT]: all(ns("c"), anElement({ presenceFrom: at(900), carriedUntil: at(900) })),
      },
    };
    expect(observe(taken, aReading(successor(at(-60))), NOBODY, LAG).sight).toBe("replaced");
  });

  it("A replacement waits until its List must be complete", () => {
    const young = aReading(successor(at(-W + 1)));
    expect(observe(ours(at(0)), young, NOBODY, LAG)).toEqual({
      ledger: ours(at(0)),
      sight: "too-new",
      findings: [],
    });
  });
});

describe("A stale read", () => {
  it("A stale read leaves the ledger as it is, whatever it shows", () => {
    const before = aLedger({ entry: OURS, targets: { [EDIT]: all(ns("a"), lent()) } });
    const old = anEntry(
      { [EDIT]: ns("b") },
      { accessEntryArn: "arn:entry/0", createdAt: at(-9_000) },
    );
    expect(observe(before, aReading(old), NOBODY, LAG)).toEqual({
      ledger: before,
      sight: "stale",
      findings: [],
    });
  });
});

describe("A target that a call found missing", () => {
  it("A target that a call found missing lacks what a read at its start would prove missing", () => {
    const before = aLedger({
      targets: {
        [EDIT]: {
          ...all(ns("gone"), lent()),
          ...all(ns("news"), lent({ absenceFrom: at(1) })),
          ...all(ns("open"), anElement({ openUntil: at(9), carriedUntil: at(64) })),
        },
        [VIEW]: all(ns("v"), lent()),
      },
    });
    const after = observeMissing(before, EDIT, at(0), LAG);
    expect(states(after)).toEqual({ "ns/gone": "absent", "ns/news": "lent", "ns/open": "absent" });
    expect(after.targets[EDIT]?.["ns/open"]?.openUntil).toBe(at(9));
    expect(after.targets[EDIT]?.["ns/gone"]?.presenceFrom).toBe(at(W));
    expect(states(after, VIEW)).toEqual({ "ns/v": "lent" });
  });
});

it("Targets with elements that the ledger does not contain belong to others", () => {
  const ledger = aLedger({ targets: { [EDIT]: {} } });
  const unknown = (targets: Readonly<Record<string, readonly string[]>>) =>
    unknownTargets(ledger, aReading(anEntry(targets)));
  expect(unknown({ [EDIT]: ns("a"), [VIEW]: ns("a"), [GROUPS]: groups(["x"]) })).toEqual([
    VIEW,
    GROUPS,
  ]);
  expect(unknown({ [VIEW]: [] })).toEqual([]);
  expect(unknownTargets(ledger, aReading(undefined))).toEqual([]);
});

describe("Elements that a scope of the whole cluster hides", () => {
  const before = aLedger({
    entry: THEIRS,
    targets: { [EDIT]: { ...all(ns("ours"), lent()), ...all(ns("base"), standing()) } },
  });
  const hidden = (found: readonly string[], over: Explains = NOBODY, begunAt = at(0)) =>
    states(withoutHidden(before, aReading(anEntry({ [EDIT]: found }), begunAt), over, LAG));
  const unchanged = states(before);

  it("A hidden namespace that a grant lent is absent once no grant explains it", () => {
    expect(hidden(["cluster"])).toEqual({ "ns/ours": "absent", "ns/base": "baseline" });
  });

  it("A hidden namespace stays lent while a grant explains it", () => {
    expect(hidden(["cluster"], explains("ns/ours"))).toEqual(unchanged);
  });

  it("A namespace that nothing hides stays as it is, whether the read shows it or not", () => {
    expect(hidden(ns("ours"))).toEqual(unchanged);
    expect(hidden(ns("base"))).toEqual(unchanged);
  });
});
