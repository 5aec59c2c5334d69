/** Converge ignores approvals from where the rule forbids to decide. */
import { describe, expect, it } from "vitest";
import { aPolicy } from "../../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { decideRequest } from "../../../../../shared/usecases/requests/decide-request.ts";

const apiOnly = () => {
  const policy = aPolicy();
  const rules = policy.rules.map((rule) => ({ ...rule, decideIn: ["api"] as const }));
  return { ...policy, rules };
};

/** Bob approves under the policy of the front, and converge has another. */
async function approvedIn(surface: "api" | "slack") {
  const broker = memoryBroker({ policy: apiOnly() });
  const { id, digest } = await broker.ask();
  const front = { ...broker.front, policy: aPolicy() };
  const bob = broker.actor("bob", { surface });
  const approved = await decideRequest(front, bob, id, { verdict: "approve", digest });
  expect(approved.state).toBe("approved");
  await broker.converge();
  return { broker, after: await broker.reload(approved) };
}

describe("An approval from where the rule forbids to decide", () => {
  it("An approval in Slack adds no access under a rule only for the API", async () => {
    const { broker, after } = await approvedIn("slack");
    expect(broker.entries.calls).toEqual([]);
    expect(after).toMatchObject({ state: "failed", outcome: { code: "not-approved" } });
  });

  it("An approval over the API adds access under the same rule", async () => {
    const { broker } = await approvedIn("api");
    expect(broker.operations()).not.toEqual([]);
  });
});
