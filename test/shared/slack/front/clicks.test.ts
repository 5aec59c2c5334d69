/** Clicks on messages: decisions and ends, and who may not. */
import { describe, expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { SlackRefusal } from "../../../../shared/slack/slack-errors.ts";
import { saidIn, slackBroker, slackPolicy } from "./slack-front-fixture.ts";

const EMPTY = { statusCode: 200, body: undefined };
const ephemeral = (text: string, user: string) => [
  {
    method: "chat.postEphemeral",
    parameters: { channel: "C0001", user, text: expect.stringContaining(text) },
  },
];

describe("A click on Approve", () => {
  it("An approver's click approves, with the hash of the signed body, team and user as proof", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    expect(await slack.click("bob", "approve", asked)).toEqual(EMPTY);
    const approved = await slack.reload(asked);
    expect(approved).toMatchObject({
      state: "approved",
      approvals: [
        {
          person: "bob",
          surface: "slack",
          proof: {
            signedBody: expect.stringMatching(/^[0-9a-f]{64}$/),
            gatewayRequestId: "gw-slack=",
            team: "T0001",
            user: "U0002",
          },
        },
      ],
    });
    expect(slack.web).toEqual([]);
  });

  it.each([
    ["after a denial", "deny", "Already decided: it is denied."],
    ["after a cancellation", "cancel", "Already over: it was cancelled."],
  ] as const)("A click %s changes nothing, and says so", async (_, how, text) => {
    const slack = slackBroker();
    const asked = await slack.ask();
    if (how === "cancel") await slack.end(asked, "cancel");
    else {
      const { id, digest } = asked;
      const { decideRequest } = await import(
        "../../../../shared/usecases/requests/decide-request.ts"
      );
      await decideRequest(slack.front, slack.actor("bob"), id, { verdict: "deny", digest });
    }
    const before = await slack.reload(asked);
    expect(await slack.click("bob", "approve", asked)).toEqual(EMPTY);
    expect(slack.web).toMatchObject(ephemeral(text, "U0002"));
    expect(await slack.reload(asked)).toEqual(before);
  });

  it("A click on a request that lapsed says so, even before a sweep has run", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    slack.clock.advance(86_401);
    await slack.click("bob", "approve", asked);
    expect(slack.web).toMatchObject(ephemeral("It lapsed", "U0002"));
    expect((await slack.reload(asked)).state).toBe("lapsed");
  });

  it.each([
    ["the requester", "alice", "your own request"],
    ["somebody who may not see it", "mallory", "access.yaml names nobody"],
  ])("A click of %s decides nothing", async (_, who, text) => {
    const slack = slackBroker();
    const asked = await slack.ask();
    await slack.click(who, "approve", asked, who === "mallory" ? mallory(slack) : {});
    expect(slack.web).toMatchObject([
      { method: "chat.postEphemeral", parameters: { text: expect.stringContaining(text) } },
    ]);
    expect(await slack.reload(asked)).toMatchObject({ state: "pending", approvals: [] });
  });

  it.each([
    ["a second Slack account that access.yaml names", "U0011", "your own request"],
    ["an account that access.yaml does not name", "U0012", "access.yaml names nobody"],
  ])("A requester gains nothing by %s", async (_, user, text) => {
    const policy = slackPolicy();
    const slackIds = ["T0001/U0001", "T0001/U0011"];
    const people = Object.entries(policy.people).map(([name, person]) => {
      const identities = { ...person.identities, slack: slackIds };
      return [name, name === "alice" ? { ...person, identities } : person] as const;
    });
    const slack = slackBroker({ ...policy, people: Object.fromEntries(people) });
    const asked = await slack.ask();
    const other = { id: user, team_id: "T0001", username: "bob", email: "bob@example.com" };
    await slack.click("alice", "approve", asked, { user: other });
    expect(slack.web).toMatchObject(ephemeral(text, user));
    expect(await slack.reload(asked)).toMatchObject({ state: "pending", approvals: [] });
  });

  it("A denial that comes after the approval changes nothing, and says so", async () => {
    const slack = slackBroker();
    const grant = await slack.activeGrant();
    const { id, digest } = grant;
    const view = { private_metadata: JSON.stringify({ id, digest }) };
    const answer = await slack.interact(slack.submission("bob", "deny", { note: "Late" }, view));
    expect(saidIn([answer, slack.web])).toContain("Already decided: it is approved");
    expect(await slack.reload(grant)).toEqual(grant);
  });

  it.each(["not_in_channel", "channel_not_found", "is_archived", "user_not_in_channel"])(
    "Where the app may not write to the channel (%s), a click is answered in a window",
    async (code) => {
      const slack = slackBroker();
      const asked = await slack.ask();
      slack.breakSlack(new SlackRefusal("chat.postEphemeral", code), "chat.postEphemeral");
      expect(await slack.click("alice", "approve", asked)).toEqual(EMPTY);
      expect(slack.web.map(({ method }) => method)).toEqual(["chat.postEphemeral", "views.open"]);
      expect(saidIn([slack.web.at(-1)])).toContain("your own request");
    },
  );

  it("Another refusal of Slack's is a failure, and opens no window", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    slack.breakSlack(new SlackRefusal("chat.postEphemeral", "invalid_blocks"));
    await slack.click("alice", "approve", asked);
    expect(slack.web.map(({ method }) => method)).not.toContain("views.open");
  });

  it("A digest that is not the request's decides nothing", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    for (const action of ["approve", "deny", "revoke"])
      await slack.click("bob", action, { ...asked, digest: "0".repeat(64) });
    expect(slack.web.map(({ method }) => method)).toEqual(Array(3).fill("chat.postEphemeral"));
    expect((await slack.reload(asked)).version).toBe(1);
  });

  it("A denial whose window showed another digest denies nothing", async () => {
    const slack = slackBroker();
    const { id, version } = await slack.ask();
    const view = { private_metadata: JSON.stringify({ id, digest: "0".repeat(64) }) };
    const answer = await slack.interact(slack.submission("bob", "deny", { note: "No" }, view));
    expect(saidIn([answer, slack.web])).toContain("not what you were shown");
    const asked = slack.requests().find((each) => each.id === id);
    expect(asked).toMatchObject({ state: "pending", version });
  });

  it("A rule only for the API is not decided here, and the answer has the command", async () => {
    const policy = aPolicy();
    const rules = policy.rules.map((rule) => ({ ...rule, decideIn: ["api"] as const }));
    const slack = slackBroker(slackPolicy({ ...policy, rules }));
    const asked = await slack.ask();
    await slack.click("bob", "approve", asked);
    expect(slack.web).toMatchObject(ephemeral(`timelatch approve ${asked.id}`, "U0002"));
    expect(await slack.reload(asked)).toMatchObject({ state: "pending", approvals: [] });
  });
});

