/** People whom access.yaml names, and whom Slack does not count among its full members. */
import { describe, expect, it } from "vitest";
import { SlackBusy, SlackRefusal } from "../../../../shared/slack/slack-errors.ts";
import { saidIn, slackBroker, slackPolicy } from "./slack-front-fixture.ts";

type Slack = ReturnType<typeof slackBroker>;
const said = (slack: Slack) => saidIn(slack.web);

const TERMS = {
  cluster: "prod",
  access: "n/AmazonEKSEditPolicy",
  namespaces: "payments-api",
  duration: "1h",
  reason: "INC-4711 stuck rollout",
};
const ASK = "prod edit payments-api 1h INC-4711 stuck rollout";

describe("Somebody whom access.yaml names and Slack calls no full member", () => {
  it.each([
    ["deactivated", "your account is deactivated"],
    ["guest", "you are a guest"],
    ["bot", "your account is a bot"],
    ["foreign", "not among those"],
  ] as const)(
    "A %s approver decides nothing, reads why, and is in the history",
    async (standing, text) => {
      const slack = slackBroker();
      const asked = await slack.ask();
      slack.setStanding(standing);
      for (const action of ["approve_less", "deny", "revoke"])
        await slack.click("bob", action, asked);
      expect(slack.asked).toEqual(["U0002", "U0002", "U0002"]);
      expect(slack.web.map(({ method }) => method)).toEqual(Array(3).fill("chat.postEphemeral"));
      expect(said(slack)).toContain(text);
      expect(await slack.reload(asked)).toMatchObject({ state: "pending", approvals: [] });
      const history = await slack.front.requests.history(asked.id);
      expect(history.slice(1)).toMatchObject(
        ["approve", "deny", "revoke"].map((tried) => ({
          type: "attempt",
          actor: "bob",
          details: { tried, why: standing, surface: "slack" },
        })),
      );
    },
  );

  it("A guest extends nothing, by button or form", async () => {
    const slack = slackBroker();
    const grant = await slack.activeGrant();
    slack.setStanding("guest");
    await slack.click("alice", "extend", grant);
    expect(said(slack)).toContain("you are a guest");
    const private_metadata = JSON.stringify({ id: grant.id, digest: grant.digest });
    const form = slack.submission("alice", "extend", { duration: "30m" }, { private_metadata });
    expect(saidIn((await slack.interact(form)).body)).toContain("you are a guest");
    expect(slack.requests()).toHaveLength(1);
  });

  it("A guest asks for nothing, by form or command", async () => {
    const slack = slackBroker();
    slack.setStanding("guest");
    const { body } = await slack.command("alice", ASK);
    expect(body.text).toContain("you are a guest");
    const submitted = await slack.interact(slack.submission("alice", "request", TERMS));
    expect(saidIn(submitted.body)).toContain("you are a guest");
    expect(slack.requests()).toEqual([]);
  });
});

