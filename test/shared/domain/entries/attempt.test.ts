import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  answered,
  type CallTimes,
  intend,
  type Outcome,
} from "../../../../shared/domain/entries/attempt.ts";
import { presentOn } from "../../../../shared/domain/entries/knowledge.ts";
import type { Ledger } from "../../../../shared/domain/entries/ledger.ts";
import { carriedBy, type EntryStep } from "../../../../shared/domain/entries/step.ts";
import { anyLedger, anyStep } from "./any-situation.ts";
import {
  aLedger,
  all,
  anElement,
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

const LAND_BY = at(318);
const VISIBLE = at(318 + W);
const associate = (...namespaces: readonly string[]): EntryStep => ({
  kind: "associate",
  target: EDIT,
  scope: { type: "namespace", namespaces },
  absorbed: [],
});
const whole: EntryStep = {
  kind: "associate",
  target: EDIT,
  scope: { type: "cluster" },
  absorbed: ns("a"),
};
const DISASSOCIATE: EntryStep = { kind: "disassociate", target: EDIT };
const DELETE: EntryStep = { kind: "delete-entry" };
const create = (token: string): EntryStep => ({ kind: "create-entry", token });

const intended = (ledger: Ledger, ...steps: readonly EntryStep[]) =>
  intend(ledger, steps, { now: at(0), landBy: LAND_BY }, LAG);
/** The ledger after one step and its outcome. The step begins at 1 s and is answered at 2 s. */
const ledgerAfter = (before: Ledger, step: EntryStep, outcome: Outcome): Ledger => {
  const made: CallTimes = { before, begunAt: at(1), answeredAt: at(2) };
  return answered(intended(before, step), step, outcome, made, LAG);
};
const APPLIED: Outcome = { kind: "applied" };
const on = (ledger: Ledger, target = EDIT) => ledger.targets[target];

describe("The intent of a call", () => {
  it("An intent opens the elements that the call carries, and doubts reads that miss them", () => {
    const ledger = intended(
      aLedger({ targets: { [EDIT]: all(ns("a"), lent()) } }),
      associate("a", "b"),
    );
    const open = { carriedUntil: VISIBLE, openUntil: LAND_BY };
    expect(on(ledger)).toEqual({ "ns/a": lent(open), "ns/b": anElement(open) });
  });

  it("An intent doubts reads that show an element which the call omits and which may be there", () => {
    const targets = {
      [EDIT]: {
        ...all(ns("a"), lent()),
        ...all(ns("b"), standing()),
        ...all(ns("c"), anElement({ openUntil: at(9) })),
        ...all(ns("d"), anElement({ presenceFrom: at(0) })),
        // A read that showed it would not count yet, so it may have been added since.
        ...all(ns("e"), anElement({ presenceFrom: at(0.001) })),
      },
    };
    for (const step of [DISASSOCIATE, DELETE])
      expect(on(intended(aLedger({ targets }), step))).toEqual({
        "ns/a": lent({ presenceFrom: VISIBLE }),
        "ns/b": standing({ presenceFrom: VISIBLE }),
        "ns/c": anElement({ openUntil: at(9), presenceFrom: VISIBLE }),
        "ns/d": anElement({ presenceFrom: at(0) }),
        "ns/e": anElement({ presenceFrom: VISIBLE }),
      });
  });

  it("An intent changes no other target, unless the call deletes the entry", () => {
    const ledger = aLedger({ targets: { [VIEW]: all(ns("v"), lent()) } });
    expect(on(intended(ledger, DISASSOCIATE), VIEW)).toEqual(on(ledger, VIEW));
    expect(on(intended(ledger, DELETE), VIEW)).toEqual(
      all(ns("v"), lent({ presenceFrom: VISIBLE })),
    );
  });

  it("An intent leaves the namespaces that a whole cluster absorbs as they are", () => {
    const ledger = aLedger({ targets: { [EDIT]: all(ns("a", "b"), lent()) } });
    expect(on(intended(ledger, whole))).toMatchObject({
      "ns/a": lent(),
      "ns/b": lent({ presenceFrom: VISIBLE }),
    });
  });

  it("An intent never shortens a doubt that an earlier call raised", () => {
    const open = { carriedUntil: at(9_000), openUntil: at(8_000), presenceFrom: at(9_000) };
    const ledger = aLedger({ targets: { [EDIT]: all(ns("a"), lent(open)) } });
    expect(on(intended(ledger, associate("a")))).toEqual(on(ledger));
    expect(on(intended(ledger, DISASSOCIATE))).toEqual(on(ledger));
  });

  it("The intent of a create stores its token once, and doubts reads that show no entry", () => {
    const tokens = (...steps: readonly EntryStep[]) => intended(aLedger(), ...steps).entry.tokens;
    expect(intended(aLedger(), create("t")).entry).toMatchObject({
      tokens: ["t"],
      tokenOpen: true,
      createUntil: VISIBLE,
    });
    expect(tokens(create("t"), create("t"))).toEqual(["t"]);
    expect(tokens(create("t"), create("u"))).toEqual(["t", "u"]);
  });

  it("The intent of a deletion doubts reads that still show the entry", () => {
    expect(intended(aLedger({ entry: OURS }), DELETE).entry).toEqual({
      ...aLedger({ entry: OURS }).entry,
      deleteUntil: VISIBLE,
    });
  });
});

describe("An unanswered call", () => {
  it("An unanswered call leaves the ledger as its intent made it", () => {
    for (const step of [associate("a"), DISASSOCIATE, DELETE, create("t")]) {
      const ledger = aLedger({ entry: OURS, targets: { [EDIT]: all(ns("a"), lent()) } });
      expect(ledgerAfter(ledger, step, { kind: "unanswered" })).toEqual(intended(ledger, step));
    }
  });
});

describe("An applied call", () => {
  const SHOWN = at(2 + W);

  it("An applied call has added what it carries, and reads show it one lag after the answer", () => {
    expect(on(ledgerAfter(aLedger(), associate("a"), APPLIED))).toEqual(
      all(ns("a"), lent({ absenceFrom: SHOWN, carriedUntil: SHOWN })),
    );
  });

  it("An applied call leaves baseline elements that it carries with their owner", () => {
    const ledger = aLedger({ targets: { [EDIT]: all(ns("base"), standing()) } });
    expect(on(ledgerAfter(ledger, associate("base", "a"), APPLIED))).toEqual({
      "ns/a": lent({ absenceFrom: SHOWN, carriedUntil: SHOWN }),
      "ns/base": standing({ carriedUntil: SHOWN }),
    });
  });

  it("An applied call leaves an earlier unanswered call with the same element open", () => {
    const open = { openUntil: at(200), carriedUntil: at(255) };
    const ledger = aLedger({ targets: { [EDIT]: all(ns("a"), lent(open)) } });
    expect(on(ledgerAfter(ledger, associate("a"), APPLIED))).toEqual(all(ns("a"), lent(open)));
    expect(on(ledgerAfter(ledger, DISASSOCIATE, APPLIED))).toEqual(
      all(ns("a"), anElement({ ...open, presenceFrom: SHOWN })),
    );
  });

  it("An applied call has removed what it omits, and doubts nothing that was absent before", () => {
    const targets = {
      [EDIT]: {
        ...all(ns("a"), lent()),
        ...all(ns("b"), anElement({ presenceFrom: at(1) })),
        ...all(ns("c"), anElement({ presenceFrom: at(1.001) })),
      },
    };
    for (const step of [DISASSOCIATE, DELETE])
      expect(on(ledgerAfter(aLedger({ targets }), step, APPLIED))).toEqual({
        "ns/a": anElement({ presenceFrom: SHOWN }),
        "ns/b": anElement({ presenceFrom: at(1) }),
        "ns/c": anElement({ presenceFrom: SHOWN }),
      });
  });

  it("An applied call on the whole cluster keeps only the namespaces that it absorbs", () => {
    const ledger = aLedger({ targets: { [EDIT]: all(ns("a", "b"), lent()) } });
    expect(presentOn(ledgerAfter(ledger, whole, APPLIED), EDIT)).toEqual(["cluster", "ns/a"]);
  });

  it("An applied call sets groups in the same way as namespaces", () => {
    const ledger = aLedger({ targets: { [GROUPS]: all(groups(["x"]), lent()) } });
    const step: EntryStep = { kind: "update-groups", groups: ["y"], username: null };
    expect(presentOn(ledgerAfter(ledger, step, APPLIED), GROUPS)).toEqual(groups(["y"]));
  });

  it("An applied deletion has removed the entry with all its targets", () => {
    const targets = { [EDIT]: all(ns("a"), lent()), [VIEW]: all(ns("v"), lent()) };
    const { entry, targets: left } = ledgerAfter(
      aLedger({ entry: OURS, targets }),
      DELETE,
      APPLIED,
    );
    expect(entry).toEqual({
      ...aLedger({ entry: OURS }).entry,
      arn: null,
      owned: false,
      deleteUntil: SHOWN,
    });
    expect(
      Object.values(left).flatMap((each) => Object.values(each).map(({ state }) => state)),
    ).toEqual(["absent", "absent"]);
  });

  it("An applied create has made an entry of ours, and reads show it one lag after the answer", () => {
    const created = { accessEntryArn: "arn:new", createdAt: at(1) };
    expect(ledgerAfter(aLedger(), create("t"), { kind: "applied", created }).entry).toEqual({
      ...aLedger().entry,
      arn: "arn:new",
      bornAt: at(1),
      owned: true,
      tokens: ["t"],
      tokenOpen: false,
      createUntil: SHOWN,
    });
  });

  it("An applied create leaves an earlier unanswered create in doubt", () => {
    const before = aLedger({ entry: { tokens: ["s"], createUntil: at(300) } });
    const created = { accessEntryArn: "arn:new", createdAt: at(1) };
    const { entry } = ledgerAfter(before, create("t"), { kind: "applied", created });
    expect(entry).toMatchObject({ tokens: ["s", "t"], createUntil: at(300) });
  });

  it("A create that is answered with an entry of the past has created nothing", () => {
    const gone = { bornAt: at(0), tokens: ["t"] };
    const made = (createdAt: string) =>
      ledgerAfter(aLedger({ entry: gone }), create("t"), {
        kind: "applied",
        created: { accessEntryArn: "arn:old", createdAt },
      }).entry;
    expect(made(at(-0.001))).toMatchObject({ arn: null, owned: false, tokenOpen: false });
    expect(made(at(0))).toMatchObject({ arn: "arn:old", owned: true });
  });
});

describe("A call answered with a 404", () => {
  const missing: Outcome = { kind: "missing" };

  it("A 404 does not prove absence while an open call may still add the element", () => {
    const ledger = aLedger({
      targets: { [EDIT]: all(ns("a"), anElement({ openUntil: at(200), carriedUntil: at(255) })) },
    });
    expect(ledgerAfter(ledger, DISASSOCIATE, missing)).toEqual(ledger);
  });

  it("A 404 proves the same absence as a read that began with the call", () => {
    const ledger = aLedger({
      targets: {
        [EDIT]: {
          ...all(ns("a"), lent({ absenceFrom: at(1) })),
          ...all(ns("b"), lent({ absenceFrom: at(1.5) })),
        },
      },
    });
    expect(on(ledgerAfter(ledger, DISASSOCIATE, missing))).toEqual({
      "ns/a": anElement({ absenceFrom: at(1), presenceFrom: at(1 + W) }),
      "ns/b": lent({ absenceFrom: at(1.5) }),
    });
  });

  it("A 404 proves that the entry is absent, unless a create of ours may not be visible yet", () => {
    const targets = { [EDIT]: all(ns("a"), lent()) };
    const gone = ledgerAfter(aLedger({ entry: OURS, targets }), DELETE, missing);
    expect(gone.entry).toMatchObject({ arn: null, owned: false, deleteUntil: at(1 + W) });
    expect(presentOn(gone, EDIT)).toEqual([]);
    const creating = aLedger({ entry: { ...OURS, createUntil: at(2) }, targets });
    expect(ledgerAfter(creating, DELETE, missing)).toEqual(creating);
  });
});

describe("Any call", () => {
  const outcomes: readonly Outcome[] = ["missing", "not-applied", "unanswered", "applied"].map(
    (kind) => ({ kind }) as Outcome,
  );

  it("A call that was not made leaves the ledger's knowledge as it was, except for tokens", () => {
    fc.assert(
      fc.property(anyLedger, anyStep, (before, step) => {
        const { entry, ...rest } = ledgerAfter(before, step, { kind: "not-applied" });
        const { tokens } = entry;
        const named = step.kind === "disassociate" || step.kind === "associate";
        const target = named ? step.target : step.kind === "update-groups" ? GROUPS : undefined;
        const known = target === undefined ? {} : { [target]: {} };
        expect({ ...rest, entry }).toEqual({
          ...before,
          targets: { ...known, ...before.targets },
          entry: { ...before.entry, tokens },
        });
      }),
    );
  });

  it("An intent raises doubts and changes no state", () => {
    fc.assert(
      fc.property(anyLedger, fc.array(anyStep, { maxLength: 3 }), (before, steps) => {
        const raised = intended(before, ...steps);
        expect(raised.entry.createUntil >= before.entry.createUntil).toBe(true);
        expect(raised.entry.deleteUntil >= before.entry.deleteUntil).toBe(true);
        for (const [target, elements] of Object.entries(before.targets))
          for (const [name, was] of Object.entries(elements)) {
            const is = raised.targets[target]?.[name];
            expect(is?.state).toBe(was.state);
            expect(is?.absenceFrom).toBe(was.absenceFrom);
            expect((is?.presenceFrom ?? "") >= was.presenceFrom).toBe(true);
            expect((is?.carriedUntil ?? "") >= was.carriedUntil).toBe(true);
            expect((is?.openUntil ?? "") >= (was.openUntil ?? "")).toBe(true);
          }
      }),
    );
  });

  it("A call leaves an earlier unanswered call with the same element open, whatever its outcome", () => {
    fc.assert(
      fc.property(anyLedger, anyStep, fc.constantFrom(...outcomes), (before, step, outcome) => {
        const ledger = ledgerAfter(before, step, outcome);
        for (const [target, elements] of Object.entries(before.targets))
          for (const [name, { openUntil, carriedUntil }] of Object.entries(elements))
            if (openUntil !== null && carriedUntil > at(1))
              expect(ledger.targets[target]?.[name]?.openUntil).not.toBeNull();
      }),
    );
  });

  it("A call never turns an element into baseline", () => {
    fc.assert(
      fc.property(anyLedger, anyStep, fc.constantFrom(...outcomes), (before, step, outcome) => {
        const ledger = ledgerAfter(before, step, outcome);
        for (const [target, elements] of Object.entries(ledger.targets))
          for (const [name, { state }] of Object.entries(elements))
            if (state === "baseline")
              expect(before.targets[target]?.[name]?.state).toBe("baseline");
      }),
    );
  });

  it("An applied call leaves exactly the elements present that it carries or absorbs", () => {
    fc.assert(
      fc.property(anyLedger, anyStep, (before, step) => {
        if (step.kind !== "associate" && step.kind !== "update-groups") return;
        const target = step.kind === "associate" ? step.target : GROUPS;
        const absorbed = step.kind === "associate" ? step.absorbed : [];
        const kept = presentOn(before, target).filter((name) => absorbed.includes(name));
        const present = presentOn(ledgerAfter(before, step, APPLIED), target);
        expect(new Set(present)).toEqual(new Set([...carriedBy(step), ...kept]));
      }),
    );
  });

  it("A call on someone else's entry never makes the entry ours, whatever its outcome", () => {
    for (const outcome of outcomes)
      expect(ledgerAfter(aLedger({ entry: THEIRS }), DISASSOCIATE, outcome).entry).toEqual(
        aLedger({ entry: THEIRS }).entry,
      );
  });
});
