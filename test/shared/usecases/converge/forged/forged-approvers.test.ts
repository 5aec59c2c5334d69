/** Converge judges approvers again, from its own policy. Forged requirements gain nothing. */
import { describe, expect, it } from "vitest";
import { forge } from "../../../../../lab/fakes/broker-sights.ts";
import { memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { circles, oneOf, policyAsking } from "../../../../../lab/fakes/policy-asking.ts";
import type { AccessRequest, Requirement } from "../../../../../shared/domain/requests/request.ts";

const LEADS = oneOf("payments-leads");
const WITH_SRE = circles(["payments-leads"], ["sre"]);

/**
 * The outcome of a grant that was requested under one policy, and that converge judges under
 * another. @param change a forged write into the table meanwhile
 */
async function converged(
  then: readonly Requirement[],
  now: readonly Requirement[],
  approver: string,
  change: Partial<AccessRequest> = {},
) {
  const broker = memoryBroker({
    policy: policyAsking(...then),
    wrap: (ports) => ({ ...ports, policy: policyAsking(...now) }),
  });
  const grant = await broker.approve(await broker.ask(), approver);
  forge(broker, grant, change);
  await broker.converge();
  return { calls: broker.entries.calls, grant: await broker.reload(grant) };
}

const approvedBy = (person: string) => ({
  approvals: [{ person, surface: "api" as const, at: "x", proof: {} }],
});

describe("A grant whose approvers changed between its request and its start", () => {
  it.each([
    ["the first circle", "bob"],
    ["the second circle", "carol"],
  ])("A grant starts where %s approved it", async (_, approver) => {
    const { grant } = await converged([WITH_SRE], [WITH_SRE], approver);
    expect(grant).toMatchObject({ state: "active" });
  });

  it.each([
    ["a second circle that was removed", [WITH_SRE], [LEADS]],
    ["a group that was removed", [oneOf("payments-leads", "sre")], [LEADS]],
  ])("A grant does not start on the approval of %s", async (_, then, now) => {
    const { calls, grant } = await converged(then, now, "carol");
    expect(calls).toEqual([]);
    expect(grant).toMatchObject({ state: "failed", outcome: { code: "not-approved" } });
  });

  it.each([
    ["a second circle", [WITH_SRE]],
    ["a group", [oneOf("payments-leads", "sre")]],
  ])("A grant does not start on an approval by %s that was added later", async (_, now) => {
    const { calls, grant } = await converged([LEADS], now, "bob", approvedBy("carol"));
    expect(calls).toEqual([]);
    expect(grant).toMatchObject({ state: "failed", outcome: { code: "not-approved" } });
  });
});

describe("Requirements that somebody forged in the table", () => {
  it.each([
    ["another group", { requirements: [oneOf("payments-leads", "sre")] }],
    ["a second circle", { requirements: [WITH_SRE] }],
    [
      "a second circle that is asked at once",
      { requirements: [{ ...LEADS, escalate: { afterSeconds: 0, groups: ["sre"] } }] },
    ],
    ["fewer approvals", { requirements: [{ ...LEADS, count: 0 }] }],
    ["no approval", { requirements: [] }],
  ])("Requirements with %s gain nothing: the policy of converge lacks them", async (_, change) => {
    const forged = { ...change, ...approvedBy("carol") };
    const { calls, grant } = await converged([LEADS], [LEADS], "bob", forged);
    expect(calls).toEqual([]);
    expect(grant).toMatchObject({ state: "failed", outcome: { code: "not-approved" } });
  });

  it("A requester in the second circle gains nothing by a forged approval of their own", async () => {
    const rule = [circles(["payments-leads"], ["payments"])];
    const { calls, grant } = await converged(rule, rule, "bob", approvedBy("alice"));
    expect(calls).toEqual([]);
    expect(grant).toMatchObject({ state: "failed", outcome: { code: "self-approval" } });
  });
});
