/** The steps of a failed claim are played, by the code that takes requests and decisions. */
import { describe, expect, it } from "vitest";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import type { AccessPolicy, Person } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import type { Surface } from "../../../../shared/domain/requests/surface.ts";
import { surfacesOf } from "../../../../shared/policy-tools/prove/persons.ts";
import { type BreachStep, stepsOf } from "../../../../shared/policy-tools/prove/steps.ts";
import { decideRequest } from "../../../../shared/usecases/requests/decide-request.ts";
import type { Hole } from "./hole.ts";
import { proofOf, smallPolicy } from "./hole-policy.ts";
import { HOLES } from "./holes.ts";

const reached = HOLES.filter(({ claim }) => "reach" in claim);

/** Does each step, and delegates before it where the step says so. @returns the requests as they are then */
async function play(policy: AccessPolicy, steps: readonly BreachStep[]) {
  const broker = memoryBroker({ policy });
  const requests: AccessRequest[] = [];
  for (const step of steps) {
    if (step.kind === "request") {
      const { access, cluster, durationSeconds, principalArn, rule, as, reason } = step;
      const ask = { access, cluster, durationSeconds, principalArn, rule };
      requests.push(await broker.ask({ ...ask, reason: reason ?? "" }, as));
      continue;
    }
    const request = requests[step.request];
    if (!request) throw new Error("A step approves a request that nobody made.");
    if (step.onBehalfOf !== undefined) await broker.delegate(step.onBehalfOf, step.as);
    const surface = surfaceOf(policy, request, step.as);
    const { as, onBehalfOf } = step;
    requests[step.request] = await decideRequest(
      broker.front,
      broker.actor(as, { surface }),
      request.id,
      {
        verdict: "approve",
        digest: request.digest,
        ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
      },
    );
  }
  return requests;
}

/** A surface on which somebody is known and the rule lets them decide. */
function surfaceOf(policy: AccessPolicy, { rule }: AccessRequest, name: string): Surface {
  const { decideIn = [] } = policy.rules.find((each) => each.name === rule) ?? {};
  const [surface] = surfacesOf(policy.people[name] as Person).filter((one) =>
    decideIn.includes(one),
  );
  if (!surface) throw new Error(`${name} can decide nowhere.`);
  return surface;
}

const breachOf = ({ claim, groups, hole }: Hole) => {
  const policy = smallPolicy(hole);
  const { breach } = proofOf(policy, claim, groups);
  if (breach?.kind !== "reach") throw new Error("The claim was expected to fail.");
  return { policy, breach, steps: stepsOf("prod", breach) };
};

describe("The way around a claim", () => {
  it.each(reached)("It can be played where $name", async (hole) => {
    const { policy, breach, steps } = breachOf(hole);
    const requests = await play(policy, steps);
    expect(requests.map(({ state }) => state)).toEqual(requests.map(() => "approved"));
    const ways = breach.reaching.ways;
    expect(requests.map(({ rule }) => rule)).toEqual(ways.map(({ rule }) => rule.name));
    expect(new Set(requests.map(({ principalArn }) => principalArn)).size).toBe(1);
  });

  it.each(reached)("Nobody can leave out a step of it where $name", async (hole) => {
    const { policy, steps } = breachOf(hole);
    const approvals = steps.flatMap((step, at) => (step.kind === "approve" ? [at] : []));
    for (const left of approvals) {
      const requests = await play(
        policy,
        steps.filter((_step, at) => at !== left),
      );
      expect(requests.map(({ state }) => state)).toContain("pending");
    }
  });
});
