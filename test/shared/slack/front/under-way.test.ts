/** Requests that somebody has approved and that wait for others, wherever Slack lists them. */
import { describe, expect, it } from "vitest";
import { aPolicy, T0 } from "../../../../lab/fakes/builders.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { messageFor } from "../../../../shared/slack/message.ts";
import { aNotice } from "../any-notice.ts";
import { saidIn, slackBroker, slackPolicy } from "./slack-front-fixture.ts";

/** One of payments-leads, and one of sre. */
function needingTwo(): AccessPolicy {
  const policy = slackPolicy(aPolicy());
  const two = ["payments-leads", "sre"].map((group) => ({ groups: [group], count: 1 }));
  const rules = policy.rules.map((rule) =>
    rule.name === "payments-edit" ? { ...rule, approval: two } : rule,
  );
  return { ...policy, rules };
}

const HOME = { type: "app_home_opened", tab: "home" };
const UNDER_WAY = "Approved by bob. It waits for 1 more approval.";

async function homeOf(slack: ReturnType<typeof slackBroker>, user: string): Promise<string> {
  const event = { ...HOME, user };
  const body = { type: "event_callback", team_id: "T0001", api_app_id: "A0001", event };
  slack.web.splice(0);
  await slack.bodyOf(slack.sign("events", JSON.stringify(body)));
  return saidIn(slack.web);
}

describe("A request with one approval of two", () => {
  it("It says so to its requester and to whoever is asked next, on App Home and in the list", async () => {
    const slack = slackBroker(needingTwo());
    const asked = await slack.ask();
    for (const user of ["U0001", "U0003"])
      expect(await homeOf(slack, user)).not.toContain("Approved by");
    await slack.approve(asked);
    for (const user of ["U0001", "U0003"]) {
      const home = await homeOf(slack, user);
      expect(home.split(UNDER_WAY)).toHaveLength(2);
      expect(home).toContain('"action_id":"details"');
    }
    expect(saidIn((await slack.command("alice", "list")).body)).toContain(UNDER_WAY);
  });

  it("It says nothing of it once both have approved", async () => {
    const slack = slackBroker(needingTwo());
    const asked = await slack.ask();
    await slack.approve(asked);
    await slack.approve(asked, "carol");
    expect(await homeOf(slack, "U0001")).not.toContain("It waits for");
  });
});

describe("The message about a request with one approval of two", () => {
  const open = { groups: ["sre"], people: ["carol", "dave"] };

  it.each([
    [{ approvers: [], stillNeeded: [{ ...open, count: 2 }] }, "Waiting"],
    [{ approvers: ["bob"], stillNeeded: [{ ...open, count: 1 }] }, "Waiting for 1 more approval"],
    [
      {
        approvers: ["bob"],
        stillNeeded: [
          { ...open, count: 2 },
          { ...open, count: 1 },
        ],
      },
      "Waiting for 3 more approvals",
    ],
    // All approved, and a service outside was not asked yet.
    [{ approvers: ["bob"], stillNeeded: [] }, "Waiting"],
  ] as const)("It begins with what is missing: %j", (facts, word) => {
    const { blocks } = messageFor(aNotice("request", { state: "pending", lapsesAt: T0, ...facts }));
    expect(blocks[0]).toMatchObject({ text: { text: `*${word}*` } });
  });

  it("It names who approved, and who can approve next", () => {
    const stillNeeded = [{ ...open, count: 1 }];
    const message = messageFor(aNotice("request", { approvers: ["bob"], stillNeeded }));
    expect(saidIn(message)).toContain("Approved by bob. Still needs 1 of sre (carol or dave).");
  });
});
