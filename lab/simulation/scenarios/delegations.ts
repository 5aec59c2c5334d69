/** Scenarios: who decides for whom. */

import { bindingKey } from "../../../shared/domain/entries/binding.ts";
import { BrokerError } from "../../../shared/domain/values/errors.ts";
import { BOB, PROD } from "../../fakes/builders.ts";
import { memoryBroker } from "../../fakes/memory-broker.ts";
import { oneOf } from "../../fakes/policy-asking.ts";
import { policyDelegating, withGroups } from "../../fakes/policy-delegating.ts";

export const DELEGATIONS = {
  /** An approver delegates, asks, and has their delegate approve. */
  "a delegate decides for whoever asked": async () => {
    // The requester holds the principal too, which would be enough to rule them out.
    const asking = policyDelegating(undefined, { approverMayHoldPrincipal: true });
    const policy = withGroups(asking, "bob", "payments", "payments-leads");
    const broker = memoryBroker({ policy });
    await broker.delegate("bob", "erin");
    const asked = await broker.ask({}, "bob");
    try {
      await broker.approve(asked, "erin", "bob");
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
    }
    await broker.converge(bindingKey(PROD.arn, BOB));
    return (await broker.reload(asked)).state === "pending";
  },

  /** Somebody forges that of two places the delegate fills one, and the delegator the other. */
  "delegator and delegate both approve": async () => {
    const broker = memoryBroker({
      policy: policyDelegating([oneOf("payments-leads"), oneOf("payments-leads")]),
    });
    await broker.delegate("bob", "erin");
    const asked = await broker.ask();
    await broker.approve(asked, "erin", "bob");
    const grant = await broker.approve(asked, "bella");
    if (!broker.judge(grant).admitted) throw new Error("Two people approved, and it is refused.");
    const approvals = grant.approvals.map((each) =>
      each.person === "bella" ? { ...each, person: "bob" } : each,
    );
    return !broker.judge({ ...grant, approvals }).admitted;
  },
} as const;
