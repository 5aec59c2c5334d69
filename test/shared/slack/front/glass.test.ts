/** Asking for break-glass in Slack: the question before it, and the rules that forbid it there. */
import { describe, expect, it } from "vitest";
import { PAYMENTS_GLASS, policyWithGlass } from "../../../../lab/fakes/glass-policy.ts";
import { modalView } from "../../../../lab/sandbox/slack/blocks/view.ts";
import type { AccessPolicy, Rule } from "../../../../shared/domain/policy/policy.ts";
import { SlackBusy } from "../../../../shared/slack/slack-errors.ts";
import { saidIn, slackBroker, slackPolicy } from "./slack-front-fixture.ts";

const ASK = "prod edit payments-api 20m INC-4711 stuck rollout";
const FORM = {
  cluster: "prod",
  access: "n/AmazonEKSEditPolicy",
  namespaces: "payments-api",
  duration: "20m",
  reason: "INC-4711 stuck rollout",
};
const TERMS = {
  rule: PAYMENTS_GLASS,
  breakGlass: true,
  state: "approved",
  durationSeconds: 1_200,
  reason: "INC-4711 stuck rollout",
};

/** A policy whose break-glass is the first rule that lends the access: `payments-edit` is another's. */
function glassPolicy(over: Partial<Rule> = {}): AccessPolicy {
  const policy = policyWithGlass(over);
  const rules = policy.rules.map((rule) =>
    rule.name === "payments-edit" ? { ...rule, who: { people: ["bob"], groups: [] } } : rule,
  );
  return slackPolicy({ ...policy, rules });
}

type View = { readonly private_metadata: string; readonly callback_id: string };

/** Slack with the window that a command opened. */
async function asked(over: Partial<Rule> = {}, text = ASK) {
  const slack = slackBroker(glassPolicy(over));
  const { body } = await slack.command("alice", text);
  const view = slack.web[0]?.parameters["view"] as View | undefined;
  const submit = (metadata = view?.private_metadata ?? "", id = "V0001") =>
    slack.interact(slack.submission("alice", "glass", {}, { id, private_metadata: metadata }));
  return { slack, body, view, submit };
}

describe("Break-glass by the command", () => {
  it("The command stores nothing, and opens a window that says what follows", async () => {
    const { slack, body, view } = await asked();
    expect(slack.requests()).toEqual([]);
    expect(body).toBeUndefined();
    expect(slack.web.map(({ method }) => method)).toEqual(["views.open"]);
    for (const text of [
      "BREAK-GLASS: nobody approves this first.",
      `AmazonEKSEditPolicy in payments-api on prod for 20m, at once, by the rule ${PAYMENTS_GLASS}.`,
      "The alarm channel hears of it, and so do those whom you do not wait for: bob.",
      "Somebody of payments-leads or platform reviews it afterwards.",
      "They read your reason: INC-4711 stuck rollout",
    ])
      expect(saidIn(view)).toContain(text);
    expect(modalView(view as never, "")).toEqual([]);
  });

  it("Once it is confirmed, the break-glass is approved at once, and a second press lends no more", async () => {
    const { slack, submit } = await asked();
    const { body } = await submit();
    expect(body).toMatchObject({ response_action: "update" });
    expect(saidIn(body)).toContain("the policy approved it. Access is being added.");
    expect(slack.requests()).toMatchObject([TERMS]);
    await submit();
    expect(slack.requests()).toHaveLength(1);
  });

  it("Nothing is lent while Slack does not say whether the sender is still a member", async () => {
    const { slack, submit } = await asked();
    slack.setStanding(new SlackBusy("users.info", "it took too long", null));
    expect(saidIn((await submit()).body)).toContain("timelatch request");
    expect(slack.requests()).toEqual([]);
    slack.setStanding("member");
    await submit();
    expect(slack.requests()).toMatchObject([TERMS]);
  });

  it.each(["", "{}", "not JSON", '{"cluster":"prod"}'])(
    "A submission that is none of ours asks for nothing: %s",
    async (metadata) => {
      const { slack, submit } = await asked();
      expect(saidIn((await submit(metadata)).body)).toContain("not one of Timelatch's");
      expect(slack.requests()).toEqual([]);
    },
  );

  it("What the broker refuses opens no window", async () => {
    const { slack, body } = await asked({}, ASK.replace("20m", "9h"));
    expect(slack.web).toEqual([]);
    expect(saidIn(body)).toContain("Nothing was");
  });

  it("An ask that is no break-glass opens no window", async () => {
    const slack = slackBroker(slackPolicy(policyWithGlass()));
    await slack.command("alice", ASK);
    expect(slack.web).toEqual([]);
    expect(slack.requests()).toMatchObject([{ rule: "payments-edit", state: "pending" }]);
  });

  it("A break-glass that needs an approval is asked for without a window", async () => {
    const approval = [{ groups: ["payments-leads"], count: 1 }];
    const { slack } = await asked({ approval });
    expect(slack.web).toEqual([]);
    expect(slack.requests()).toMatchObject([{ rule: PAYMENTS_GLASS, state: "pending" }]);
  });

  it("Terms that are too long for a window ask for nothing, and the answer names the terminal", async () => {
    const names = Array.from({ length: 50 }, (_, at) => `payments-${"x".repeat(50)}${at + 10}`);
    const { slack, view } = await asked({}, ASK.replace("payments-api", names.join(",")));
    expect(saidIn(view)).toContain("too long to confirm in Slack. Nothing was done;");
    expect(slack.requests()).toEqual([]);
  });
});

