/** What is checked: each run sets macros of `binding.pml`, and is expected to hold or to be refuted. */

/** How often each fault may strike in one history; `late`: how many unanswered calls lie open at once. */
export interface Faults {
  readonly crashes: number;
  readonly unknowns: number;
  readonly busies: number;
  readonly edits: number;
  readonly late: number;
}

export interface Run {
  readonly name: string;
  readonly shows: string;
  /** `safety`: in no state; `liveness`: sooner or later, under weak fairness. */
  readonly kind: "safety" | "liveness";
  /** `holds` in every history, or has a counterexample. */
  readonly expected: "holds" | "refuted";
  readonly faults: Faults;
  readonly macros: readonly string[];
  /** Whether it belongs to the subset that takes less than a minute. */
  readonly quick: boolean;
}

const NO_FAULTS: Faults = { crashes: 0, unknowns: 0, busies: 0, edits: 0, late: 1 };

const holds = (
  name: string,
  kind: Run["kind"],
  faults: Partial<Faults>,
  shows: string,
  options: { readonly quick?: boolean; readonly macros?: readonly string[] } = {},
): Run => ({
  name,
  shows,
  kind,
  expected: "holds",
  faults: { ...NO_FAULTS, ...faults },
  macros: options.macros ?? [],
  quick: options.quick ?? false,
});

/** The protocol as it should be. */
const PROTOCOL: readonly Run[] = [
  holds(
    "safety-crash-edit",
    "safety",
    { crashes: 1, edits: 1 },
    "safe with a crash anywhere and an edit by others",
    { quick: true },
  ),
  holds(
    "safety-unknown-busy",
    "safety",
    { unknowns: 1, busies: 1 },
    "safe with a call without an answer and a call turned away",
    { quick: true },
  ),
  holds(
    "safety-two-crashes-edit",
    "safety",
    { crashes: 2, unknowns: 1, edits: 1 },
    "safe with two crashes, a call without an answer and an edit",
  ),
  holds(
    "safety-two-late-calls",
    "safety",
    { crashes: 2, unknowns: 1, late: 2 },
    "safe with two crashes and two late calls open at once",
  ),
  holds(
    "safety-each-fault",
    "safety",
    { crashes: 1, unknowns: 1, busies: 1, edits: 1 },
    "safe with every kind of fault in one history",
  ),
  holds(
    "safety-two-edits",
    "safety",
    { busies: 1, edits: 2 },
    "safe with two edits and a call turned away",
  ),
  holds(
    "liveness-crash",
    "liveness",
    { crashes: 1 },
    "both grants end and the ledger goes, with a crash; messages and schedules may be lost",
  ),
  holds(
    "liveness-unknown",
    "liveness",
    { unknowns: 1 },
    "the same with a call without an answer, which may land late",
  ),
  holds("liveness-busy", "liveness", { busies: 1 }, "the same with a call turned away"),
  holds("liveness-edit", "liveness", { edits: 1 }, "the same with an edit by others"),
  holds(
    "liveness-no-sweep",
    "liveness",
    { crashes: 1, late: 0 },
    "without the sweep: access goes by the schedules and the queue alone, with a crash",
    { macros: ["NO_SWEEP"] },
  ),
];

type Broken = readonly [
  macro: string,
  faults: Partial<Faults>,
  shows: string,
  kind?: Run["kind"],
  more?: readonly string[],
];

/** Each breaks one rule, under the least faults that show why the rule is there. */
const BROKEN: readonly Broken[] = [
  ["ACCESS_BEFORE_SCHEDULE", {}, "access is given before its schedule exists"],
  ["NO_SERIALIZATION", {}, "two workers at one binding"],
  ["NO_INTENT", { crashes: 1 }, "what is attempted is written after it is"],
  ["NO_VERSION_CONDITION", {}, "steps are stored over those of others"],
  ["TOLD_BEFORE_SEEN", { busies: 1 }, "success is told without reading back"],
  ["NO_UNCERTAIN_WINDOW", { unknowns: 1 }, "an end is told while a call may still land"],
  [
    "CERTAIN_WHEN_TOLD",
    { unknowns: 1 },
    "the window is over when it is told, not when it was read",
  ],
  ["BASELINE_IGNORED", {}, "what was there before us is taken as ours"],
  ["EDITS_IGNORED", { edits: 1 }, "others' edits do not change the baseline"],
  [
    "NEWCOMER_TAKEN_AS_ATTEMPTED",
    { crashes: 1, edits: 1 },
    "an entry of others is held to our attempt",
  ],
  ["OWN_ENTRY_TAKEN_AS_FOREIGN", {}, "an entry with our token is taken as somebody's"],
  [
    "TOKEN_FORGOTTEN_WHILE_UNCERTAIN",
    { unknowns: 1 },
    "a token is given up while its create may land",
  ],
  ["LAST_SCOPE_WINS", {}, "one grant's scope instead of the union"],
  ["BLIND_DISASSOCIATE", {}, "an association is removed and made again"],
  ["DELETE_ALWAYS", {}, "an entry is deleted whoever made it"],
  ["LOST_STEP_FORGETS_CLAIM", { edits: 1 }, "a grant whose step was lost explains nothing"],
  ["LEDGER_FORGOTTEN_EARLY", { unknowns: 1 }, "the ledger goes before its grants have ended"],
  ["LEDGER_FORGOTTEN_WITH_ENTRY_LEFT", { busies: 2 }, "the ledger goes while our entry is there"],
  ["UNSEEN_SLEEPS", { edits: 1 }, "a grant that was not seen to begin is not looked at again"],
  [
    "UNTOUCHED_TAKEN_AS_OURS",
    {},
    "standing access that we never touched keeps a grant from ending",
    "liveness",
  ],
  [
    "ENDING_SLEEPS",
    { unknowns: 1 },
    "a grant that ends is not looked at after the window",
    "liveness",
  ],
  [
    "ACCESS_BEFORE_SCHEDULE",
    { crashes: 1, late: 0 },
    "the same, without the sweep: access stays",
    "liveness",
    ["NO_SWEEP"],
  ],
  [
    "SCHEDULE_LOST",
    { late: 0 },
    "neither sweep nor schedule: access stays",
    "liveness",
    ["NO_SWEEP"],
  ],
];

const kebab = (macro: string) => macro.toLowerCase().replaceAll("_", "-");

const broken = ([macro, faults, shows, kind = "safety", more = []]: Broken): Run => ({
  name: [kebab(macro), ...more.map(kebab)].join("+"),
  shows: `refuted: ${shows}`,
  kind,
  expected: "refuted",
  faults: { ...NO_FAULTS, ...faults },
  macros: [macro, ...more],
  quick: true,
});

/** That these states are reached shows that the runs that hold do not hold of nothing. */
const REACHED: readonly Broken[] = [
  ["REACHES_BOTH_ACTIVE", { crashes: 1, edits: 1 }, "both active, after a crash and an edit"],
  [
    "REACHES_LATE_END",
    { crashes: 1, unknowns: 1 },
    "both ended, after a crash and an unanswered call",
  ],
];

export const RUNS: readonly Run[] = [
  ...PROTOCOL,
  ...BROKEN.map(broken),
  ...REACHED.map((each) => ({ ...broken(each), shows: `reached: ${each[2]}` })),
];
