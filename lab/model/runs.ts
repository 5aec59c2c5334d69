/** The runs of the model. Each sets macros of `binding.pml`, and must hold or be refuted. */

/** Bounds of a run. Stale reads, crashes and unanswered calls occur in every run, without bound. */
interface Bounds {
  readonly grants: 1 | 2;
  /** Edits by others in one history. */
  readonly edits: number;
  /** Open calls besides the newest run's: unanswered ones, and those of overtaken runs. */
  readonly late: 0 | 1 | 2;
  /** Ticks until W has passed: 2 lets two reads disagree on which windows have passed. */
  readonly lag: 1 | 2;
  /** Access entries that reads may still show at once. */
  readonly entries: 2 | 3;
}

export interface Run {
  readonly name: string;
  readonly shows: string;
  /** `holds` in every history, or has a counterexample. */
  readonly expected: "holds" | "refuted";
  readonly bounds: Bounds;
  readonly macros: readonly string[];
  /** Whether it belongs to the subset that takes less than a minute. */
  readonly quick: boolean;
}

const LEAST: Bounds = { grants: 2, edits: 0, late: 0, lag: 1, entries: 2 };

const holds = (
  name: string,
  bounds: Partial<Bounds>,
  shows: string,
  options: { readonly quick?: boolean; readonly macros?: readonly string[] } = {},
): Run => ({
  name,
  shows,
  expected: "holds",
  bounds: { ...LEAST, ...bounds },
  macros: options.macros ?? [],
  quick: options.quick ?? false,
});

/** Runs of the correct protocol. */
const PROTOCOL: readonly Run[] = [
  holds("answers", {}, "safe with stale reads, crashes, and calls that land without an answer", {
    quick: true,
  }),
  holds("late", { late: 1 }, "safe with a run that is overtaken, or a call that lands late"),
  holds(
    "apart",
    {},
    "safe where each grant lends an element of its own, and one is narrowed away",
    { macros: ["APART"] },
  ),
  holds("lag", { lag: 2 }, "safe where two reads disagree on which windows have passed"),
  holds("edit", { grants: 1, edits: 1 }, "safe with an edit by others"),
  holds("split", {}, "safe where a run pauses between its load and its read", {
    macros: ["SPLIT"],
  }),
  holds("fuse", {}, "a fuse that the ledger records as armed is never deleted", {
    macros: ["FUSE"],
  }),
  holds(
    "quiet",
    { grants: 1 },
    "every grant is final and the ledger empty, six sweeps after the last fault",
    {
      quick: true,
      macros: ["QUIET"],
    },
  ),
];

type Broken = readonly [
  macro: string,
  bounds: Partial<Bounds>,
  shows: string,
  ...more: readonly string[],
];

/** These take too long for the quick subset. */
const SLOW: ReadonlySet<string> = new Set([
  "FIRST_LOOK_IS_NO_FLIP",
  "REPLACEMENT_SEEN_AGAIN",
  "SETTLED_DOUBT_IS_NO_FLIP",
  "REACHES_END",
  "REFUSAL_NOT_STORED",
  "FUSE_NAME_REUSED",
]);

/** Each breaks one rule, under the smallest bounds that show why the rule is needed. */
const BROKEN: readonly Broken[] = [
  ["NO_INTENT", {}, "calls are made before the ledger says so"],
  ["NO_INTENT_FOR_REMOVALS", { late: 1 }, "a removal is called before the ledger says so"],
  ["NO_FENCE", { late: 1 }, "a run stores its ledger over a later one", "SPLIT"],
  ["CONCLUDES_WITHOUT_LAG", { late: 1 }, "an end counts from the answer, and not W later"],
  ["ENDED_ON_FIRST_ABSENCE", {}, "any absence is an end"],
  ["PRESENCE_BELIEVED", {}, "what was removed is seen again, and becomes baseline", "APART"],
  [
    "REPLACEMENT_ALL_BASELINE",
    { grants: 1, edits: 1 },
    "on an entry that others replaced, a late call's access is baseline",
  ],
  [
    "REPLACEMENT_ALL_OURS",
    { grants: 1, edits: 1 },
    "on an entry that others replaced, what they put is ours",
  ],
  ["NO_SAVE_BEFORE_END", {}, "a grant ends, and its run has saved nothing", "SPLIT"],
  ["LEDGER_DELETED", {}, "an empty ledger is deleted, and its absence is no revision", "SPLIT"],
  ["GRANTS_BEFORE_LEDGER", { late: 1 }, "the grants are read before the ledger", "SPLIT"],
  ["UNCERTAINTY_OVERWRITTEN", { late: 1 }, "an answer forgets an older open call"],
  ["NOT_FOUND_IS_DONE", {}, "a 404 settles what an open call may still bring"],
  ["YOUNG_LIST_BELIEVED", { grants: 1, edits: 1 }, "the List of a young entry is believed"],
  ["FORGOTTEN_WITH_LAST_GRANT", {}, "the ledger goes with its last grant"],
  ["FUSE_NAME_REUSED", {}, "a fuse is armed under a name that another run deletes", "FUSE"],
  ["TOO_LATE_AFTER_BEGUN", {}, "a grant that has begun fails as too late"],
  ["REFUSAL_NOT_STORED", { late: 1 }, "a grant fails, and no ledger says so first"],
  ["ACCESS_BEFORE_SCHEDULE", {}, "access is given before its schedule exists"],
  ["FIRST_LOOK_IS_NO_FLIP", { grants: 1, edits: 1 }, "an older read ends a new baseline at once"],
  [
    "REPLACEMENT_SEEN_AGAIN",
    { edits: 1 },
    "on an entry that others replaced, what was removed is seen again",
  ],
  [
    "SETTLED_DOUBT_IS_NO_FLIP",
    { grants: 1, edits: 1 },
    "an absence settles a doubt, and an older presence counts",
  ],
];

const kebab = (macro: string) => macro.toLowerCase().replaceAll("_", "-");

const broken = ([macro, bounds, shows, ...more]: Broken): Run => ({
  name: kebab(macro),
  shows: `refuted: ${shows}`,
  expected: "refuted",
  bounds: { ...LEAST, ...bounds },
  macros: [macro, ...more],
  quick: !SLOW.has(macro),
});

/** The model reaches these states; otherwise a run that holds would prove nothing. */
const REACHED: readonly Broken[] = [
  ["REACHES_END", {}, "both grants are over, and the ledger is empty"],
  ["REACHES_OVERLAP", { late: 1 }, "three runs overlap while reads lag"],
];

export const RUNS: readonly Run[] = [
  ...PROTOCOL,
  ...BROKEN.map(broken),
  ...REACHED.map((each) => ({ ...broken(each), shows: `reached: ${each[2]}` })),
];
