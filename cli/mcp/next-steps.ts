/** Next steps of an agent after a refusal. Those of the command are for people at a terminal. */
import { PROBLEMS } from "../../shared/http/contract/problems.ts";
import type { Failure } from "../failures/failure.ts";

const LOOK = "Next: call my_requests, and look at its state.";
const GIVE_BACK = "Next: call my_requests, and end with return_access what is not needed any more.";

/** The step for each refusal that a tool's call can get and that an agent can act on. */
const STEPS: Readonly<Record<string, string>> = {
  "policy-denied": "Next: call what_may_i_ask, and ask for that.",
  "duration-too-long":
    "Next: ask for less time; what_may_i_ask has the longest that each rule lends.",
  "cluster-not-ready": "Next: call the tool again later, or tell the user.",
  "duplicate-request": "Next: call my_requests: the same is requested already.",
  "too-many-grants": GIVE_BACK,
  "too-many-pending": GIVE_BACK,
  "too-much-on-one-entry": "Next: ask for fewer namespaces, or end something with return_access.",
  "too-many-automatic": "Next: wait until then, or ask by another rule of what_may_i_ask.",
  unavailable: "Next: wait a moment, and call the tool again.",
  "rate-limited": "Next: wait that long, and call the tool again.",
  "invalid-request": "Next: correct these arguments, and call the tool again.",
  "request-not-found": "Next: call my_requests, which has the ids of your own requests.",
  "illegal-transition": LOOK,
  "version-conflict": LOOK,
  "dependency-unavailable": `${LOOK} Then call the tool again if it is not done.`,
  suspended: "Next: tell the user. Access that is there can be given back with return_access.",
  drained: "Next: tell the user, and ask again once the drain is lifted.",
};

const TELL = "Next: tell the user what this says. No tool can change it.";

/** Words of the command's steps that mean nothing to a client of tools. */
const AT_A_TERMINAL = /\btimelatch\b|\s--?[a-z]|\brun it again\b|\bAWS_[A-Z]|\baws\s/;

/** The steps of a failure as a model reads them: by tools, or through its user. */
export function nextForAgent({
  code,
  text: { next },
}: Pick<Failure, "code" | "text">): readonly string[] {
  if (!next.some((line) => AT_A_TERMINAL.test(line))) return next;
  const step = Object.hasOwn(STEPS, code) ? STEPS[code] : undefined;
  if (step !== undefined) return [step];
  // The broker's refusals are of what was asked. Everything else is this machine's, which its user can mend.
  return Object.hasOwn(PROBLEMS, code) ? [TELL] : [FOR_THE_USER, ...next.map(withoutNext)];
}

const FOR_THE_USER = "Next: tell the user, who can do this at a terminal:";

const withoutNext = (line: string): string => line.replace(/^Next: /, "");
