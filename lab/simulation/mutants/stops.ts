/** Mutants: who is stopped, and for how long. */
import type { Mutant } from "./mutant.ts";

const END = "shared/usecases/converge/end-early.ts";
const FOLLOW = "shared/domain/stops/follow-stops.ts";

export const STOPS: readonly Mutant[] = [
  {
    name: "ends nothing by a stop behind what is no record",
    edits: [
      {
        file: FOLLOW,
        from: "stoppedBy(records.slice(at))",
        to: "stoppedBy(records.slice(0, 0))",
      },
    ],
    scenario: "a drain comes after what is no record",
  },
  {
    name: "lets a grant of somebody stopped begin",
    edits: [{ file: END, from: 'state === "approved" || state', to: "state" }],
    seed: 289,
    breaks: "stopped-gets-nothing",
  },
  {
    name: "leaves access to whoever shares a principal with somebody stopped",
    edits: [
      {
        file: "shared/domain/stops/stopped-grant.ts",
        from: "[requester, ...holdersOf(policy, principalArn)]",
        to: "holdersOf(policy, principalArn).slice(0, 0).concat(requester)",
      },
    ],
    seed: 481,
    breaks: "stopped-ends",
  },
  {
    name: "wakes nobody for what is stopped",
    edits: [
      {
        file: "shared/usecases/stops/change-stops.ts",
        from: "if (lifts(type)) return { stops: after };",
        to: "if (!lifts(type)) return { stops: after };",
      },
    ],
    seed: 351,
    breaks: "stopped-ends",
  },
  {
    name: "lets a suspended person ask",
    edits: [
      {
        file: "shared/usecases/stops/may-act.ts",
        from: "  if (!stop) return undefined;\n  const { message",
        to: '  if (!stop || stop.code === "suspended") return undefined;\n  const { message',
      },
    ],
    seed: 70,
    breaks: "stopped-does-nothing",
  },
  {
    name: "lets an admin lift what they stopped",
    edits: [
      {
        file: "shared/domain/stops/judge-stop.ts",
        from: "if (stop.by === actor) throw ownStop(`You suspended",
        to: "if (stop.by === `${actor}?`) throw ownStop(`You suspended",
      },
    ],
    seed: 25,
    breaks: "lifted-by-another",
  },
  {
    name: "believes no lift of a stop",
    edits: [
      {
        file: FOLLOW,
        from: "!lifts(record.type) || isAllowed(policy, stops, record)",
        to: "!lifts(record.type) && isAllowed !== undefined",
      },
    ],
    seed: 85,
    breaks: "lifted-lives",
  },
  {
    name: "believes every lift of a stop",
    edits: [
      {
        file: FOLLOW,
        from: "|| isAllowed(policy, stops, record)",
        to: "|| isAllowed !== undefined",
      },
    ],
    seed: 534,
    breaks: "stopped-gets-nothing",
  },
];