describe("A Slack that does not say who somebody is", () => {
  it.each([
    ["does not answer", new SlackBusy("users.info", "it took too long", null)],
    ["refuses the token", new SlackRefusal("users.info", "token_revoked")],
    ["misses a scope", new SlackRefusal("users.info", "missing_scope")],
  ])("A decision is refused where Slack %s, and names the command", async (_, error) => {
    const slack = slackBroker();
    const asked = await slack.ask();
    slack.setStanding(error);
    await slack.click("bob", "approve", asked);
    await slack.click("bob", "deny", asked);
    const { id, digest } = asked;
    const view = { private_metadata: JSON.stringify({ id, digest }) };
    for (const form of ["deny", "less"]) {
      const submitted = await slack.interact(slack.submission("bob", form, {}, view));
      expect(saidIn(submitted.body)).toContain(`timelatch deny ${asked.id}`);
    }
    expect(slack.web).toHaveLength(2);
    for (const call of slack.web) expect(saidIn(call)).toContain(`timelatch approve ${asked.id}`);
    expect(await slack.reload(asked)).toEqual(asked);
    slack.setStanding("member");
    await slack.click("bob", "approve", asked);
    expect((await slack.reload(asked)).state).toBe("approved");
  });

  it("Forms open while Slack does not say who somebody is, but nothing is requested", async () => {
    const slack = slackBroker();
    slack.setStanding(new SlackBusy("users.info", "it took too long", null));
    await slack.command("alice", "");
    expect(slack.web.map(({ method }) => method)).toEqual(["views.open"]);
    const submitted = await slack.interact(slack.submission("alice", "request", TERMS));
    expect(submitted.body).toMatchObject({ response_action: "push" });
    expect(saidIn(submitted.body)).toContain("timelatch request");
    expect((await slack.command("alice", ASK)).body.text).toContain("timelatch request");
    expect(slack.requests()).toEqual([]);
  });

  it("Nothing is extended while Slack does not say who somebody is, though the form opens", async () => {
    const slack = slackBroker();
    const grant = await slack.activeGrant();
    slack.setStanding(new SlackBusy("users.info", "it took too long", null));
    await slack.click("alice", "extend", grant);
    expect(slack.web.map(({ method }) => method)).toEqual(["views.open"]);
    const { id, digest } = grant;
    const view = { private_metadata: JSON.stringify({ id, digest }) };
    const form = slack.submission("alice", "extend", { reason: grant.reason }, view);
    expect((await slack.interact(form)).body).toMatchObject({ response_action: "push" });
    expect(slack.requests()).toHaveLength(1);
  });

  it("Access can be ended even if Slack does not say who somebody is", async () => {
    const slack = slackBroker();
    const active = await slack.activeGrant();
    slack.setStanding(new SlackBusy("users.info", "it took too long", null));
    await slack.click("bob", "revoke", active);
    expect((await slack.reload(active)).state).toBe("ending");
  });
});

describe("A user of another workspace of an Enterprise Grid organisation", () => {
  /** Bob clicks in T0001, and is at home in T0777. Access.yaml names him by the organisation. */
  function inGrid() {
    const policy = slackPolicy();
    const bob = policy.people["bob"];
    if (!bob) throw new Error("The policy has no bob.");
    const identities = { ...bob.identities, slack: ["E0001/U0002"] };
    return slackBroker({ ...policy, people: { ...policy.people, bob: { ...bob, identities } } });
  }
  const fromElsewhere = {
    team: { id: "T0001", enterprise_id: "E0001" },
    enterprise: { id: "E0001" },
    user: { id: "U0002", team_id: "T0777" },
  };

  it("Their click decides where Slack says that they are of the organisation", async () => {
    const slack = inGrid();
    const asked = await slack.ask();
    slack.setOrganisation("E0001");
    await slack.click("bob", "approve", asked, fromElsewhere);
    const proof = { team: "E0001", user: "U0002" };
    expect((await slack.reload(asked)).approvals).toMatchObject([{ person: "bob", proof }]);
  });

  it.each([
    ["of another organisation", "E0999"],
    ["of no organisation", null],
  ])("Somebody who clicks there and is %s decides nothing", async (_, organisation) => {
    const slack = inGrid();
    const asked = await slack.ask();
    slack.setOrganisation(organisation);
    await slack.click("bob", "approve", asked, fromElsewhere);
    expect(said(slack)).toContain("not among those");
    expect(await slack.reload(asked)).toMatchObject({ state: "pending", approvals: [] });
  });

  it("Slack is not asked about somebody whom access.yaml does not name", async () => {
    const slack = inGrid();
    const asked = await slack.ask();
    const user = { id: "U0777", team_id: "T0777" };
    await slack.click("bob", "approve", asked, { ...fromElsewhere, user });
    expect(slack.asked).toEqual([]);
    expect(said(slack)).toContain("not among those");
  });

  it("Nothing is decided where Slack does not say", async () => {
    const slack = inGrid();
    const asked = await slack.ask();
    slack.setStanding(new SlackBusy("users.info", "it took too long", null));
    await slack.click("bob", "approve", asked, fromElsewhere);
    expect(await slack.reload(asked)).toMatchObject({ state: "pending", approvals: [] });
    expect(slack.web.map(({ method }) => method)).toEqual(["chat.postEphemeral"]);
  });
});
