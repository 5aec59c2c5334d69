import { explaining, isOfGrants, lentTimes } from "./bounds.ts";
import type { Seen, Violation } from "./seen.ts";

/** The watcher looks five times a second. */
const SEEN_MS = 1_500;

type Presence = Seen["presences"][number];

/** Access that is on an entry when a run settles, and that nothing explains for good. */
export function explainedForGood(seen: Seen, one: Presence): boolean {
  const endless = lentTimes(seen).filter(({ deadline }) => !Number.isFinite(deadline.at));
  return explaining(one, endless).length > 0;
}

export const isThere = ({ settledAt }: Seen, one: Presence): boolean =>
  isOfGrants(one) && one.to > settledAt - SEEN_MS;

/** Access that is on an entry when a run settles has to go, so the run waits for it. @param isJudged of which presences */
export const stillThere = (
  seen: Seen,
  isJudged: (presence: Presence) => boolean,
): readonly Violation[] =>
  seen.presences
    .filter((one) => isThere(seen, one) && isJudged(one) && !explainedForGood(seen, one))
    .map(({ element, principalArn, cluster }) => ({
      at: seen.settledAt,
      detail: `${element} of ${principalArn.split("/").at(-1)} on ${cluster} is still there.`,
    }));
