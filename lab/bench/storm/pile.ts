/**
 * All grants that one binding's entry takes, which a person could collect without an approver and
 * without the cap. Each of them needs timers, and Scheduler is slow. A revocation must not wait for
 * that.
 */
import { PRODUCTION } from "../../../infra/synth/settings.ts";
import { BrokerError } from "../../../shared/domain/values/errors.ts";
import { createRequest } from "../../../shared/usecases/requests/create-request.ts";
import { endGrant } from "../../../shared/usecases/requests/end-grant.ts";
import { seededRandom } from "../../simulation/random.ts";
import { VirtualTime } from "../../simulation/virtual-time.ts";
import type { Figure } from "./figure.ts";
import { stormBroker } from "./storm-broker.ts";
import { placesOf } from "./storm-policy.ts";
import { actorOf, askFor, bindingOf, lend, stormWorld } from "./storm-world.ts";
import { TokenBucket } from "./token-bucket.ts";

export interface PilePlan {
  readonly seed: number;
  readonly perSecond: number;
  readonly lagSeconds: number;
}

export const PILE: PilePlan = { seed: 1, perSecond: 20, lagSeconds: 0 };

const SECOND = 1_000;
const START = Date.parse("2026-11-24T10:00:00.000Z");
/** How long Scheduler takes for a call, in milliseconds. */
const SCHEDULER_MILLIS = [0, SECOND] as const;
/** When the one grant is revoked, while all others wait for their timers. */
const REVOKED_AT = START + 20 * SECOND;
const GIVEN_UP_AT = REVOKED_AT + 600 * SECOND;
const UNCAPPED = Number.POSITIVE_INFINITY;

interface Pile {
  readonly grants: number;
  /** From the revocation's message to the call that removes the access. */
  readonly seconds: number;
}

async function runPile({ seed, perSecond, lagSeconds }: PilePlan): Promise<Pile> {
  const time = new VirtualTime(START);
  const random = seededRandom(seed);
  const [place] = placesOf(1);
  if (!place) throw new Error("There is no place to lend. Nothing was run.");
  const world = stormWorld(time, random, [place]);
  const settings = {
    ...world.ports.settings,
    openGrantsPerPerson: UNCAPPED,
    pendingRequestsPerPerson: UNCAPPED,
    endingGrantsPerPerson: UNCAPPED,
    requestsPerWindow: UNCAPPED,
  };
  const ports = { ...world.ports, settings };
  const access = { policy: "AmazonEKSEditPolicy", scope: { type: "cluster" } } as const;
  const first = await lend(ports, place, { access });
  world.lagBy(lagSeconds, random);
  const { behind } = stormBroker({
    time,
    random,
    ports,
    bucket: new TokenBucket(time, perSecond),
    answers: () => true,
    schedulerMillis: SCHEDULER_MILLIS,
  });
  const actor = actorOf(ports, place);
  const ask = (count: number) =>
    createRequest(behind, actor, askFor(place, { reason: `grant ${count}` }), undefined);
  let grants = 1;
  while (await isTaken(() => ask(grants))) grants += 1;
  time.at(REVOKED_AT, () => void endGrant(behind, actor, first.id, "return"));
  const binding = bindingOf(place);
  await time.run(() => world.gone.has(binding) || time.now > GIVEN_UP_AT);
  const goneAt = world.gone.get(binding) ?? Number.POSITIVE_INFINITY;
  return { grants, seconds: (goneAt - REVOKED_AT) / SECOND };
}

/** Whether the entry still had room. */
async function isTaken(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (error instanceof BrokerError && error.code === "too-much-on-one-entry") return false;
    throw error;
  }
}

/** The bound is one run: whichever run is under way, the next one makes the call. */
export async function playPile(plan: PilePlan): Promise<Figure> {
  const { grants, seconds } = await runPile(plan);
  return {
    name: `pile.n${grants}.r${plan.perSecond}`,
    what: `removal of one revoked grant among ${grants} on its binding`,
    value: seconds,
    bound: PRODUCTION.convergeTimeoutSeconds,
    unit: "s",
  };
}
