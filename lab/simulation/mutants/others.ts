/** Mutants: what others have on an entry. */
import type { Mutant } from "./mutant.ts";

const CLIENT = "shared/usecases/converge/entry-client.ts";
const FUSES = "shared/domain/entries/fuses.ts";
const KNOWLEDGE = "shared/domain/entries/knowledge.ts";
const REMOVALS = "shared/domain/entries/plan-removals.ts";

export const OTHERS: readonly Mutant[] = [
  {
    name: "deletes entries that it did not create",
    edits: [{ file: REMOVALS, from: "if (!ledger.entry.owned || reading", to: "if (reading" }],
    seed: 11,
    breaks: "others-entry-stays",
  },
  {
    name: "deletes its entry although others use it",
    edits: [
      {
        file: REMOVALS,
        from: "return !isLent && !isUsedByOthers(ledger, reading);",
        to: "return !isLent;",
      },
    ],
    seed: 41,
    breaks: "others-keep",
  },
  {
    name: "ignores the baseline",
    edits: [
      {
        file: KNOWLEDGE,
        from: 'elementsWhere(targets[target], ({ state }) => state === "baseline");',
        to: "elementsWhere(targets[target], () => false);",
      },
    ],
    seed: 7,
    breaks: "others-keep",
  },
  {
    name: "drops the username with the groups",
    edits: [
      {
        file: CLIENT,
        from: "entries.updateGroups(address, session, step.groups, step.username)",
        to: "entries.updateGroups(address, session, step.groups, null)",
      },
    ],
    seed: 26,
    breaks: "username-stays",
  },
  {
    name: "arms a fuse on a target that others use",
    edits: [
      {
        file: FUSES,
        from: "if (target !== GROUPS) return baselineOf(ledger, target).length === 0;",
        to: "if (target !== GROUPS) return true;",
      },
    ],
    seed: 9,
    breaks: "fuse-aimed",
  },
  {
    name: "keeps the fuse for groups on an entry that others use",
    edits: [
      {
        file: FUSES,
        from: "return !isForeign && !isUsedByOthers(ledger, reading);",
        to: "return !isForeign;",
      },
    ],
    seed: 142,
    breaks: "fuse-aimed",
  },
];
