/** Why nobody decides on somebody's behalf. */
import { describe, expect, it } from "vitest";
import { ALICE, T0 } from "../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { DAY, policyDelegating } from "../../../../lab/fakes/policy-delegating.ts";
import {
  notInForce,
  standingRefusal,
} from "../../../../shared/domain/policy/delegation-refusals.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const POLICY = policyDelegating();
const until = plusSeconds(T0, DAY);
const delegation = {
  id: countedId(1),
  by: "bob",
  to: "erin",
  from: T0,
  until,
  createdAt: T0,
  ended: null,
};

describe("A delegation that does not count", () => {
  it("The reason is what would have to be otherwise first", () => {
    const { delegations: _, ...off } = POLICY;
    const only = { ...POLICY, delegations: { longestSeconds: DAY, toGroups: ["sre"] } };
    const found = [
      notInForce(off, delegation, "ended"),
      notInForce(POLICY, { ...delegation, by: "nobody" }, "ended"),
      notInForce(only, delegation, "ended"),
      notInForce(only, delegation, "over"),
      notInForce(only, { ...delegation, to: "carol" }, "over"),
      notInForce(only, { ...delegation, to: "nobody" }, "over"),
      notInForce(POLICY, delegation, "coming"),
    ];
    expect(found.map(({ code }) => code)).toEqual([
      "delegations-off",
      "delegator-lost-standing",
      "delegation-ended",
      "not-a-delegate",
      "delegation-over",
      "delegation-over",
      "delegation-over",
    ]);
  });

  it("It says when it begins, or was over: earlier where the file allows less by now", () => {
    const short = { ...POLICY, delegations: { longestSeconds: 600 } };
    const when = (...asked: Parameters<typeof notInForce>) =>
      notInForce(...asked).message.replace(/ Nothing was changed.*/, "");
    expect(when(POLICY, delegation, "coming")).toBe(`bob's delegation to you begins at ${T0}.`);
    expect(when(POLICY, delegation, "over")).toBe(`bob's delegation to you was over at ${until}.`);
    expect(when(short, delegation, "over")).toBe(
      `bob's delegation to you was over at ${plusSeconds(T0, 600)}.`,
    );
  });

  it("Each fault of the delegator's standing has a refusal of its own", () => {
    const request = { requester: "alice", rule: "payments-edit", principalArn: ALICE };
    const faults = ["not-delegable", "delegator-asked", "delegator-holds-principal"] as const;
    for (const fault of faults) expect(standingRefusal(fault, request, "bob").code).toBe(fault);
    const owner = standingRefusal("delegator-owns-machine", request, "bob");
    expect(owner.code).toBe("delegator-asked");
    expect(owner.message).toContain("bob owns the machine alice");
  });
});