const mallory = (slack: ReturnType<typeof slackBroker>) => ({
  user: { ...slack.from("x").user, id: "U0005" },
});

describe("A click of somebody whom access.yaml does not let in", () => {
  it.each([
    ["a foreign workspace, in a shared channel", { user: { id: "U0002", team_id: "T0999" } }],
    [
      "a foreign workspace of our organisation's name only",
      {
        user: { id: "U0002", team_id: "T0999" },
        enterprise: { id: "E0001" },
      },
    ],
    [
      "a foreign organisation",
      {
        team: { id: "T0999", enterprise_id: "E0999" },
        user: { id: "U0002", team_id: "T0999" },
      },
    ],
    [
      "another user under bob's name",
      { user: { id: "U9999", team_id: "T0001", username: "bob", name: "bob" } },
    ],
    ["a bot's user", { user: { id: "U0B0T", team_id: "T0001", is_bot: true } }],
    ["a user id in another case", { user: { id: "u0002", team_id: "T0001" } }],
  ])("A click of %s gains nothing, and the attempt is recorded and logged", async (_, over) => {
    const slack = slackBroker();
    const asked = await slack.ask();
    const { statusCode } = await slack.click("bob", "approve", asked, over);
    expect([200, 400]).toContain(statusCode);
    expect(await slack.reload(asked)).toMatchObject({ state: "pending", approvals: [] });
    const history = await slack.front.requests.history(asked.id);
    expect(history.map(({ type }) => type)).toEqual(
      statusCode === 200 ? ["request", "attempt"] : ["request"],
    );
    if (statusCode === 200)
      expect(slack.slackLogs).toContainEqual(
        expect.objectContaining({ level: "warn", message: "tried to decide", isRecorded: true }),
      );
  });

  it("A person of an allowed organisation is known by their home workspace", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    const grid = { team: { id: "T0001", enterprise_id: "E0001" }, enterprise: { id: "E0001" } };
    await slack.click("bob", "approve", asked, grid);
    expect((await slack.reload(asked)).state).toBe("approved");
  });

  it("Another app's payload is refused, though it is signed", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    const { statusCode } = await slack.click("bob", "approve", asked, { api_app_id: "A0002" });
    expect(statusCode).toBe(400);
    expect((await slack.reload(asked)).version).toBe(1);
  });
});

