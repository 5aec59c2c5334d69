/** How long a life lasts. */
import { isFinal } from "../../shared/domain/requests/lifecycle.ts";
import type { People } from "./people/people.ts";
import { LAPSE_SECONDS } from "./sim-policy.ts";
import type { World } from "./world.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** Whether the last grant is over, and only evidence is left to be recorded. */
export interface Life {
  isOver: boolean;
}

/** The longest time that a request waits for its start and is then lent something, with its extensions. */
const LONGEST_LENT = 2 * HOUR;

/**
 * Lets time pass until nothing is left to do, or until the longest life is over. Then nobody asks any more, and time
 * passes until the last grants are over. If something is left after that, something must be wrong.
 */
export async function live(world: World, people: People, life: Life): Promise<void> {
  const { time, oracle, startedAt, profile, queue, hardships } = world;
  const outage = Math.max(0, ...profile.outages.map(({ to }) => to));
  const longest = hardships.has("recordExpired") ? 30 * HOUR : 2 * HOUR;
  const last = Math.max(outage, longest) + LAPSE_SECONDS * SECOND + 2 * oracle.facts.bounds.drift;
  const look = () => {
    oracle.inspectAll();
    const isQuiet =
      people.areDone && queue.isIdle && time.now - startedAt > outage && oracle.isQuiet();
    const isShown = world.notify.isIdle && oracle.notices.isQuiet();
    const isLongest = time.now - startedAt > last;
    // Nobody does what was planned beyond the longest life: no sweep would see it through.
    if (isLongest) people.leave();
    const isLeft = profile.sweep && time.now - startedAt <= last + LONGEST_LENT && isAnyOpen(world);
    life.isOver = (isQuiet && isShown) || (isLongest && !isLeft);
    if (!life.isOver) time.after(20 * SECOND, look);
  };
  look();
  await time.run(() => life.isOver || oracle.violations.length > 0);
}

/** Whether a request that nobody forged is not final. */
const isAnyOpen = ({ tables, oracle: { facts } }: World): boolean =>
  [...tables.requests.values()].some(({ id, state }) => !isFinal(state) && !facts.forged.has(id));
