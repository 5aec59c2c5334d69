/** The steps of a failed claim are played, by the code that takes requests and decisions. */
import { describe, expect, it } from "vitest";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import { BrokerError } from "../../../../shared/domain/values/errors.ts";
import { secondsBetween } from "../../../../shared/domain/values/instant.ts";
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

  const extended = reached.filter(
    ({ claim, hole: { rules } }) =>
      "unattended" in claim && rules.some((rule) => JSON.stringify(rule).includes('"extend"')),
  );
  it.each(extended)(
    "Its holder alone keeps the access as long as it says, where $name",
    async (hole) => {
      const { policy, breach, steps } = breachOf(hole);
      const { broker, requests } = await playSteps(policy, steps);
      const [first] = requests;
      if (!first) throw new Error("Nobody asked.");
      const binding = bindingKey(first.cluster.arn, first.principalArn);
      broker.principals.set(first.principalArn, "AROAHOLDER");
      await broker.converge(binding);
      let last = await broker.reload(first);
      const further = () => unlessRefused(() => broker.extend(last));
      for (let more = await further(); more; more = await further()) {
        await broker.converge(binding);
        last = await broker.reload(more);
        expect(last.state).toBe("active");
      }
      const lasts = secondsBetween(first.approvedAt ?? "", last.expiresAt ?? "");
      // Ends are rounded down to the minute.
      expect(Math.abs((breach.unattendedSeconds ?? 0) - lasts)).toBeLessThan(60);
    },
  );
});

async function unlessRefused<Made>(act: () => Promise<Made>): Promise<Made | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof BrokerError) return undefined;
    throw error;
  }
}
