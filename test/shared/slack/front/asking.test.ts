/** Asking in Slack: the command, the form, App Home and the probes. */
import { describe, expect, it } from "vitest";
import { edit } from "../../../../lab/fakes/memory-broker.ts";
import { SlackRefusal } from "../../../../shared/slack/slack-errors.ts";
import { saidIn, slackBroker, slackPolicy } from "./slack-front-fixture.ts";

const ASK = "prod edit payments-api 1h INC-4711 stuck rollout";
const FORM = {
  cluster: "prod",
  access: "n/AmazonEKSEditPolicy",
  namespaces: "payments-api, payments-web",
  duration: "1h",
  reason: "INC-4711 stuck rollout",
};

describe("The command", () => {
  it("The words of a command become a request, and only its asker is answered", async () => {
    const slack = slackBroker();
    const { body } = await slack.command("alice", ASK);
    expect(body).toMatchObject({
      response_type: "ephemeral",
      text: expect.stringContaining("timelatch show"),
    });
    expect(slack.requests()).toMatchObject([
      {
        requester: "alice",
        access: {
          policy: "AmazonEKSEditPolicy",
          scope: { type: "namespace", namespaces: ["payments-api"] },
        },
        durationSeconds: 3_600,
        reason: "INC-4711 stuck rollout",
      },
    ]);
  });

  it.each([
    ["a list of namespaces", "prod edit payments-a,payments-b 90m INC-4711 stuck rollout", 5_400],
    ["the policy in full", "prod AmazonEKSViewPolicy payments-api 2h INC-4711 stuck", 7_200],
    ["no duration", "prod edit payments-api INC-4711 stuck rollout", 3_600],
    ["the whole cluster", "staging view cluster 1h INC-4711 stuck rollout", 3_600],
    ["a group", "staging eks-admins 1h INC-4711 stuck rollout", 3_600],
  ])("A command with %s is understood", async (_, text, durationSeconds) => {
    const slack = slackBroker();
    await slack.command("alice", text);
    expect(slack.requests()).toMatchObject([{ durationSeconds }]);
  });

  it("A grant that the policy approves at once is lent once to somebody who presses twice", async () => {
    const slack = slackBroker();
    const text = "staging view cluster 1h INC-4711 stuck rollout";
    const first = await slack.command("alice", text);
    expect(await slack.command("alice", text)).toEqual(first);
    expect(slack.requests()).toHaveLength(1);
    await slack.command("alice", text.replace("stuck", "another"));
    expect(slack.requests()).toHaveLength(2);
    slack.clock.advance(61);
    await slack.command("alice", text);
    expect(slack.requests()).toHaveLength(3);
  });

  it("Slack's escapes in a command are the characters that were typed", async () => {
    const slack = slackBroker();
    await slack.command("alice", "prod edit payments-api 1h a &lt;b&gt; &amp;amp; c d e f");
    expect(slack.requests()).toMatchObject([{ reason: "a <b> &amp; c d e f" }]);
  });

  it.each([
    ["an unknown cluster", "nowhere edit x 1h INC-4711 stuck", "You may ask for prod, staging"],
    [
      "a policy that no rule lends",
      "prod cluster-admin cluster 1h INC-4711",
      "On prod you may ask for",
    ],
    [
      "the whole cluster where only namespaces are lent",
      "prod edit cluster 1h INC-4711 x",
      "On prod",
    ],
    ["a namespace that no rule lends", "prod edit kube-system 1h INC-4711 stuck", "payments-edit"],
    ["a namespace that is none", "prod edit Payments_API 1h INC-4711 stuck", "lower-case"],
    ["too long a time", "prod edit payments-api 5h INC-4711 stuck", "4h"],
    ["no reason", "prod edit payments-api 1h", "Say why"],
    [
      "a hidden character in the reason",
      "prod edit payments-api 1h INC-4711\u202e stuck",
      "visible",
    ],
  ])("A command with %s asks for nothing, and says why", async (_, text, why) => {
    const slack = slackBroker();
    const { statusCode, body } = await slack.command("alice", text);
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({ response_type: "ephemeral" });
    expect(saidIn(body)).toContain(why);
    expect(slack.requests()).toEqual([]);
  });

  it("Mentions in what somebody typed are shown as text", async () => {
    const slack = slackBroker();
    const { body } = await slack.command("alice", "<!channel> edit x 1h reason");
    expect(body.text).not.toContain("<!channel>");
    expect(saidIn(body.blocks)).toContain("plain_text");
  });

  it("Help, an empty list and nothing to return are each answered", async () => {
    const slack = slackBroker();
    expect(saidIn((await slack.command("alice", "help")).body)).toContain("/access list");
    expect(saidIn((await slack.command("alice", "list")).body)).toContain("no open grant");
    expect(saidIn((await slack.command("alice", "return")).body)).toContain("Nothing was done");
  });

  it("The list shows open requests with buttons, and return ends the only grant", async () => {
    const slack = slackBroker();
    const grant = await slack.activeGrant();
    expect(saidIn((await slack.command("alice", "list")).body)).toContain('"action_id":"return"');
    await slack.command("alice", "RETURN ");
    expect((await slack.reload(grant)).state).toBe("ending");
  });

  it.each(["list", "", ASK])(
    "Nobody of access.yaml gets an answer to %j, and no data",
    async (text) => {
      const slack = slackBroker();
      const { body } = await slack.command("alice", text, { user_id: "U9999" });
      expect(saidIn(body)).toContain("access.yaml names nobody");
      expect(slack.requests()).toEqual([]);
      expect(slack.web).toEqual([]);
    },
  );
});

