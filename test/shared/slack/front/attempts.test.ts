/** Attempts to decide without the right to: each is once in the request's history. */
import { describe, expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { verifyChains } from "../../../../shared/domain/requests/audit-chain.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { slackBroker, slackPolicy } from "./slack-front-fixture.ts";

type Slack = ReturnType<typeof slackBroker>;
const attemptsOn = async (slack: Slack, { id }: AccessRequest) =>
  (await slack.front.requests.history(id)).filter(({ type }) => type === "attempt");
/** Mallory is in access.yaml, in no group. */
function withMallory(): AccessPolicy {
  const policy = aPolicy();
  const { bob } = policy.people;
  if (!bob) throw new Error("The policy has no bob.");
  const named = slackPolicy({
    ...policy,
    people: { ...policy.people, mallory: { ...bob, groups: [], principals: [] } },
  });
  const { mallory } = named.people;
  if (!mallory) throw new Error("The policy has no mallory.");
  const identities = { ...mallory.identities, slack: ["T0001/U0005"] };
  return { ...named, people: { ...named.people, mallory: { ...mallory, identities } } };
}
const user = (id: string, team = "T0001") => ({ user: { id, team_id: team } });

describe("An attempt to decide", () => {
  it.each([
    ["a stranger of a shared channel", user("U0002", "T0999"), "slack:T0999/U0002", "foreign"],
    ["somebody whom access.yaml does not name", user("U9999"), "slack:T0001/U9999", "unknown"],
    ["somebody who may not see it", user("U0005"), "mallory", "forbidden"],
    ["an admin who is no approver", user("U0003"), "carol", "forbidden"],
    ["the requester", user("U0001"), "alice", "self-approval"],
  ])("An attempt by %s is in the history, with who, what and why", async (_, over, actor, why) => {
    const slack = slackBroker(withMallory());
    const asked = await slack.ask();
    await slack.click("bob", "approve", asked, over);
    expect(await attemptsOn(slack, asked)).toMatchObject([
      {
        actor,
        from: "pending",
        to: "pending",
        details: {
          tried: "approve",
          why,
          surface: "slack",
          proof: {
            signedBody: expect.stringMatching(/^[0-9a-f]{64}$/),
            gatewayRequestId: "gw-slack=",
            team: over.user.team_id,
            user: over.user.id,
          },
        },
      },
    ]);
    expect(await slack.reload(asked)).toMatchObject({ state: "pending", approvals: [] });
    expect(verifyChains(await slack.front.requests.history(asked.id))).toEqual([]);
  });

  it("An attempt is recorded once for each person and verb, however often it is made", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    for (const action of ["approve", "approve", "deny", "approve", "deny"])
      await slack.click("bob", action, asked, user("U9999"));
    const tried = (await attemptsOn(slack, asked)).map(
      (event) => event.type === "attempt" && event.details.tried,
    );
    expect(tried).toEqual(["approve", "deny"]);
  });

  it("Attempts by many people do not fill the history, and the request can still be decided", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    for (let n = 1000; n < 1030; n += 1)
      await slack.click("bob", "approve", asked, user(`U${n}`, "T0999"));
    expect(await attemptsOn(slack, asked)).toHaveLength(20);
    await slack.click("bob", "approve", asked);
    expect((await slack.reload(asked)).state).toBe("approved");
  });

  it("An attempt on a request that is over is not recorded", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    await slack.end(asked, "cancel");
    await slack.click("bob", "approve", asked, user("U9999"));
    expect(await attemptsOn(slack, asked)).toEqual([]);
  });

  it("An attempt to revoke active access is in the history, and the access stays", async () => {
    const slack = slackBroker();
    const active = await slack.activeGrant();
    await slack.click("bob", "revoke", active, user("U9999"));
    expect(await attemptsOn(slack, active)).toMatchObject([
      { actor: "slack:T0001/U9999", from: "active", to: "active", details: { tried: "revoke" } },
    ]);
  });

  it("An attempt on a missing request is not recorded, and its sender gets an answer", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    const other = { ...asked, id: "019ab5c0-0000-7000-8000-0000000000ff" };
    const { statusCode } = await slack.click("bob", "approve", other, user("U9999"));
    expect(statusCode).toBe(200);
    expect(slack.web).toHaveLength(1);
  });

  it("An attempt that cannot be recorded is still refused, and logged", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    const save = async () => {
      throw new Error("no table");
    };
    Object.assign(slack.front.requests, { save });
    await slack.click("bob", "approve", asked, user("U9999"));
    expect(slack.web).toMatchObject([{ method: "chat.postEphemeral" }]);
    expect(slack.slackLogs).toContainEqual(
      expect.objectContaining({ level: "error", message: "attempt not recorded" }),
    );
  });

  it("An approver's Details, stale digest or second click is not recorded as an attempt", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    await slack.click("bob", "approve", { ...asked, digest: "0".repeat(64) });
    await slack.click("bob", "details", asked);
    await slack.click("bob", "approve", asked);
    await slack.click("bob", "approve", asked);
    expect(await attemptsOn(slack, asked)).toEqual([]);
  });
});
