/** The plan of a run: everything that will happen, and when. The seed and the length alone decide it. */
import { seededRandom } from "../../simulation/random.ts";
import type { Action } from "./action.ts";
import { crossings } from "./crossings.ts";
import { faults } from "./faults.ts";
import { hasty } from "./hasty.ts";
import { kills, moreKills } from "./kills.ts";
import { absentSlack, lostRecords } from "./lasting-faults.ts";
import { lives } from "./lives.ts";
import { moreFaults } from "./more-faults.ts";
import { otherVerbs } from "./other-verbs.ts";
import { owners } from "./owners.ts";
import { someInSlack } from "./some-in-slack.ts";

const MINUTE = 60_000;

/** Who acts beside people, each with a stream of random numbers of their own: a new one moves no other. */
const OTHERS = [owners, otherVerbs, faults, kills, crossings, moreKills] as const;
/** These too, but for a plan that must settle soon. */
const LASTING = [moreFaults, hasty, lostRecords, absentSlack] as const;
const FIRST_LASTING = 50;
/** The stream that decides who uses Slack. */
const SLACK = 100;

/**
 * @param slower how many times as much time passes between two requests; 1 unless said. A slower plan has nothing
 * after which a run needs minutes to settle
 * @returns the actions, by their time
 */
export function makePlan(seed: number, minutes: number, slower = 1): readonly Action[] {
  const until = minutes * MINUTE;
  const stream = (index: number) => seededRandom(seed * 31 + index);
  const people = lives(stream(0), until, slower);
  const others = OTHERS.flatMap((part, index) => part(stream(index + 1), until, people));
  const lasting = (slower > 1 ? [] : LASTING).flatMap((part, index) =>
    part(stream(FIRST_LASTING + index), until),
  );
  return someInSlack(stream(SLACK), [...people, ...others, ...lasting])
    .filter(({ at }) => at < until)
    .toSorted((one, other) => one.at - other.at);
}
