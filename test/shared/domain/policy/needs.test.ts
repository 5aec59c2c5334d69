import { describe, expect, it } from "vitest";
import { needsOf } from "../../../../shared/domain/policy/needs.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest, Requirement } from "../../../../shared/domain/requests/request.ts";
import { aPolicy } from "../../../fakes/builders.ts";
import { memoryBroker } from "../../../fakes/memory-broker.ts";

const LEADS: Requirement = { groups: ["payments-leads"], count: 1 };
const SRE: Requirement = { groups: ["sre"], count: 1 };

/** The sample policy, whose first rule requires these approvals. */
function policyAsking(...approval: readonly Requirement[]): AccessPolicy {
  const policy = aPolicy();
  return {
    ...policy,
    rules: policy.rules.map((rule, at) => (at === 0 ? { ...rule, approval } : rule)),
  };
}

const needsAfter = async (
  approvers: readonly string[],
  requirements: readonly Requirement[],
  more: Partial<AccessRequest> = {},
) => {
  const asked = await memoryBroker().ask();
  const approvals = approvers.map((person) => ({
    person,
    surface: "api" as const,
    at: asked.createdAt,
    proof: {},
  }));
  return needsOf(policyAsking(...requirements), { ...asked, requirements, approvals, ...more });
};

describe("The approvals that a request still needs", () => {
  it("A new request needs all approvals, listed with the people who can give them", async () => {
    expect(await needsAfter([], [LEADS, SRE])).toEqual([
      { ...LEADS, people: ["bob"] },
      { ...SRE, people: ["carol"] },
    ]);
  });

  it("A request does not need a requirement that is met", async () => {
    expect(await needsAfter(["bob"], [LEADS, SRE])).toEqual([{ ...SRE, people: ["carol"] }]);
    expect(await needsAfter(["carol"], [LEADS, SRE])).toEqual([{ ...LEADS, people: ["bob"] }]);
  });

  it("A requirement counts down, and no longer names people who have approved", async () => {
    const two = { groups: ["payments-leads", "sre"], count: 2 };
    expect(await needsAfter(["carol"], [two])).toEqual([{ ...two, count: 1, people: ["bob"] }]);
  });

  it.each(["approved", "denied", "ended"] as const)(
    "A request needs no approval once it is %s",
    async (state) => {
      expect(await needsAfter([], [LEADS], { state })).toEqual([]);
    },
  );

  it("A request whose rule is gone needs its own requirements, without names", async () => {
    expect(await needsAfter([], [LEADS], { rule: "gone" })).toEqual([{ ...LEADS, people: [] }]);
  });
});
