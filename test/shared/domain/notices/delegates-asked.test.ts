import { describe, expect, it } from "vitest";
import { aRequest, T0 } from "../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { policyDelegating } from "../../../../lab/fakes/policy-delegating.ts";
import type { Delegation } from "../../../../shared/domain/delegations/delegation.ts";
import {
  delegatesAsked,
  delegatorsAsked,
  MOST_DIRECT,
} from "../../../../shared/domain/notices/delegates-asked.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

/** The policy, with this number of leads besides bob and bella. */
function withLeads(more: number): AccessPolicy {
  const policy = policyDelegating();
  const lead = { email: "lead@example.com", groups: ["payments-leads"], principals: [] };
  const leads = Array.from({ length: more }, (_, n) => [
    `lead-${n}`,
    { ...lead, identities: { iam: [], slack: [] } },
  ]);
  return { ...policy, people: { ...policy.people, ...Object.fromEntries(leads) } };
}

const toErin = (id = 1, until = 3_600): Delegation => ({
  id: countedId(id),
  by: "bob",
  to: "erin",
  from: T0,
  until: plusSeconds(T0, until),
  createdAt: T0,
  ended: null,
});

describe("The delegates who are asked for somebody else", () => {
  it.each([
    [MOST_DIRECT, ["erin"]],
    [MOST_DIRECT + 1, []],
  ])("Where %i people are asked, their delegates are %j", (asked, delegates) => {
    const policy = withLeads(asked - 2);
    const found = delegatesAsked(policy, aRequest(), [toErin()], T0);
    expect(found.map(({ person }) => person)).toEqual(delegates);
    expect(delegatorsAsked(policy, aRequest(), T0)).toHaveLength(delegates.length * asked);
  });

  it("The later end of two delegations to one person is shown", () => {
    const all = [toErin(1, 7_200), toErin(2)];
    const [erin] = delegatesAsked(withLeads(0), aRequest(), all, T0);
    expect(erin?.delegators).toEqual([{ person: "bob", until: plusSeconds(T0, 7_200) }]);
  });

  it("Nobody is asked for others where the policy has no delegations", () => {
    const { delegations: _, ...policy } = withLeads(0);
    expect(delegatesAsked(policy, aRequest(), [toErin()], T0)).toEqual([]);
  });
});
