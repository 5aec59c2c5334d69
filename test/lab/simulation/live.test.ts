/** How long a life lasts: until nothing is left, or nobody asks any more and the last grants are over. */
import { describe, expect, it } from "vitest";
import { aFirstStep } from "../../../lab/fakes/builders.ts";
import { live } from "../../../lab/simulation/live.ts";
import { People } from "../../../lab/simulation/people/people.ts";
import { LAPSE_SECONDS } from "../../../lab/simulation/sim-policy.ts";
import { makeWorld, type World } from "../../../lab/simulation/world.ts";

const HOUR = 3_600_000;
/** A life with sweeps in which nothing fails, and one without. */
const [SWEPT, SWEEPLESS] = [true, false].map((sweep) => {
  for (let seed = 1; ; seed += 1) {
    const { profile, hardships } = world(seed);
    const isPlain = profile.outages.length === 0 && !hardships.has("recordExpired");
    if (profile.sweep === sweep && isPlain) return seed;
  }
}) as [number, number];

function world(seed: number): World {
  return makeWorld(seed, { without: new Set(), slack: "healthy", evidence: "absent" }, () => {});
}

/** A life that a plan keeps going, with a request that stays open until some hours after the longest life. */
async function played(seed: number, openHours: number, isForged = false) {
  const life = world(seed);
  const { tables, time, oracle, startedAt } = life;
  const last = startedAt + 2 * HOUR + LAPSE_SECONDS * 1_000 + 2 * oracle.facts.bounds.drift;
  const { request } = aFirstStep();
  tables.requests.set(request.id, request);
  if (isForged) oracle.facts.forged.add(request.id);
  time.at(last + openHours * HOUR, () =>
    tables.requests.set(request.id, { ...request, state: "denied" }),
  );
  const people = new People(life);
  let isAsked = false;
  people.later(last + HOUR / 2, () => {
    isAsked = true;
  });
  people.later(last + 24 * HOUR, () => undefined);
  await live(life, people, { isOver: false });
  return { isAsked, hours: Math.floor(((time.now - last) / HOUR) * 10) / 10 };
}

describe("the end of the longest life", () => {
  it("Sweeps go on until the last grant is over, and nobody asks for another one", async () => {
    expect(await played(SWEPT, 1)).toEqual({ isAsked: false, hours: 1 });
  });

  it("A life is over at once where everything is final", async () => {
    expect(await played(SWEPT, -1)).toEqual({ isAsked: false, hours: 0 });
  });

  it("A life waits for no forged request", async () => {
    expect(await played(SWEPT, 1, true)).toEqual({ isAsked: false, hours: 0 });
  });

  it("A life waits no longer than the longest grant lasts", async () => {
    expect(await played(SWEPT, 9)).toEqual({ isAsked: false, hours: 2 });
  });

  it("A life without a sweep waits for nothing, since its sweep comes back after it", async () => {
    expect(await played(SWEEPLESS, 1)).toEqual({ isAsked: false, hours: 0 });
  });
});