describe("The form", () => {
  const viewOf = (slack: ReturnType<typeof slackBroker>) =>
    slack.web.at(-1)?.parameters["view"] as {
      blocks: { block_id?: string; element?: { action_id: string } }[];
    };
  const fields = (slack: ReturnType<typeof slackBroker>) =>
    viewOf(slack).blocks.map(({ block_id, element }) => element?.action_id ?? block_id);

  it("The form opens complete in one call, from the command and the shortcut", async () => {
    const slack = slackBroker();
    await slack.command("alice", "");
    await slack.interact({
      type: "shortcut",
      ...slack.from("alice"),
      callback_id: "request_access",
      trigger_id: "t",
    });
    expect(slack.web.map(({ method }) => method)).toEqual(["views.open", "views.open"]);
    expect(fields(slack)).toEqual(["cluster", "duration", "reason", "preview"]);
  });

  it("The form offers what its reader may ask for, and nothing else", async () => {
    const slack = slackBroker();
    await slack.command("bob", "");
    expect(saidIn(viewOf(slack))).toContain("staging");
    expect(saidIn(viewOf(slack))).not.toContain("prod");
  });

  it("A choice updates the form under its hash, with what it would lead to", async () => {
    const slack = slackBroker();
    const { view } = slack.submission("alice", "request", { ...FORM, reason: "" });
    await slack.click("alice", "access", (await slack.ask()) as never, {
      channel: undefined,
      view,
      actions: [
        { action_id: "access", block_id: "access", selected_option: { value: FORM.access } },
      ],
    });
    const [{ method, parameters } = {}] = slack.web as [{ method: string; parameters: object }];
    expect(method).toBe("views.update");
    expect(parameters).toMatchObject({ view_id: "V0001", hash: "1.abc" });
    expect(fields(slack)).toEqual([
      "cluster",
      "access",
      "namespaces",
      "duration",
      "presets",
      "reason",
      "preview",
    ]);
    const preview = saidIn(viewOf(slack).blocks.at(-1));
    expect(preview).toContain("You can ask for this. Say why above. Needs bob.");
    expect(preview).not.toContain("10 characters");
  });

  it.each([
    [{}, "Choose a cluster"],
    [{ cluster: "prod" }, "Choose what you need."],
    [{ cluster: "prod", access: FORM.access }, "Name the namespaces"],
    [{ ...FORM, reason: "" }, "Say why above"],
    [{ ...FORM, reason: "", duration: "99h" }, "at most 4h"],
    [FORM, "for 1h. Needs bob."],
  ])("A form with %j says what comes next, and no more", async (values, text) => {
    const slack = slackBroker();
    const { view } = slack.submission("alice", "request", values as never);
    await slack.click(
      "alice",
      "cluster",
      (await slack.ask({ access: edit("payments-web") })) as never,
      {
        channel: undefined,
        view,
        actions: [
          { action_id: "cluster", block_id: "cluster", selected_option: { value: "prod" } },
        ],
      },
    );
    const preview = saidIn(viewOf(slack).blocks.at(-1));
    expect(preview).toContain(text);
    for (const other of ["Choose a", "Name the", "10 characters", "Choose what"])
      if (!text.includes(other)) expect(preview).not.toContain(other);
  });

  it("A missing reason stands at its field once the form is submitted", async () => {
    const slack = slackBroker();
    const { body } = await slack.interact(
      slack.submission("alice", "request", { ...FORM, reason: "x" }),
    );
    expect(body).toEqual({
      response_action: "errors",
      errors: { reason: expect.stringContaining("10 characters") },
    });
  });

  it("Two choices in quick succession show no error: the later one has updated the form", async () => {
    const slack = slackBroker();
    const { view } = slack.submission("alice", "request", { ...FORM, reason: "" });
    slack.breakSlack(new SlackRefusal("views.update", "hash_conflict"));
    await slack.click("alice", "duration", (await slack.ask()) as never, {
      channel: undefined,
      view,
      actions: [{ action_id: "duration", block_id: "duration", value: "1h" }],
    });
    expect(slack.web.map((call) => (call as { method: string }).method)).toEqual(["views.update"]);
  });

  it("A submission asks, and the same view asks only once", async () => {
    const slack = slackBroker();
    const first = await slack.interact(slack.submission("alice", "request", FORM));
    const again = await slack.interact(slack.submission("alice", "request", FORM));
    expect(first.body).toMatchObject({ response_action: "update" });
    expect(again.body).toEqual(first.body);
    expect(slack.requests()).toMatchObject([
      { access: { scope: { namespaces: ["payments-api", "payments-web"] } } },
    ]);
  });

  it.each([
    ["reason", { reason: "short" }],
    ["reason", { reason: " " }],
    ["duration", { duration: "5h" }],
    ["duration", { duration: "soon" }],
    ["namespaces", { namespaces: "kube-system" }],
    ["namespaces", { namespaces: "" }],
    ["namespaces", { namespaces: "Payments_API" }],
    ["access", { access: "c/AmazonEKSClusterAdminPolicy" }],
    ["cluster", { cluster: "elsewhere" }],
  ])("A fault of the %s stands at its field: %o", async (field, change) => {
    const slack = slackBroker();
    const { body } = await slack.interact(
      slack.submission("alice", "request", { ...FORM, ...change }),
    );
    expect(body.response_action).toBe("errors");
    expect(Object.keys(body.errors)).toContain(field);
    expect(slack.requests()).toEqual([]);
  });

  it("A repeated form shows a window with the request that is already pending", async () => {
    const slack = slackBroker();
    await slack.interact(slack.submission("alice", "request", FORM));
    const { body } = await slack.interact(
      slack.submission("alice", "request", FORM, { id: "V0002" }),
    );
    expect(body).toMatchObject({ response_action: "push" });
    expect(saidIn(body)).toContain("You already asked");
  });

  it("The answer to a command reports a form that Slack did not open", async () => {
    const slack = slackBroker();
    slack.breakSlack();
    expect(saidIn((await slack.command("alice", "")).body)).toContain("try again");
  });
});

