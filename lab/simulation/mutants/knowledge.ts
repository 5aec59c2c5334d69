/** Mutants: what the ledger knows, and what a read proves. */
import type { Mutant } from "./mutant.ts";

const ATTEMPT = "shared/domain/entries/attempt.ts";
const IDENTIFY = "shared/domain/entries/identify.ts";
const LAG = "shared/domain/entries/lag.ts";
const OBSERVE = "shared/domain/entries/observe.ts";
const SIGHT = "shared/domain/entries/element-sight.ts";
const CALL = "shared/usecases/converge/call-entry.ts";

export const KNOWLEDGE: readonly Mutant[] = [
  {
    name: "assumes that reads do not lag",
    edits: [
      {
        file: LAG,
        from: "lag.readLagSeconds + lag.clockDifferenceSeconds",
        to: "0 * lag.readLagSeconds",
      },
    ],
    seed: 12,
    breaks: "end-seen",
  },
  {
    name: "assumes that clocks agree",
    edits: [
      {
        file: LAG,
        from: "lag.readLagSeconds + lag.clockDifferenceSeconds",
        to: "lag.readLagSeconds",
      },
      {
        file: LAG,
        from: "lag.landsWithinSeconds + lag.clockDifferenceSeconds",
        to: "lag.landsWithinSeconds",
      },
    ],
    scenario: "a read lags, and clocks differ",
    breaks: "end-seen",
  },
  {
    name: "takes a namespace for lent that a whole cluster hid when its grant ended",
    edits: [
      {
        file: OBSERVE,
        from: 'presenceIn(found, name) === "hidden" ?',
        to: "lag.readLagSeconds < 0 ?",
      },
    ],
    scenario: "a whole cluster hides what has ended",
    breaks: "others-keep",
  },
  {
    name: "removes blindly from a new entry what no call can have put on it",
    edits: [
      {
        file: OBSERVE,
        from: "mayHaveLandedOn(entry, element, lag) && begunAt < element.presenceFrom",
        to: "begunAt < element.presenceFrom",
      },
    ],
    scenario: "an owner creates an entry again while an addition is open",
    breaks: "others-keep",
  },
  {
    name: "trusts a presence in a read that may be stale",
    edits: [
      {
        file: SIGHT,
        from: "  if (begunAt < element.presenceFrom) return element;\n",
        to: "",
      },
    ],
    scenario: "a stale read shows what was removed",
    breaks: "start-seen",
  },
  {
    name: "trusts an absence in a read that may be stale",
    edits: [
      {
        file: SIGHT,
        from: "  if (begunAt < element.absenceFrom) return element;\n",
        to: "",
      },
    ],
    scenario: "an owner's addition appears in one read and not in the next",
    breaks: "others-keep",
  },
  {
    name: "takes everything on a new entry for baseline",
    edits: [
      {
        file: OBSERVE,
        from: "explains(target, name) && mayHaveLandedOn(entry, element, lag)",
        to: "lag.readLagSeconds < 0",
      },
    ],
    scenario: "a call reaches a new entry",
    breaks: "no-overstay",
  },
  {
    name: "takes elements that others add for its own",
    edits: [
      {
        file: SIGHT,
        from: 'isOurs || isExplained ? "lent" : "baseline"',
        to: '"lent"',
      },
    ],
    seed: 142,
    breaks: "others-keep",
  },
  {
    name: "takes everything that it finds for baseline",
    edits: [
      {
        file: SIGHT,
        from: 'isOurs || isExplained ? "lent" : "baseline"',
        to: '"baseline"',
      },
    ],
    seed: 15,
    breaks: "end-seen",
  },
  {
    name: "saves no intent for a removal",
    edits: [
      {
        file: ATTEMPT,
        from: "return isAbsorbed(step, name) ? element : withPossibleRemoval(element, now, visible);",
        to: "return element;",
      },
      {
        file: ATTEMPT,
        from: "withAllTargets({ ...ledger, entry }, (element) =>\n      withPossibleRemoval(element, now, visible),\n    )",
        to: "({ ...ledger, entry })",
      },
    ],
    seed: 221,
    breaks: "forgotten-once-over",
  },
  {
    name: "closes an open call on the answer to a later one",
    edits: [
      { file: ATTEMPT, from: "  openUntil: before.openUntil,\n", to: "  openUntil: null,\n" },
      {
        file: ATTEMPT,
        from: "  carriedUntil: later(before.carriedUntil, visible),\n",
        to: "  carriedUntil: visible,\n",
      },
    ],
    scenario: "an older call is still unanswered",
    breaks: "no-return",
  },
  {
    name: "treats a 404 as an applied removal",
    edits: [
      {
        file: CALL,
        from: 'answer.result === NOT_FOUND ? "missing" : "applied"',
        to: 'answer.result === "" ? "missing" : "applied"',
      },
    ],
    seed: 115,
    breaks: "removed-within-a-run",
  },
  {
    name: "takes its own entry for another's after a lost answer",
    edits: [
      {
        file: IDENTIFY,
        from: 'known.tokens.includes(entry.tags[TAG_TOKEN] ?? "")',
        to: "known.tokens.length > 99",
      },
    ],
    seed: 14,
    breaks: "forgotten-once-over",
  },
];
