import { agreedTimes } from "./agreed-times.ts";
import { isAttacked, isAttackedPlace } from "./attacked.ts";
import { disturbancesOf, endAnswered, promisedEnd } from "./disturbances.ts";
import { type LentTime, lentTimeOf } from "./lent-time.ts";
import { forgottenIds } from "./restored.ts";
import type { Judgement, Seen, Violation } from "./seen.ts";

/**
 * The watcher's precision: it looks every 200 ms at a file that is written 20 ms after a change.
 */
const WATCH_MS = 600;

/** Namespaces that only others have in a run: `lab/chaos/plan/owners.ts`. */
const OWNERS = /:owners-/;

export const lentTimes = (seen: Seen): readonly LentTime[] => {
  const disturbances = disturbancesOf(seen);
  const forgotten = forgottenIds(seen);
  const believed = seen.requests.filter(
    (one) => !isAttacked(seen, one) && !forgotten.has(one.request.id),
  );
  const times = believed.flatMap(
    (one) =>
      lentTimeOf(one, disturbances, {
        expiresAt: promisedEnd(seen, one.request.id),
        endedAt: endAnswered(seen, one.request.id),
      }) ?? [],
  );
  return [...times, ...agreedTimes(seen, disturbances)];
};

const instant = (ms: number) => new Date(ms).toISOString();

/** The grants that may explain an element at its place. */
export const explaining = (
  { cluster, principalArn, element }: Seen["presences"][number],
  times: readonly LentTime[],
): readonly LentTime[] =>
  times.filter(
    ({ request, elements }) =>
      request.clusterArn.endsWith(`/${cluster}`) &&
      request.principalArn === principalArn &&
      elements.includes(element),
  );

/** How far the grants cover a presence without a gap, from its begin on. */
function coveredUntil(from: number, times: readonly LentTime[]): number {
  let until = from;
  for (const time of times.toSorted((one, other) => one.from - other.from))
    if (time.from <= until + WATCH_MS) until = Math.max(until, time.deadline.at);
  return until;
}

type Presence = Seen["presences"][number];

/** Whether only grants can explain a presence. */
export const isOfGrants = ({ isStanding, element }: Presence): boolean =>
  !isStanding && !OWNERS.test(element);

/**
 * Access that was there longer than the grants that explain it. @param isJudged the presences that
 * count
 */
export function overdue(
  seen: Seen,
  isJudged: (presence: Presence) => boolean,
): readonly Violation[] {
  const times = lentTimes(seen);
  const judged = seen.presences.filter((one) => isOfGrants(one) && isJudged(one));
  return judged.flatMap((presence): readonly Violation[] => {
    const { element, cluster, principalArn, from, to } = presence;
    const grants = explaining(presence, times);
    const until = coveredUntil(from, grants);
    if (to <= until + WATCH_MS) return [];
    const last = grants.toSorted((one, other) => one.from - other.from).at(-1);
    const where = `${element} of ${principalArn.split("/").at(-1)} on ${cluster}`;
    const bound =
      grants.length === 0 ? "no grant lends it" : `it had to be gone by ${instant(until)}`;
    return [
      {
        at: until,
        ...(last ? { request: last.request.id } : {}),
        detail: `${where} was there from ${instant(from)} until ${instant(to)}; ${bound}.`,
      },
    ];
  });
}

export const BOUNDS: Judgement = {
  sentence: "No access is there past its bound.",
  judge: (seen) => overdue(seen, (one) => !isAttackedPlace(seen, one)),
};
