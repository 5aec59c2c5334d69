import { describe, expect, it } from "vitest";
import { aRequest } from "../../../../lab/fakes/builders.ts";
import { PAYMENTS_GLASS, policyWithGlass } from "../../../../lab/fakes/glass-policy.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { circles } from "../../../../lab/fakes/policy-asking.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { skippedApprovers } from "../../../../shared/domain/policy/skipped-approvers.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { escalateRequest } from "../../../../shared/usecases/requests/escalate-request.ts";

const circled = () => {
  const policy = policyWithGlass();
  const approval = [circles(["payments-leads"], ["sre"])];
  const rules = policy.rules.map((rule) =>
    rule.name === "payments-edit" ? { ...rule, approval } : rule,
  );
  return memoryBroker({ policy: { ...policy, rules } });
};

describe("The approvers whom a request skips when it becomes break-glass", () => {
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

describe("The approvers whom a request skips that was asked for as break-glass", () => {
  const policy = policyWithGlass();
  const edit = policy.rules.find(({ name }) => name === "payments-edit");
  const glassRule = policy.rules.find(({ name }) => name === PAYMENTS_GLASS);
  if (!edit || !glassRule) throw new Error("The policy of tests lacks a rule.");
  const glass = aRequest({ rule: PAYMENTS_GLASS, breakGlass: true });
  const named = (name: string, ...groups: readonly string[]) => ({
    ...edit,
    name,
    approval: groups.length === 0 ? [] : [{ groups, count: 1 }],
  });
  const skipped = (rules: AccessPolicy["rules"], request: AccessRequest = glass) =>
    skippedApprovers({ ...policy, rules }, request);

  it("The approvers of the first ordinary rule that lends the access to somebody with approval", () => {
    const [leads, sre] = [named("leads", "payments-leads"), named("sre", "sre")];
    expect(skipped([glassRule, leads, sre])).toEqual(["bob"]);
    expect(skipped([glassRule, sre, leads])).toEqual(["carol"]);
    expect(skipped([named("none"), leads])).toEqual(["bob"]);
    expect(skipped([{ ...sre, breakGlass: true }, leads])).toEqual(["bob"]);
    expect(skipped([{ ...sre, clusters: ["staging"] }, leads])).toEqual(["bob"]);
    expect(skipped([glassRule])).toEqual([]);
  });

  it("A rule that would object to anything but cluster and access counts all the same", () => {
    const short = { ...named("short", "sre"), duration: { maxSeconds: 60 } };
    expect(skipped([short as never, named("leads", "payments-leads")])).toEqual(["carol"]);
  });

  it("Nobody is skipped by a request that is no break-glass, or whose requester left", () => {
    const rules = [named("leads", "payments-leads")];
    expect(skipped(rules, { ...glass, breakGlass: false })).toEqual([]);
    expect(skipped(rules, { ...glass, requester: "nobody" })).toEqual([]);
  });
});