describe("Break-glass by the form", () => {
  it("The form becomes the question, and asks for nothing before it is confirmed", async () => {
    const slack = slackBroker(glassPolicy());
    const { body } = await slack.interact(slack.submission("alice", "request", FORM));
    expect(body).toMatchObject({ response_action: "update", view: { callback_id: "glass" } });
    expect(slack.requests()).toEqual([]);
    const { private_metadata } = body.view;
    await slack.interact(slack.submission("alice", "glass", {}, { private_metadata }));
    expect(slack.requests()).toMatchObject([TERMS]);
  });
});

describe("A break-glass rule that lets nobody decide in Slack", () => {
  const ELSEWHERE = { decideIn: ["api"] } as const;
  const NEXT = `timelatch request --cluster prod --rule ${PAYMENTS_GLASS}`;

  it("The command asks for nothing, and its answer says where to ask", async () => {
    const { slack, body } = await asked(ELSEWHERE);
    expect(saidIn(body)).toContain(`under ${PAYMENTS_GLASS} in Slack. Nothing was changed`);
    expect(saidIn(body)).toContain(NEXT);
    expect([slack.web, slack.requests()]).toEqual([[], []]);
  });

  it("The form asks for nothing, and its answer says where to ask", async () => {
    const slack = slackBroker(glassPolicy(ELSEWHERE));
    const { body } = await slack.interact(slack.submission("alice", "request", FORM));
    expect(saidIn(body)).toContain(NEXT);
    expect(slack.requests()).toEqual([]);
  });

  it("A window from before the rule forbade it asks for nothing", async () => {
    const { view } = await asked();
    const { slack, submit } = await asked(ELSEWHERE);
    expect(saidIn((await submit(view?.private_metadata)).body)).toContain(NEXT);
    expect(slack.requests()).toEqual([]);
  });

  it("A pending request has no button for it, and a click on an old one changes nothing", async () => {
    const slack = slackBroker(slackPolicy(policyWithGlass(ELSEWHERE)));
    const pending = await slack.ask();
    expect(saidIn((await slack.command("alice", "list")).body)).not.toContain("escalate");
    await slack.click("alice", "escalate", pending);
    expect(slack.web.map(({ method }) => method)).toEqual(["chat.postEphemeral"]);
    expect(saidIn(slack.web)).toContain(`timelatch escalate ${pending.id}`);
    const metadata = JSON.stringify({ id: pending.id, digest: pending.digest });
    const view = { private_metadata: metadata };
    const { body } = await slack.interact(slack.submission("alice", "escalate", {}, view));
    expect(saidIn(body)).toContain(`timelatch escalate ${pending.id}`);
    expect(await slack.reload(pending)).toEqual(pending);
  });

  it("Its grant is not extended in Slack either", async () => {
    const extend = { times: 1, totalSeconds: 3_600, approval: "none" } as const;
    const allowed = slackBroker(glassPolicy({ extend }));
    await allowed.activeGrant({ durationSeconds: 1_200 });
    expect(saidIn((await allowed.command("alice", "list")).body)).toContain('"extend"');
    const slack = slackBroker(glassPolicy({ ...ELSEWHERE, extend }));
    const grant = await slack.activeGrant({ durationSeconds: 1_200 });
    expect(grant).toMatchObject({ rule: PAYMENTS_GLASS, state: "active" });
    expect(saidIn((await slack.command("alice", "list")).body)).not.toContain('"extend"');
    const metadata = JSON.stringify({ id: grant.id, digest: grant.digest });
    const { body } = await slack.interact(
      slack.submission(
        "alice",
        "extend",
        { duration: "10m", reason: "INC-4711 stuck rollout" },
        { private_metadata: metadata },
      ),
    );
    expect(saidIn(body)).toContain(`timelatch extend ${grant.id}`);
    expect(slack.requests()).toHaveLength(1);
  });

  it("The API and the command line lend it all the same", async () => {
    const slack = slackBroker(glassPolicy(ELSEWHERE));
    expect(await slack.ask({ durationSeconds: 1_200 })).toMatchObject(TERMS);
  });
});
