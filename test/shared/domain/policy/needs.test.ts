import { describe, expect, it } from "vitest";
import { BOB } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { policyAsking } from "../../../../lab/fakes/policy-asking.ts";
import { policyDelegating } from "../../../../lab/fakes/policy-delegating.ts";
import { needsOf } from "../../../../shared/domain/policy/needs.ts";
import type { AccessRequest, Requirement } from "../../../../shared/domain/requests/request.ts";

const LEADS: Requirement = { groups: ["payments-leads"], count: 1 };
const SRE: Requirement = { groups: ["sre"], count: 1 };

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

  it("A second circle is named apart, with the time at which it is asked", async () => {
    const escalate = { afterSeconds: 900, groups: ["payments-leads", "sre"] };
    const asked = { ...escalate, people: ["carol"], askedFrom: "2026-11-24T10:15:00.000Z" };
    expect(await needsAfter([], [{ ...LEADS, escalate }])).toEqual([
      { ...LEADS, people: ["bob", "carol"], escalate: asked },
    ]);
    expect(await needsAfter(["carol"], [{ ...LEADS, count: 2, escalate }])).toEqual([
      { ...LEADS, people: ["bob"], escalate: { ...asked, people: [] } },
    ]);
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

  it("Neither who approved nor on whose behalf is named again", async () => {
    const two = { groups: ["payments-leads", "sre"], count: 2 };
    const asked = await memoryBroker().ask();
    const approval = {
      person: "erin",
      surface: "api" as const,
      at: asked.createdAt,
      proof: {},
      onBehalfOf: { person: "bob", delegation: "d" },
    };
    const policy = policyDelegating([two]);
    const request = { ...asked, requirements: [two], approvals: [approval] };
    expect(needsOf(policy, request)).toEqual([
      { ...two, count: 1, people: ["bella", "carol", "cyril"] },
    ]);
  });

  it("A person who holds the principal is not named", async () => {
    expect(await needsAfter([], [LEADS, SRE], { principalArn: BOB })).toEqual([
      { ...LEADS, people: [] },
      { ...SRE, people: ["carol"] },
    ]);
  });
});
