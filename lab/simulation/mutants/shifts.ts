/** Mutants: somebody gets in who is not on call, or of whom nobody knows it. */
import type { Mutant } from "./mutant.ts";

const ON_CALL = "shared/domain/facts/on-call.ts";
const ELIGIBILITY = "shared/domain/policy/eligibility.ts";
const OBJECTIONS = "shared/domain/policy/on-call-objections.ts";
const READING = "shared/domain/facts/schedule-reading.ts";
const GRANTS = "shared/usecases/converge/facts-of-grants.ts";
const ADMISSION = "shared/domain/policy/admission.ts";

export const OF_SHIFTS: readonly Mutant[] = [
  {
    name: "counts an old answer",
    edits: [
      {
        file: ON_CALL,
        from: "ON_CALL_COUNTS_SECONDS = 300",
        to: "ON_CALL_COUNTS_SECONDS = 30_000",
      },
    ],
    seed: 44,
    breaks: "on-call-only",
  },
  {
    name: "takes unknown for on call",
    edits: [{ file: OBJECTIONS, from: 'if (found.is === "unknown")', to: "if (false)" }],
    seed: 13,
    breaks: "on-call-only",
  },
  {
    name: "takes anybody on call for the asker",
    edits: [
      {
        file: ON_CALL,
        from: "shifts.filter((shift) => shift.person === person)",
        to: "[...shifts]",
      },
    ],
    seed: 13,
    breaks: "on-call-only",
  },
  {
    name: "breaks glass by itself where nobody knows",
    edits: [{ file: ELIGIBILITY, from: "refusals.some(lacksOnlyTheFact)", to: "false" }],
    seed: 44,
    breaks: "on-call-only",
  },
  {
    name: "keeps the last answer of a service that refuses the token",
    edits: [
      {
        file: READING,
        from: "PASSING.has(why) ? before?.answer : undefined",
        to: "before?.answer",
      },
    ],
    seed: 67,
    breaks: "on-call-only",
  },
  {
    name: "asks nobody again when access begins",
    edits: [
      {
        file: GRANTS,
        from: "onCall: schedules && knownOnCall(policy, member, askedOf([rule]), schedules, now),",
        to: 'onCall: grant.onCall && new Map([[grant.onCall.onCall, { is: "yes", fact: grant.onCall } as const]]),',
      },
    ],
    seed: 558,
    breaks: "on-call-only",
  },
  {
    name: "lets access outlast the shift that it ends with",
    edits: [
      { file: ADMISSION, from: "end !== undefined && end < asked ? end : asked", to: "asked" },
      { file: ADMISSION, from: "    refusalOfShift(request, rule, known) ??\n", to: "" },
    ],
    seed: 145,
    breaks: "on-call-only",
  },
];
