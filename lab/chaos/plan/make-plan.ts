/**
 * The plan of a run: everything that will happen, and when. Only the seed and the length decide it.
 */

import type { Random } from "../../simulation/random.ts";
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
import { outsideScenes } from "./outside-scenes.ts";
import { owners, unheard } from "./owners.ts";
import { restores } from "./restores.ts";
import { scenes } from "./scenes.ts";

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
const OUTSIDE = 105;

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
  const asking = slower > 1 ? [] : outsideScenes(stream(OUTSIDE), until);
  const has = (part: Part) => slower === 1 && !without.includes(part);
  const forged = has("intruder") ? intrusions(stream(INTRUDER), until) : [];
  const restored = has("restore") ? restores(stream(RESTORES), until) : [];
  const lost = unheard(stream(TRAIL), noise, calm.slice(0, -1));
  return [...noise, ...played, ...asking, ...forged, ...restored, ...lost]
    .filter(({ at }) => at < until)
    .toSorted((one, other) => one.at - other.at);
}

const SECOND = 1_000;

/** The messages of their runs come again after more than half a minute, for which a run would have to wait. */
const SLOW_AGAIN: ReadonlySet<unknown> = new Set(["notify", "correlate"]);
const SLOW_ROLES: ReadonlySet<unknown> = new Set(["timelatch-correlate"]);
const BEFORE_END = 120 * SECOND;

/**
 * Whether what an action breaks is whole again soon after a plan's end.
 * @param until its end, in milliseconds
 * @param isSlower whether the plan is one after which nothing needs minutes
 */
function settlesSoon(action: Action, until: number, isSlower: boolean): boolean {
  const isSlow =
    (action.kind === "kill-function" && SLOW_AGAIN.has(action.name)) ||
    (action.kind === "aws-fault" && SLOW_ROLES.has(action.rule["role"]));
  if (!isSlow) return true;
  return !isSlower && (calmSpans(until).length === 0 || action.at < until - BEFORE_END);
}

/** How often people use Slack for each of these: the message has a button, and `/access` asks. */
const SHARE: Readonly<Partial<Record<Action["kind"], number>>> = {
  ask: 0.2,
  approve: 0.35,
  deny: 0.35,
  cancel: 0.35,
  return: 0.35,
  revoke: 0.35,
};

/** The sandbox's rule lends nothing in Slack: its `decideIn` says so. */
const isGlass = (action: Action): boolean =>
  action.kind === "ask" && action.terms === "break-glass";

/** The same actions, some of which people do in Slack instead of with the HTTP API. */
const someInSlack = (random: Random, actions: readonly Action[]): readonly Action[] =>
  actions.map((action) => {
    const share = SHARE[action.kind];
    if (share === undefined || !("life" in action)) return action;
    const isHere = random.chance(share) && !isGlass(action);
    return isHere ? { ...action, inSlack: true } : action;
  });
