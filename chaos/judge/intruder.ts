import { isAttackedPlace } from "./attacked.ts";
import { explaining, isOfGrants, lentTimes, overdue } from "./bounds.ts";
import type { Finding, Judgement, Seen } from "./seen.ts";

/** The watcher looks five times a second. */
const SEEN_MS = 1_500;

/** What is on an attacked entry when a run settles has to go: it is waited for. */
function stillThere(seen: Seen): readonly Finding[] {
  const endless = lentTimes(seen).filter(({ deadline }) => !Number.isFinite(deadline.at));
  return seen.presences
    .filter(
      (one) => isOfGrants(one) && isAttackedPlace(seen, one) && one.to > seen.settledAt - SEEN_MS,
    )
    .filter((one) => explaining(one, endless).length === 0)
    .map(({ element, principalArn, cluster }) => ({
      at: seen.settledAt,
      detail: `${element} of ${principalArn.split("/").at(-1)} on ${cluster} is still there.`,
    }));
}

export const INTRUDER: Judgement = {
  sentence: "Whoever writes into the tables adds no access, moves none, and lengthens none.",
  judge: (seen) => [...overdue(seen, (one) => isAttackedPlace(seen, one)), ...stillThere(seen)],
  applies: ({ attacks }) => attacks.length > 0,
};
