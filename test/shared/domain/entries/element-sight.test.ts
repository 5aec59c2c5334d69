import { describe, expect, it } from "vitest";
import {
  type ElementRead,
  elementAfter,
  gone,
  isEdited,
  type Presence,
  presenceIn,
} from "../../../../shared/domain/entries/element-sight.ts";
import { later } from "../../../../shared/domain/entries/lag.ts";
import type { ElementKnowledge } from "../../../../shared/domain/entries/ledger.ts";
import { anElement, at, lent, ns, standing, W } from "./situations.ts";

const NOW = at(0);
/** Times of the element that are after, at and before the read. */
const TIMES = [at(1), NOW, at(-1)];
const STATES = ["absent", "lent", "baseline"] as const;
const PRESENCES: readonly Presence[] = ["there", "missing", "hidden"];
const BOTH = [false, true];

interface Case {
  readonly before: ElementKnowledge;
  readonly presence: Presence;
  readonly read: ElementRead;
}

/** Every state, with each of its times before and after the read, and each presence. */
const CASES: readonly Case[] = STATES.flatMap((state) =>
  TIMES.flatMap((absenceFrom) =>
    TIMES.flatMap((presenceFrom) =>
      TIMES.flatMap((carriedUntil) =>
        [null, at(-20)].flatMap((openUntil) =>
          PRESENCES.flatMap((presence) =>
            BOTH.flatMap((isYoung) =>
              BOTH.map((isExplained) => ({
                before: { state, absenceFrom, presenceFrom, carriedUntil, openUntil },
                presence,
                read: { begunAt: NOW, visible: at(W), isYoung, isExplained },
              })),
            ),
          ),
        ),
      ),
    ),
  ),
);

const isOpen = ({ before }: Case) => before.openUntil !== null;
const isPresent = ({ before }: Case) => before.state !== "absent";
const became = (of: Partial<ElementKnowledge>) => () => of;
const appears = (state: ElementKnowledge["state"]) => () => ({ state, absenceFrom: at(W) });
/** A read that begins once every call that carries the element has landed. */
const closes = ({ before }: Case) => before.carriedUntil <= NOW;
/** It was lent, nothing explains it, and the read proves its absence. */
const isLeftBehind = (each: Case) =>
  each.before.state === "lent" &&
  !each.read.isExplained &&
  each.before.absenceFrom <= NOW &&
  closes(each);
const nothing = became({});

type Row = readonly [
  rule: string,
  applies: (each: Case) => boolean,
  change: (each: Case) => Partial<ElementKnowledge>,
];

/** The first row that applies says what the read changes. */
const RULES: readonly Row[] = [
  [
    "a whole cluster hides it, and no grant that lent it is open",
    (c) => c.presence === "hidden" && isLeftBehind(c),
    became({ state: "absent", presenceFrom: at(W), openUntil: null }),
  ],
  ["a whole cluster hides it", ({ presence }) => presence === "hidden", nothing],
  ["it is present, as known", (c) => c.presence === "there" && isPresent(c), nothing],
  [
    "it is present, as before we removed it",
    ({ presence, before }) => presence === "there" && before.presenceFrom > NOW,
    nothing,
  ],
  ["an open call added it", (c) => c.presence === "there" && isOpen(c), appears("lent")],
  [
    "the entry is too new for its List to show what others added",
    ({ presence, read }) => presence === "there" && read.isYoung,
    nothing,
  ],
  [
    "a grant explains it",
    ({ presence, read }) => presence === "there" && read.isExplained,
    appears("lent"),
  ],
  ["its owner added it", ({ presence }) => presence === "there", appears("baseline")],
  [
    "it is missing, as known, and the call that might have added it is closed",
    (c) => !isPresent(c) && isOpen(c) && closes(c),
    became({ openUntil: null, presenceFrom: at(W) }),
  ],
  ["it is missing, as known", (c) => !isPresent(c), nothing],
  ["it is missing, as before it was added", ({ before }) => before.absenceFrom > NOW, nothing],
  [
    "the entry is too new for its List to show that others removed it",
    ({ read, before }) => read.isYoung && before.state === "baseline",
    nothing,
  ],
  [
    "it is missing, and a call of ours may still add it again",
    (c) => !closes(c),
    became({ state: "lent" }),
  ],
  ["it is gone", () => true, became({ state: "absent", presenceFrom: at(W), openUntil: null })],
];

