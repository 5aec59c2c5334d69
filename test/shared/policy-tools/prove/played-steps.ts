/** Plays the steps of a failed claim over fakes, by the code that takes requests and decisions. */
import { T0 } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import type { AccessPolicy, Person } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import type { Surface } from "../../../../shared/domain/requests/surface.ts";
import { surfacesOf } from "../../../../shared/policy-tools/prove/persons.ts";
import { type BreachStep, stepsOf } from "../../../../shared/policy-tools/prove/steps.ts";
import { decideRequest } from "../../../../shared/usecases/requests/decide-request.ts";
import type { Hole } from "./hole.ts";
import { proofOf, smallPolicy } from "./hole-policy.ts";

/** Does each step but extensions, before which access has to begin. @returns the broker, and the requests as they are then */
export async function playSteps(policy: AccessPolicy, steps: readonly BreachStep[]) {
  const broker = memoryBroker({ policy });
  const requests: AccessRequest[] = [];
  for (const step of steps) {
    if (step.when) broker.clock.set(step.when.at);
    if (step.kind === "request") {
      const { access, cluster, durationSeconds, principalArn, rule, as, reason } = step;
      const ask = { access, cluster, durationSeconds, principalArn, rule };
      requests.push(await broker.ask({ ...ask, reason: reason ?? "" }, as));
      continue;
    }
    if (step.kind === "delegate") {
      await broker.delegate(step.as, step.to, { from: step.from ?? null, until: step.until });
      continue;
    }
    if (step.kind === "extend") continue;
    const request = requests[step.request];
    if (!request) throw new Error("A step approves a request that nobody made.");
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
  return { broker, requests };
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

/** The policy with the hole, and the way through it. */
export const breachOf = ({ claim, groups, hole }: Hole) => {
  const policy = smallPolicy(hole);
  const { breach } = proofOf(policy, claim, groups);
  if (breach?.kind !== "reach") throw new Error("The claim was expected to fail.");
  return { policy, breach, steps: stepsOf(policy, "prod", breach, T0) };
};
