import { isAttackedPlace } from "./attacked.ts";
import { overdue } from "./bounds.ts";
import type { Judgement, Seen } from "./seen.ts";
import { stillThere } from "./still-there.ts";

export const INTRUDER: Judgement = {
  sentence: "A writer of the tables adds, moves and lengthens no access.",
  judge: (seen) => {
    const isJudged = (one: Seen["presences"][number]) => isAttackedPlace(seen, one);
    return [...overdue(seen, isJudged), ...stillThere(seen, isJudged)];
  },
  applies: ({ attacks }) => attacks.length > 0,
};