const rowOf = (each: Case) => RULES.find(([, applies]) => applies(each));

describe.each(RULES)("An element of which %s", (rule, _, change) => {
  const cases = CASES.filter((each) => rowOf(each)?.[0] === rule);

  it(`An element follows the rule "${rule}" in each of its ${cases.length} cases`, () => {
    expect(cases).not.toEqual([]);
    for (const each of cases)
      expect(elementAfter(each.before, each.presence, each.read), JSON.stringify(each)).toEqual({
        ...each.before,
        ...change(each),
      });
  });
});

describe("An element after any read", () => {
  const read = ({ before, presence, read: by }: Case) => elementAfter(before, presence, by);

  it("A read never makes an element baseline if a call of ours is open or a grant explains it", () => {
    for (const each of CASES)
      if (each.before.state !== "baseline" && (isOpen(each) || each.read.isExplained))
        expect(read(each).state, JSON.stringify(each)).not.toBe("baseline");
  });

  it("A read never shortens a doubt about an element", () => {
    for (const each of CASES) {
      const next = read(each);
      for (const time of ["absenceFrom", "presenceFrom", "carriedUntil"] as const)
        expect(next[time] >= each.before[time]).toBe(true);
      expect(next.carriedUntil).toBe(each.before.carriedUntil);
    }
  });

  it("A read keeps the later of two times", () => {
    const read = { begunAt: NOW, visible: at(W), isYoung: false, isExplained: true };
    const late = { absenceFrom: at(-1), presenceFrom: at(900) };
    expect(elementAfter(lent(late), "missing", read).presenceFrom).toBe(at(900));
    const early = { absenceFrom: at(900), presenceFrom: at(-1) };
    expect(elementAfter(anElement(early), "there", read).absenceFrom).toBe(at(900));
  });
});

describe("An element of a deleted entry", () => {
  it.each([
    ["absent", anElement({ openUntil: at(9), carriedUntil: at(9) }), { openUntil: at(9) }],
    [
      "absent",
      anElement({ openUntil: at(9), carriedUntil: NOW }),
      { openUntil: null, presenceFrom: at(W) },
    ],
    ["lent", lent({ presenceFrom: at(-9) }), { presenceFrom: at(W) }],
    ["baseline", standing({ presenceFrom: at(99) }), { presenceFrom: at(99) }],
  ])(
    "An element (%s) of a deleted entry is absent, and stays open while a call may land",
    (_, before, change) => {
      expect(gone(before, NOW, at(W))).toEqual({ ...before, state: "absent", ...change });
    },
  );

  it("An element that was certainly absent raises no doubt when its entry is gone", () => {
    const before = anElement({ presenceFrom: at(-9) });
    expect(gone(before, NOW, at(W)).presenceFrom).toBe(later(at(-9), before.presenceFrom));
  });
});

describe("An edit by someone else", () => {
  const read = (over: Partial<ElementRead> = {}): ElementRead => ({
    begunAt: NOW,
    visible: at(W),
    isYoung: false,
    isExplained: true,
    ...over,
  });

  it.each([
    ["no", "nothing changed", lent(), lent(), {}],
    ["an", "the owner has added an element", anElement(), standing(), { isExplained: false }],
    ["an", "the owner removed an element", standing(), anElement(), { isExplained: false }],
    ["an", "a call of ours may bring back what the owner removed", standing(), lent(), {}],
    ["an", "what we lend was removed", lent(), anElement(), {}],
    ["no", "what nothing explains is gone", lent(), anElement(), { isExplained: false }],
    ["no", "what we are taking away is gone", lent({ presenceFrom: at(1) }), anElement(), {}],
    ["an", "what we lend was removed since now", lent({ presenceFrom: NOW }), anElement(), {}],
    ["no", "a call without an answer took effect", anElement(), lent(), {}],
  ])("The broker sees %s edit where %s", (edit, _, before, after, over) => {
    expect(isEdited(before, after, read(over))).toBe(edit === "an");
  });
});

it.each([
  [ns("a"), "ns/a", "there"],
  [ns("b"), "ns/a", "missing"],
  [[], "cluster", "missing"],
  [["cluster"], "cluster", "there"],
  [["cluster"], "ns/a", "hidden"],
  [ns("a"), "cluster", "missing"],
] as const)("On %j the element %s is %s", (found, name, presence) => {
  expect(presenceIn(found, name)).toBe(presence);
});
