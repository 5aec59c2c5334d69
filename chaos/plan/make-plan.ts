/** The plan of a run: everything that will happen, and when. The seed and the length alone decide it. */
import { seededRandom } from "../../simulation/random.ts";
import type { Action } from "./action.ts";
import { faults } from "./faults.ts";
import { lives } from "./lives.ts";
import { otherVerbs } from "./other-verbs.ts";
import { owners } from "./owners.ts";

const MINUTE = 60_000;

/** Who acts, each with a stream of random numbers of their own: a new one moves no other. */
const PARTS = [lives, owners, otherVerbs, faults] as const;

/** @returns the actions, by their time */
export function makePlan(seed: number, minutes: number): readonly Action[] {
  const until = minutes * MINUTE;
  return PARTS.flatMap((part, index) => part(seededRandom(seed * 31 + index), until))
    .filter(({ at }) => at < until)
    .toSorted((one, other) => one.at - other.at);
}
