/**
 * The life of a few requests that nobody decides at once, and of break-glass that nobody reviews at once:
 * approvers and reviewers are asked again, while Slack, the bus, the tables, notify and its queue fail as
 * a seed draws it.
 */
import type { Step } from "../../../shared/domain/requests/lifecycle.ts";
import { memoryRequestStore } from "../../fakes/memory-request-store.ts";
import { ServiceFailed } from "../network/service-failed.ts";
import type { Violation } from "../oracle/invariants.ts";
import type { NoticeCounts } from "../oracle/notice-truth.ts";
import type { Counts } from "../oracle/tally.ts";
import { type Random, seededRandom } from "../random.ts";
import { makeWorld, type World } from "../world.ts";
import { type Chapter, glassChapters, requestChapters } from "./asking-plot.ts";

export interface AskingLife {
  readonly violations: readonly Violation[];
  readonly notices: NoticeCounts;
  readonly counts: Counts;
  readonly requests: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Lives with prompts have random numbers of their own, as notices have. */
const ASKING_SEED = 0xa5c;
const LONGEST = 2 * HOUR;

/** Whether a seed's life has one of these lives beside it: about an eighth of them. */
export const hasAskingLife = (seed: number): boolean =>
  seededRandom(-seed ^ ASKING_SEED).chance(1 / 8);

/** Plays one life of two hours. The same seed gives the same life. */
export async function askingLife(seed: number): Promise<AskingLife> {
  const world = makeWorld(
    seed,
    { without: new Set(), slack: "drawn", evidence: "absent" },
    () => undefined,
  );
  const { time, startedAt, oracle } = world;
  const stories = storiesOf(seededRandom(seed ^ ASKING_SEED), startedAt);
  for (const story of stories) tell(world, story);
  const sweepAt = (minute: number) => {
    time.at(minute, () => {
      if (isInOutage(world)) oracle.notices.allDelayed();
      void world.notify.sweep();
      sweepAt(minute + MINUTE);
    });
  };
  sweepAt(startedAt + MINUTE);
  const look = () => {
    oracle.notices.inspect();
    time.after(MINUTE, look);
  };
  look();
  const isOver = () => time.now - startedAt > LONGEST;
  await time.run(() => isOver() || oracle.violations.length > 0);
  if (oracle.violations.length === 0) oracle.notices.asks.conclude();
  const { violations } = oracle;
  const { counts } = world.tally;
  return { violations, notices: oracle.notices.counts, counts, requests: stories.length };
}

/** Whether a service of the broker, or its region, is down, or was at the last sweep. */
export function isInOutage({ time, startedAt, profile, ownRegionDown }: World): boolean {
  const services = profile.outages.map(
    ({ from, to }) => [startedAt + from, startedAt + to] as const,
  );
  const region = ownRegionDown ? [[ownRegionDown.from, ownRegionDown.to] as const] : [];
  return [...services, ...region].some(([from, to]) => from <= time.now && time.now < to + MINUTE);
}

const storiesOf = (random: Random, startedAt: number): readonly (readonly Chapter[])[] => [
  ...Array.from({ length: random.whole(1, 3) }, (_, n) => requestChapters(random, startedAt, n)),
  ...Array.from({ length: random.whole(0, 2) }, (_, n) => glassChapters(random, startedAt, n)),
];

/** Stores each step at its time, after the one before, and wakes notify. */
function tell(world: World, [first, ...rest]: readonly Chapter[], before?: Step): void {
  if (!first) return;
  world.time.at(first.at, () => {
    void store(world, first.step(before)).then((stored) => tell(world, rest, stored));
  });
}

async function store({ tables, oracle, notify }: World, step: Step): Promise<Step> {
  const requests = memoryRequestStore(tables);
  await (step.from === null ? requests.create([step]) : requests.save(step));
  oracle.notices.stored(step);
  try {
    notify.wake(step.request.id);
  } catch (error) {
    // The function ended between the two: the sweep finds what is due.
    if (!(error instanceof ServiceFailed)) throw error;
  }
  return step;
}