describe("The other buttons", () => {
  it("Deny asks for a note in a window, and its submission denies with it", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    await slack.click("bob", "deny", asked);
    const { id, digest } = asked;
    const private_metadata = JSON.stringify({ id, digest });
    expect(slack.web).toMatchObject([
      { method: "views.open", parameters: { view: { private_metadata } } },
    ]);
    const answer = await slack.interact(
      slack.submission("bob", "deny", { note: "not today" }, { private_metadata }),
    );
    expect(answer).toEqual(EMPTY);
    expect(await slack.reload(asked)).toMatchObject({
      state: "denied",
      outcome: { detail: "Denied by bob: not today" },
    });
  });

  it("A note that the API would refuse stands at its field, and denies nothing", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    const { id, digest } = asked;
    const answer = await slack.interact(
      slack.submission(
        "bob",
        "deny",
        { note: "a\u202eb" },
        {
          private_metadata: JSON.stringify({ id, digest }),
        },
      ),
    );
    expect(answer.body).toMatchObject({ response_action: "errors", errors: { note: /./ } });
    expect((await slack.reload(asked)).state).toBe("pending");
  });

  it.each([
    ["alice", "return", "ending"],
    ["bob", "revoke", "ending"],
  ])("%s can %s an active grant with a button", async (who, action, state) => {
    const slack = slackBroker();
    const grant = await slack.activeGrant();
    expect(await slack.click(who, action, grant)).toEqual(EMPTY);
    expect((await slack.reload(grant)).state).toBe(state);
  });

  it("Cancel takes a pending request back", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    await slack.click("alice", "cancel", asked);
    expect((await slack.reload(asked)).state).toBe("cancelled");
  });

  it("Details open a window with the terms in EKS's words and the digest", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    await slack.click("bob", "details", asked);
    expect(slack.web).toMatchObject([{ method: "views.open" }]);
    for (const text of [asked.digest, asked.principalArn, "payments-edit"])
      expect(saidIn(slack.web)).toContain(text);
  });

  it("Ask again opens the form with the same terms", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    await slack.end(asked, "cancel");
    await slack.click("alice", "ask_again", asked);
    expect(slack.web).toMatchObject([{ method: "views.open" }]);
    for (const text of ["payments-api", asked.reason, "n/AmazonEKSEditPolicy"])
      expect(saidIn(slack.web)).toContain(text);
  });

  it.each([
    ["an unknown button", { action_id: "sudo", block_id: "request", value: "{}" }],
    ["a value that is no JSON", { action_id: "approve", block_id: "request", value: "{" }],
    [
      "a value with more in it",
      { action_id: "approve", block_id: "request", value: '{"id":"1","digest":"2","x":1}' },
    ],
    [
      "an id that is none",
      { action_id: "approve", block_id: "request", value: '{"id":"__proto__","digest":"2"}' },
    ],
    ["an object's own member", { action_id: "constructor", block_id: "request", value: "{}" }],
  ])("A click with %s does nothing, and says so", async (_, action) => {
    const slack = slackBroker();
    const asked = await slack.ask();
    const answer = await slack.click("bob", "approve", asked, { actions: [action] });
    expect(answer).toEqual(EMPTY);
    expect(slack.web).toMatchObject([{ method: "chat.postEphemeral" }]);
    expect((await slack.reload(asked)).version).toBe(1);
  });

  it("A click on App Home brings App Home up to date", async () => {
    const slack = slackBroker();
    const grant = await slack.activeGrant();
    const home = { id: "V0001", type: "home" };
    await slack.click("alice", "return", grant, { channel: undefined, view: home });
    expect(slack.web).toMatchObject([
      { method: "views.publish", parameters: { user_id: "U0001" } },
    ]);
    expect(saidIn(slack.web)).toContain("ending");
  });

  it("A click in a list that only its reader sees is confirmed there", async () => {
    const slack = slackBroker();
    const grant = await slack.activeGrant();
    const container = { type: "message", is_ephemeral: true };
    await slack.click("alice", "return", grant, { container });
    expect(slack.web).toMatchObject(ephemeral("Returned. Access is being removed.", "U0001"));
  });

  it("A decision holds although Slack takes no answer", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    slack.breakSlack();
    await slack.click("bob", "approve", asked);
    expect(await slack.click("bob", "deny", asked)).toEqual(EMPTY);
    expect((await slack.reload(asked)).state).toBe("approved");
  });
});
