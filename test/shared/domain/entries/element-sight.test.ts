import { describe, expect, it } from "vitest";
import {
  type ElementRead,
  gone,
  isEdited,
  type Presence,
  presenceIn,
  sighted,
} from "../../../../shared/domain/entries/element-sight.ts";
import { later } from "../../../../shared/domain/entries/lag.ts";
import type { ElementKnowledge } from "../../../../shared/domain/entries/ledger.ts";
import { anElement, at, lent, ns, standing, W } from "./situations.ts";

const NOW = at(0);
/** Where a read comes before a time of the element, at it, and after it. */
const TIMES = [at(1), NOW, at(-1)];
const STATES = ["absent", "lent", "baseline"] as const;
const PRESENCES: readonly Presence[] = ["there", "missing", "hidden"];
const BOTH = [false, true];

interface Case {
  readonly before: ElementKnowledge;
  readonly presence: Presence;
  readonly read: ElementRead;
}

/** Every state, before and after each of its times, seen in each way. */
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
/** A read at or after the last landing of all that carries it. */
const closes = ({ before }: Case) => before.carriedUntil <= NOW;
/** It was lent, nothing explains it, and the read counts for its absence. */
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
    "a whole cluster hides it, and no grant that lent it is left",
    (c) => c.presence === "hidden" && isLeftBehind(c),
    became({ state: "absent", presenceFrom: at(W), openUntil: null }),
  ],
  ["a whole cluster hides it", ({ presence }) => presence === "hidden", nothing],
  ["it is there, as known", (c) => c.presence === "there" && isPresent(c), nothing],
  [
    "it is there, as it was before we took it away",
    ({ presence, before }) => presence === "there" && before.presenceFrom > NOW,
    nothing,
  ],
  ["it came by an open call", (c) => c.presence === "there" && isOpen(c), appears("lent")],
  [
    "the entry is too young for its List to say what others put there",
    ({ presence, read }) => presence === "there" && read.isYoung,
    nothing,
  ],
  [
    "a grant explains it",
    ({ presence, read }) => presence === "there" && read.isExplained,
    appears("lent"),
  ],
  ["its owner put it there", ({ presence }) => presence === "there", appears("baseline")],
  [
    "it is missing, as known, and the call that might have brought it is closed",
    (c) => !isPresent(c) && isOpen(c) && closes(c),
    became({ openUntil: null, presenceFrom: at(W) }),
  ],
  ["it is missing, as known", (c) => !isPresent(c), nothing],
  ["it is missing, as before it came", ({ before }) => before.absenceFrom > NOW, nothing],
  [
    "the entry is too young for its List to say that others removed it",
    ({ read, before }) => read.isYoung && before.state === "baseline",
    nothing,
  ],
  [
    "it is missing, and a call of ours may still bring it back",
    (c) => !closes(c),
    became({ state: "lent" }),
  ],
  ["it is gone", () => true, became({ state: "absent", presenceFrom: at(W), openUntil: null })],
];

const rowOf = (each: Case) => RULES.find(([, applies]) => applies(each));

describe.each(RULES)("an element of which %s", (rule, _, change) => {
  const cases = CASES.filter((each) => rowOf(each)?.[0] === rule);

  it(`changes as it should in each of its ${cases.length} cases`, () => {
    expect(cases).not.toEqual([]);
    for (const each of cases)
      expect(sighted(each.before, each.presence, each.read), JSON.stringify(each)).toEqual({
        ...each.before,
        ...change(each),
      });
  });
});

describe("an element after any read", () => {
  const read = ({ before, presence, read: by }: Case) => sighted(before, presence, by);

  it("is never the owner's where a call of ours is open or a grant explains it", () => {
    for (const each of CASES)
      if (each.before.state !== "baseline" && (isOpen(each) || each.read.isExplained))
        expect(read(each).state, JSON.stringify(each)).not.toBe("baseline");
  });

  it("keeps its latest times: a doubt is not shortened by what is read", () => {
    for (const each of CASES) {
      const next = read(each);
      for (const time of ["absenceFrom", "presenceFrom", "carriedUntil"] as const)
        expect(next[time] >= each.before[time]).toBe(true);
      expect(next.carriedUntil).toBe(each.before.carriedUntil);
    }
  });

  it("keeps the later of two times where one is later than the read makes it", () => {
    const read = { begunAt: NOW, visible: at(W), isYoung: false, isExplained: true };
    const late = { absenceFrom: at(-1), presenceFrom: at(900) };
    expect(sighted(lent(late), "missing", read).presenceFrom).toBe(at(900));
    const early = { absenceFrom: at(900), presenceFrom: at(-1) };
    expect(sighted(anElement(early), "there", read).absenceFrom).toBe(at(900));
  });
});

describe("an element of an entry that is gone", () => {
  it.each([
    ["absent", anElement({ openUntil: at(9), carriedUntil: at(9) }), { openUntil: at(9) }],
    [
      "absent",
      anElement({ openUntil: at(9), carriedUntil: NOW }),
      { openUntil: null, presenceFrom: at(W) },
    ],
    ["lent", lent({ presenceFrom: at(-9) }), { presenceFrom: at(W) }],
    ["baseline", standing({ presenceFrom: at(99) }), { presenceFrom: at(99) }],
  ])("is absent where it was %s, and stays open while a call may land", (_, before, change) => {
    expect(gone(before, NOW, at(W))).toEqual({ ...before, state: "absent", ...change });
  });

  it("raises no doubt where it was not there, and no call might have brought it", () => {
    const before = anElement({ presenceFrom: at(-9) });
    expect(gone(before, NOW, at(W)).presenceFrom).toBe(later(at(-9), before.presenceFrom));
  });
});

describe("an edit by others", () => {
  const read = (over: Partial<ElementRead> = {}): ElementRead => ({
    begunAt: NOW,
    visible: at(W),
    isYoung: false,
    isExplained: true,
    ...over,
  });

  it.each([
    ["no", "nothing changed", lent(), lent(), {}],
    ["an", "the owner added an element", anElement(), standing(), { isExplained: false }],
    ["an", "the owner removed an element", standing(), anElement(), { isExplained: false }],
    ["an", "a call of ours may bring back what the owner removed", standing(), lent(), {}],
    ["an", "what we lend was removed", lent(), anElement(), {}],
    ["no", "what nothing explains is gone", lent(), anElement(), { isExplained: false }],
    ["no", "what we are taking away is gone", lent({ presenceFrom: at(1) }), anElement(), {}],
    ["no", "a call without an answer took effect", anElement(), lent(), {}],
  ])("is seen as %s edit where %s", (edit, _, before, after, over) => {
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
] as const)("on %j the element %s is %s", (found, name, presence) => {
  expect(presenceIn(found, name)).toBe(presence);
});
