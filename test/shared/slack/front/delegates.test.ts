/** Clicks of delegates: they decide for who delegated to them, and the answer says why they no longer may. */
import { describe, expect, it } from "vitest";
import { policyDelegating } from "../../../../lab/fakes/policy-delegating.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { saidIn, slackBroker, slackPolicy } from "./slack-front-fixture.ts";

async function delegated() {
  const slack = slackBroker(slackPolicy(policyDelegating()));
  const asked = await slack.ask();
  const delegation = await slack.delegate("bob", "erin", {
    until: plusSeconds(slack.clock.now(), 3_600),
  });
  const submit = (form: string, fields: Readonly<Record<string, string>>) =>
    slack.interact(
      slack.submission("erin", form, fields, {
        private_metadata: JSON.stringify({ id: asked.id, digest: asked.digest }),
      }),
    );
  return { slack, asked, delegation, submit };
}

describe("A delegate's click", () => {
  it("Approve approves for the delegator, and Details says so", async () => {
    const { slack, asked, delegation } = await delegated();
    await slack.click("erin", "approve", asked);
    const onBehalfOf = { person: "bob", delegation: delegation.id };
    expect(await slack.reload(asked)).toMatchObject({
      state: "approved",
      approvals: [{ person: "erin", onBehalfOf, surface: "slack" }],
    });
    await slack.click("alice", "details", asked);
    expect(saidIn(slack.web)).toContain("Approved by: erin for bob");
  });

  it("Deny opens its window, and its submission denies for the delegator", async () => {
    const { slack, asked, submit } = await delegated();
    await slack.click("erin", "deny", asked);
    expect(slack.web).toMatchObject([{ method: "views.open" }]);
    await submit("deny", { note: "Ask next week" });
    expect((await slack.reload(asked)).outcome).toEqual({
      code: "denied",
      detail: "Denied by erin for bob: Ask next week",
    });
  });

  it("Approve for less names both who gave less and for whom", async () => {
    const { slack, asked, submit } = await delegated();
    await submit("less", { duration: "30m", namespaces: "payments-api" });
    expect(await slack.reload(asked)).toMatchObject({ state: "approved", durationSeconds: 1_800 });
    await slack.click("alice", "details", await slack.reload(asked));
    expect(saidIn(slack.web)).toContain("Approved for less: erin for bob:");
  });

  it.each([
    ["ended", (at: Awaited<ReturnType<typeof delegated>>) => at.slack.endDelegation(at.delegation)],
    ["over", async (at: Awaited<ReturnType<typeof delegated>>) => at.slack.clock.advance(3_600)],
  ])("Once the delegation is %s, a click decides nothing and says why", async (how, end) => {
    const world = await delegated();
    await end(world);
    const { slack, asked } = world;
    await slack.click("erin", "approve", asked);
    expect(saidIn(slack.web)).toContain("bob's delegation to you was");
    expect((await slack.reload(asked)).approvals).toEqual([]);
    const last = (await slack.history(asked)).at(-1);
    expect(last).toMatchObject({ type: "attempt", details: { why: `delegation-${how}` } });
  });
});
