/** Inputs and answers of the operations that stop people: see `operation-kinds.ts`. */
import { BODY, STOPPING } from "./operation-problems.ts";

export const STOP_KINDS = {
  listSuspensions: {
    summary: "Who is suspended, and whether the broker is drained, for admins and auditors.",
    status: 200,
    answer: "Stops",
    problems: ["invalid-request", "forbidden", "dependency-unavailable"],
  },
  suspendPerson: {
    summary: "Suspend a person: their asks and decisions are refused, and their grants end.",
    status: 200,
    answer: "Stops",
    body: "Stop",
    problems: [...BODY, ...STOPPING, "person-not-found", "already-suspended", "nobody-could-lift"],
  },
  liftSuspension: {
    summary: "Lift a suspension, as another admin than who suspended.",
    status: 200,
    answer: "Stops",
    problems: ["invalid-request", ...STOPPING, "not-suspended", "own-stop"],
  },
  drain: {
    summary: "Stop everyone: all asks and decisions are refused, and all grants end.",
    status: 200,
    answer: "Stops",
    body: "Stop",
    problems: [...BODY, ...STOPPING, "already-drained", "nobody-could-lift"],
  },
  liftDrain: {
    summary: "Lift a drain, as another admin than who drained.",
    status: 200,
    answer: "Stops",
    problems: ["invalid-request", ...STOPPING, "not-drained", "own-stop"],
  },
} as const;
