/** Mutants: what others add to an entry that a call of ours deletes. */
import type { Mutant } from "./mutant.ts";

const EXPLAIN = "shared/domain/evidence/calls/explain-event.ts";
const TAKEN = "shared/domain/evidence/calls/taken-with-entry.ts";

export const DELETIONS: readonly Mutant[] = [
  {
    name: "keeps quiet about what a deletion took from an expected principal",
    edits: [
      {
        file: EXPLAIN,
        from: "const taken = addsAccess(event) ?",
        to: "const taken = addsAccess(event) && !known.expected?.some((each) => isExpected(each, caller)) ?",
      },
    ],
    scenario: "a deletion takes what an expected principal added",
    breaks: "changes-found",
  },
  {
    name: "finds that a deletion took what others add an hour later",
    edits: [
      {
        file: TAKEN,
        from: "const from = plusSeconds(event.eventTime, -ahead);",
        to: "const from = plusSeconds(event.eventTime, -ahead - 3_600);",
      },
    ],
    seed: 2,
    breaks: "no-false-finding",
  },
  {
    name: "does not wait for a deletion that may take what others add",
    edits: [
      {
        file: TAKEN,
        from: "if (ends.length > 0 && now < shown) return shown;",
        to: "",
      },
      { file: TAKEN, from: "return isOver && now < recorded", to: "return isOver && now < shown" },
    ],
    scenario: "an addition is known before its deletion",
    breaks: "changes-found",
  },
];
