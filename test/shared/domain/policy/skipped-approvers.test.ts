import { describe, expect, it } from "vitest";
import { skippedApprovers } from "../../../../shared/domain/policy/skipped-approvers.ts";
import { escalateRequest } from "../../../../shared/usecases/requests/escalate-request.ts";
import { PAYMENTS_GLASS, policyWithGlass } from "../../../fakes/glass-policy.ts";
import { memoryBroker } from "../../../fakes/memory-broker.ts";
import { circles } from "../../../fakes/policy-asking.ts";

const circled = () => {
  const policy = policyWithGlass();
  const approval = [circles(["payments-leads"], ["sre"])];
  const rules = policy.rules.map((rule) =>
    rule.name === "payments-edit" ? { ...rule, approval } : rule,
  );
  return memoryBroker({ policy: { ...policy, rules } });
};

describe("Who is skipped by a request that becomes break-glass", () => {
  it.each([
    ["before its time", 899, ["bob"]],
    ["once its time has come", 900, ["bob", "carol"]],
    ["long after its time", 3_000, ["bob", "carol"]],
  ])("A second circle is skipped only once it was asked: %s", async (_when, seconds, names) => {
    const broker = circled();
    const asked = await broker.ask();
    broker.clock.advance(seconds);
    const glass = await escalateRequest(broker.front, broker.actor("alice"), asked.id, null);
    expect(glass.rule).toBe(PAYMENTS_GLASS);
    expect(skippedApprovers(broker.front.policy, glass)).toEqual(names);
    const [, escalated] = await broker.history(glass);
    expect(escalated?.details).toMatchObject({ skipped: names });
  });
});
