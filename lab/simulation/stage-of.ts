/** Makes the parts that the run of a seed shares, as the seed draws them. */
import { DeployedPolicy } from "./deployed-policy.ts";
import { hardshipsOf } from "./faults/hardship.ts";
import { Tally } from "./oracle/tally.ts";
import { profileOf, unkindnessOf, type Without } from "./profile.ts";
import { type Random, seededRandom } from "./random.ts";
import type { Stage } from "./stage.ts";
import { VirtualTime } from "./virtual-time.ts";

/**
 * Offers of approvers have random numbers of their own, so that they shift nothing else in a seed's
 * life.
 */
const OFFER_SEED = 0x1e55;
const START = Date.parse("2026-11-24T10:00:00.000Z");

/** @param note called for every event; it evaluates `what` only where it needs the text */
export function stageOf(
  seed: number,
  without: Without,
  note: (at: number, actor: string, what: () => string) => void,
): { readonly stage: Stage; readonly offers: Random } {
  const random = seededRandom(seed);
  const drawn = profileOf(random, unkindnessOf(seededRandom(-seed), without));
  const hardships = hardshipsOf(seed, drawn);
  // Only where runs overlap can one of them save between two reads of the other.
  const isForced = hardships.has("grantsOlder") && !without.has("overlap");
  const overlap = isForced ? Math.max(drawn.overlap, 0.6) : drawn.overlap;
  const startedAt = START + random.whole(0, 59_999);
  const time = new VirtualTime(startedAt);
  const stage: Stage = {
    deployed: new DeployedPolicy(seed),
    time,
    startedAt,
    random,
    profile: { ...drawn, overlap },
    hardships,
    tally: new Tally(),
    note: (actor, what) => note(time.now, actor, what),
  };
  return { stage, offers: seededRandom(seed ^ OFFER_SEED) };
}
