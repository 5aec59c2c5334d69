/** Mutants: when a binding is worked on, and what a run leaves. */
import type { Mutant } from "./mutant.ts";

const JOURNAL = "shared/usecases/converge/run-journal.ts";
const PARK = "shared/usecases/converge/park-binding.ts";
const PASS = "shared/usecases/converge/pass.ts";
const STUCK = "shared/usecases/converge/stuck-records.ts";
const SUBJECT = "shared/usecases/converge/look-up-subject.ts";
const SWEEP = "shared/usecases/converge/sweep.ts";
const WORLD = "lab/simulation/world-ports.ts";

export const WORK: readonly Mutant[] = [
  {
    name: "takes up a planted record for ever",
    edits: [
      {
        file: STUCK,
        from: "stuck: new Map([...earlier.stuck, ...stuck.map(versionOf)])",
        to: "stuck: new Map([...earlier.stuck])",
      },
    ],
    scenario: "a planted record is due no more",
  },
  {
    name: "lets a record that cannot end hold up its entry",
    edits: [
      { file: STUCK, from: "? !begun[id]?.over : unshown.has(id)", to: "? true : unshown.has(id)" },
    ],
    scenario: "a record is older than its history",
  },
  {
    name: "forgets between two runs which records are stuck",
    edits: [{ file: PASS, from: "...Object.entries(ledger?.stuck ?? {}), ", to: "" }],
    scenario: "a record is older than its history",
  },
  {
    name: "gives up after three failures",
    edits: [
      {
        file: PARK,
        from: "const retry = isUnfinished ?",
        to: "const retry = isUnfinished && attempts < 3 ?",
      },
    ],
    seed: 36,
    breaks: "starts-in-time",
  },
  {
    name: "makes no drift check",
    edits: [
      {
        file: PARK,
        from: '({ state }) => state === "active") ? IN_TURN',
        to: '({ state }) => state === "ended") ? IN_TURN',
      },
    ],
    scenario: "somebody takes lent access away",
    breaks: "active-has-access",
  },
  {
    name: "misses a time that passes during a run",
    edits: [
      {
        file: PARK,
        from: "at !== null && at > now)",
        to: "at !== null && at > ports.clock.now())",
      },
    ],
    scenario: "a grant's end comes during a run",
    breaks: "starts-in-time",
  },
  {
    name: "loses the calls of a pass that lost a race",
    edits: [
      {
        file: JOURNAL,
        from: "    for (const id of served) this.#calls.set(id, [...this.of(id), record]);\n",
        to: "    for (const id of served) this.#calls.set(id, [record]);\n",
      },
    ],
    seed: 33,
    breaks: "evidence-whole",
  },
  {
    name: "throws on a message for an unknown binding",
    edits: [
      {
        file: PASS,
        from: "  if (!subject) return { from, view, pass: undefined };\n",
        to: '  if (!subject) throw new BrokerError("dependency-unavailable", "There is nothing.");\n',
      },
      {
        file: PASS,
        from: "import { isEmpty,",
        to: 'import { BrokerError } from "../../domain/values/errors.ts";\nimport { isEmpty,',
      },
    ],
    seed: 10,
    breaks: "no-dead-letter",
  },
  {
    name: "throws when the principal is gone",
    edits: [
      {
        file: SUBJECT,
        from: "() => entry.principal()",
        to: '() => entry.principal().then((found) => { if (!found) throw new TypeError("found is undefined"); return found; })',
      },
    ],
    seed: 10,
    breaks: "no-surprise",
  },
  {
    name: "keeps a binding due although its ledger is empty",
    edits: [
      { file: PASS, from: "stored && !isEmpty(stored) ? stored : undefined", to: "stored" },
      {
        file: PARK,
        from: "const isNothingLeft = open.length === 0",
        to: "const isNothingLeft = open.length < 0",
      },
    ],
    scenario: "a cluster goes after its last grant",
    breaks: "nothing-left",
  },
  {
    name: "sends due bindings only in the first sweep",
    edits: [
      {
        file: SWEEP,
        from: "const turn = floorTo(now, ports.settings.sweepPeriodSeconds / 2);",
        to: "const turn = floorTo(now, 86_400);",
      },
    ],
    seed: 2,
    breaks: "final-in-time",
  },
  {
    name: "deduplicates messages by binding and cause",
    edits: [
      {
        file: WORLD,
        from: "queue.send(subject, cause, fresh())",
        to: 'queue.send(subject, cause, [subject, cause].join(" "))',
      },
    ],
    seed: 8,
    breaks: "starts-in-time",
  },
];
