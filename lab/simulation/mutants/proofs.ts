/** Mutants: what proves that access is present or gone. */
import type { Mutant } from "./mutant.ts";

const PROOF = "shared/domain/entries/proof.ts";
const END_PROOF = "shared/domain/entries/end-proof.ts";

export const PROOFS: readonly Mutant[] = [
  {
    name: "reports an end on the first absence",
    edits: [
      {
        file: PROOF,
        from: "!entry?.targets[target]?.includes(name) && carriedUntil <= begunAt",
        to: "!entry?.targets[target]?.includes(name) && carriedUntil !== begunAt",
      },
    ],
    seed: 84,
    breaks: "end-seen",
  },
  {
    name: "reports an end without a read",
    edits: [
      {
        file: PROOF,
        from: "!entry?.targets[target]?.includes(name) && carriedUntil <= begunAt",
        to: "(entry !== null || target !== name) && carriedUntil <= begunAt",
      },
    ],
    scenario: "no read shows a removal yet",
    breaks: "end-seen",
  },
  {
    name: "reports access as active before a read shows it",
    edits: [
      {
        file: PROOF,
        from: "  scopeCovers(entry?.targets[target] ?? EMPTY, elements) &&\n",
        to: "",
      },
    ],
    scenario: "access is added that no read shows yet",
    breaks: "start-seen",
  },
  {
    name: "reports access as active on a read from before its removal",
    edits: [
      {
        file: PROOF,
        from: " &&\n  scopeCovers(certainOn(ledger, target, begunAt), elements);",
        to: ";",
      },
    ],
    scenario: "a stale read shows what was removed",
    breaks: "start-seen",
  },
  {
    name: "reports access as active while a removal without an answer may take it",
    edits: [
      {
        file: PROOF,
        from: "certainOn(ledger, target, begunAt)",
        to: 'certainOn(ledger, target, "at any time")',
      },
    ],
    scenario: "a removal is open when the next grant begins",
    breaks: "start-seen",
  },
  {
    name: "waits for the window of every element",
    edits: [
      {
        file: PROOF,
        from: "isUntouched(element) || isProvenAbsent(element, target, name, seen)",
        to: "isUntouched !== undefined && Object.values(ledger.targets).flatMap((each) => Object.values(each)).every(({ carriedUntil }) => isProvenAbsent({ ...element, carriedUntil }, target, name, seen))",
      },
    ],
    scenario: "other grants begin all the time",
    breaks: "final-in-time",
  },
  {
    name: "says that nothing of an ended grant's access is given by another",
    edits: [
      { file: END_PROOF, from: "stayed: setOf(stayed),", to: "stayed: setOf(stayed.slice(0, 0))," },
    ],
    seed: 7,
    breaks: "claims-true",
  },
  {
    name: "says that another gives what nobody gives",
    edits: [
      {
        file: END_PROOF,
        from: "reaches(given, each));",
        to: "reaches(given, each) || found.length >= 0);",
      },
    ],
    seed: 2,
    breaks: "claims-true",
  },
  {
    name: "says of a grant that had begun that nothing was lent",
    edits: [{ file: END_PROOF, from: "if (!own.hasBegun) return", to: "if (own.isOver) return" }],
    seed: 2,
    breaks: "claims-true",
  },
];
