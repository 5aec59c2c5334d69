import { describe, expect, it } from "vitest";
import { type Figure, figureLine, holds } from "../../../lab/bench/storm/figure.ts";
import { PILE, playPile } from "../../../lab/bench/storm/pile.ts";
import { runStorm } from "../../../lab/bench/storm/run-storm.ts";
import {
  among,
  crowd,
  faultless,
  outage,
  play,
  unscheduled,
} from "../../../lab/bench/storm/scenarios.ts";
import { TokenBucket } from "../../../lab/bench/storm/token-bucket.ts";
import { VirtualTime } from "../../../lab/simulation/virtual-time.ts";

describe.each([0, 45])("in virtual time, with reads that are up to %d s behind", (lagSeconds) => {
  it.each(
    [
      crowd(100, 20, 1),
      crowd(100, 5, 1),
      crowd(1_000, 20, 1, true),
      among(200, 20, 10),
      unscheduled(2_000, 20, 10),
      faultless(20, 1),
      faultless(5, 1),
      outage(600, 1),
    ].map((scenario) => [scenario.title, scenario] as const),
  )(`every bound holds with reads ${lagSeconds} s behind: %s`, async (_title, scenario) => {
    const figures = await play(scenario, lagSeconds);
    expect(figures).not.toEqual([]);
    expect(figures.filter((figure) => !holds(figure)).map(figureLine)).toEqual([]);
  });

  it(`a revocation waits for one run at most, whatever waits for timers, with reads ${lagSeconds} s behind`, async () => {
    const figure = await playPile({ ...PILE, lagSeconds });
    expect(holds(figure), figureLine(figure)).toBe(true);
  });
});

describe("in virtual time", () => {
  it("a thousand live grants, whose drift checks are already more than the rate, make no end late", async () => {
    const result = await runStorm({ seed: 1, ending: 10, lasting: 990, perSecond: 5 });
    expect(result).toMatchObject({ grants: 10, late: 0 });
  });

  it("the same seed gives the same storm", async () => {
    const plan = { seed: 7, ending: 20, perSecond: 5 };
    expect(await runStorm(plan)).toEqual(await runStorm(plan));
    expect(await runStorm({ ...plan, seed: 8 })).not.toEqual(await runStorm(plan));
  });
});

describe("a bound", () => {
  const figure: Figure = { name: "x", what: "x", value: 1, bound: 1, unit: "s" };

  it.each([
    [1, true],
    [1.01, false],
    [Number.POSITIVE_INFINITY, false],
    [Number.NaN, false],
  ])("a value of %d is within a bound of 1: %s", (value, expected) => {
    expect(holds({ ...figure, value })).toBe(expected);
  });
});

describe("the rate limit", () => {
  it("the rate limit lets a second's calls through at once, and then one for each share of a second", async () => {
    const time = new VirtualTime(0);
    const bucket = new TokenBucket(time, 5);
    const taken = () => Array.from({ length: 10 }, () => bucket.take()).filter(Boolean).length;
    const counts = [taken()];
    time.at(200, () => counts.push(taken()));
    time.at(10_000, () => counts.push(taken()));
    await time.run(() => false);
    expect(counts).toEqual([5, 1, 5]);
  });
});