describe("App Home and the probes", () => {
  const opened = (user: string, tab = "home") =>
    JSON.stringify({
      type: "event_callback",
      team_id: "T0001",
      api_app_id: "A0001",
      event: { type: "app_home_opened", user, tab, channel: "D0001" },
    });

  it("App Home shows my access, what waits for me, and what was", async () => {
    const slack = slackBroker();
    await slack.ask();
    await slack.bodyOf(slack.sign("events", opened("U0002")));
    expect(slack.web).toMatchObject([
      { method: "views.publish", parameters: { user_id: "U0002" } },
    ]);
    for (const id of ["approve", "approve_less", "deny", "details"])
      expect(saidIn(slack.web)).toContain(`"action_id":"${id}"`);
  });

  it("App Home offers no decision that a rule leaves to the API, and its details", async () => {
    const policy = slackPolicy();
    const rules = policy.rules.map((rule) => ({ ...rule, decideIn: ["api"] as const }));
    const slack = slackBroker({ ...policy, rules });
    await slack.ask();
    await slack.bodyOf(slack.sign("events", opened("U0002")));
    expect(saidIn(slack.web)).toContain('"action_id":"details"');
    expect(saidIn(slack.web)).not.toMatch(/"action_id":"(?:approve|approve_less|deny)"/);
  });

  it("App Home of somebody unknown says so, and the messages tab shows nothing", async () => {
    const slack = slackBroker();
    await slack.bodyOf(slack.sign("events", opened("U9999")));
    expect(saidIn(slack.web)).toContain("access.yaml names nobody");
    await slack.bodyOf(slack.sign("events", opened("U0001", "messages")));
    expect(slack.web).toHaveLength(1);
  });

  it("A signed challenge is answered, and an unsigned one is not", async () => {
    const slack = slackBroker();
    const body = JSON.stringify({ type: "url_verification", challenge: "abc", token: "x" });
    const call = slack.sign("events", body);
    expect(await slack.bodyOf(call)).toEqual({ statusCode: 200, body: { challenge: "abc" } });
    expect((await slack.bodyOf({ ...call, headers: {} })).statusCode).toBe(401);
  });

  it.each([
    ["commands", "interactivity"],
    ["interactivity", "options"],
    ["interactivity", "commands"],
    ["events", "interactivity"],
  ])("A signed body for the route %s is refused at the route %s", async (own, other) => {
    const slack = slackBroker();
    const asked = await slack.ask();
    const bodies: Readonly<Record<string, string>> = {
      commands: slack.commandBody("alice", ASK),
      interactivity: slack.form(slack.clickPayload("bob", "approve", asked)),
      events: opened("U0001"),
    };
    const { statusCode } = await slack.bodyOf(slack.sign(other, bodies[own] ?? ""));
    expect(statusCode).toBe(400);
    expect(slack.requests()).toHaveLength(1);
    expect((await slack.reload(asked)).version).toBe(1);
  });

  it("A form with a field twice is refused, since either could count", async () => {
    const slack = slackBroker();
    const asked = await slack.ask();
    const click = slack.form(slack.clickPayload("bob", "approve", asked));
    const twice: readonly (readonly [string, string])[] = [
      ["commands", `${slack.commandBody("alice", ASK)}&user_id=U0002`],
      ["interactivity", `payload=%7B%7D&${click}`],
    ];
    for (const [route, body] of twice)
      expect((await slack.bodyOf(slack.sign(route, body))).statusCode).toBe(400);
    expect((await slack.reload(asked)).version).toBe(1);
  });

  it("Options are the clusters that their reader may ask for", async () => {
    const slack = slackBroker();
    const body = slack.form({
      type: "block_suggestion",
      ...slack.from("alice"),
      action_id: "cluster",
      block_id: "cluster",
      value: "STAG",
    });
    const answer = await slack.bodyOf(slack.sign("options", body));
    expect(answer.body.options).toMatchObject([{ value: "staging" }]);
  });
});
