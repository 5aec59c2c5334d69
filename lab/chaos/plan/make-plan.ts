/**
 * The plan of a run: everything that will happen, and when. Only the seed and the length decide it.
 */
import { seededRandom } from "../../simulation/random.ts";
import type { Action } from "./action.ts";
import { calmSpans, keepsCalm } from "./calm.ts";
import { crossings } from "./crossings.ts";
import { faults } from "./faults.ts";
import { hasty } from "./hasty.ts";
import { intrusions } from "./intruder.ts";
import { kills, moreKills } from "./kills.ts";
import { absentSlack, lostRecords, unseenCalls } from "./lasting-faults.ts";
import { lives } from "./lives.ts";
import { moreFaults, partialBus, unreadLogs } from "./more-faults.ts";
import { otherVerbs } from "./other-verbs.ts";
import { owners, unheard } from "./owners.ts";
import { restores } from "./restores.ts";
import { scenes } from "./scenes.ts";
import { settlesSoon } from "./settles-soon.ts";
import { someInSlack } from "./some-in-slack.ts";

const MINUTE = 60_000;

/**
 * Actors beside people, each with a stream of random numbers of their own: a new one moves no
 * other.
 */
const OTHERS = [owners, otherVerbs, faults, kills, crossings, moreKills] as const;
/** These too, but for a plan that must settle soon. */
const LASTING = [
  moreFaults,
  hasty,
  lostRecords,
  absentSlack,
  unreadLogs,
  unseenCalls,
  partialBus,
] as const;
const FIRST_LASTING = 50;
/** The streams that decide who uses Slack, and what happens in calm spans. */
const SLACK = 100;
const SCENES = 101;
const TRAIL = 102;
const INTRUDER = 103;
const RESTORES = 104;

/** Parts that a run may leave out. That moves no other action. */
export const PARTS = ["intruder", "restore"] as const;
export type Part = (typeof PARTS)[number];

/**
 * @param slower the factor by which the time between two requests grows; 1 by default. A slower
 * plan leaves out whatever needs minutes to settle, the intruder, and the restore
 * @param without the parts to leave out
 * @returns the actions, by their time
 */
export function makePlan(
  seed: number,
  minutes: number,
  slower = 1,
  without: readonly Part[] = [],
): readonly Action[] {
  const until = minutes * MINUTE;
  const stream = (index: number) => seededRandom(seed * 31 + index);
  const people = lives(stream(0), until, slower);
  const others = OTHERS.flatMap((part, index) => part(stream(index + 1), until, people));
  const lasting = (slower > 1 ? [] : LASTING).flatMap((part, index) =>
    part(stream(FIRST_LASTING + index), until),
  );
  const calm = slower > 1 ? [] : calmSpans(until);
  const noise = someInSlack(stream(SLACK), [...people, ...others, ...lasting]).filter(
    (action) => keepsCalm(action, calm) && settlesSoon(action, until, slower > 1),
  );
  const played = slower > 1 ? [] : scenes(stream(SCENES), until);
  const has = (part: Part) => slower === 1 && !without.includes(part);
  const forged = has("intruder") ? intrusions(stream(INTRUDER), until) : [];
  const restored = has("restore") ? restores(stream(RESTORES), until) : [];
  const lost = unheard(stream(TRAIL), noise, calm.slice(0, -1));
  return [...noise, ...played, ...forged, ...restored, ...lost]
    .filter(({ at }) => at < until)
    .toSorted((one, other) => one.at - other.at);
}
