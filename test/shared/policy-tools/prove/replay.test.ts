/** The steps of a failed claim are played, by the code that takes requests and decisions. */
import { describe, expect, it } from "vitest";
import { HOLES } from "./holes.ts";
import { breachOf, playSteps } from "./played-steps.ts";

const reached = HOLES.filter(({ claim }) => "reach" in claim);

describe("The way around a claim", () => {
  it.each(reached)("It can be played where $name", async (hole) => {
    const { policy, breach, steps } = breachOf(hole);
    const { requests } = await playSteps(policy, steps);
    expect(requests.map(({ state }) => state)).toEqual(requests.map(() => "approved"));
    const ways = breach.reaching.ways;
    expect(requests.map(({ rule }) => rule)).toEqual(ways.map(({ rule }) => rule.name));
    expect(new Set(requests.map(({ principalArn }) => principalArn)).size).toBe(1);
  });

  it.each(reached)("Nobody can leave out a step of it where $name", async (hole) => {
    const { policy, steps } = breachOf(hole);
    const approvals = steps.flatMap((step, at) => (step.kind === "approve" ? [at] : []));
    for (const left of approvals) {
      const { requests } = await playSteps(
        policy,
        steps.filter((_step, at) => at !== left),
      );
      expect(requests.map(({ state }) => state)).toContain("pending");
    }
  });
});
