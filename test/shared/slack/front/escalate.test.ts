/** Making a break-glass of a pending request in Slack: the button, the window, and its submission. */
import { describe, expect, it } from "vitest";
import { aRequest } from "../../../../lab/fakes/builders.ts";
import { PAYMENTS_GLASS, policyWithGlass } from "../../../../lab/fakes/glass-policy.ts";
import { modalView } from "../../../../lab/sandbox/slack/blocks/view.ts";
import { noticesFor } from "../../../../shared/domain/notices/notices-for.ts";
import { isEscalatable } from "../../../../shared/domain/policy/glass-rule.ts";
import type { Rule } from "../../../../shared/domain/policy/policy.ts";
import { escalateForm } from "../../../../shared/slack/front/escalate.ts";
import { messageFor } from "../../../../shared/slack/message.ts";
import { saidIn, slackBroker, slackPolicy } from "./slack-front-fixture.ts";

async function waiting(over: Partial<Rule> = {}) {
  const slack = slackBroker(slackPolicy(policyWithGlass(over)));
  const asked = await slack.ask();
  const viewOf = (digest = asked.digest) => ({
    private_metadata: JSON.stringify({ id: asked.id, digest }),
  });
  const submit = (by = "alice", view: object = viewOf()) =>
    slack.interact(slack.submission(by, "escalate", {}, { ...view }));
  const plan = async () =>
    noticesFor(slack.front.policy, await slack.reload(asked), slack.clock.now()).notices;
  return { slack, asked, submit, viewOf, plan };
}

describe("The button that breaks the glass", () => {
  it("The requester has it on a message of their own while the request waits", async () => {
    const { slack, asked, plan } = await waiting();
    const own = (await plan()).find(({ kind }) => kind === "waiting");
    expect(own).toMatchObject({
      audience: { kind: "person", person: "alice" },
      actions: ["escalate", "cancel"],
      send: true,
    });
    expect(own && saidIn(messageFor(own))).toContain("If it cannot wait, break the glass");
    await slack.approve(asked);
    expect((await plan()).find(({ kind }) => kind === "waiting")).toMatchObject({
      actions: [],
      send: false,
    });
  });

  it("Nobody is offered to break the glass for an extension that waits", async () => {
    const policy = slackPolicy(policyWithGlass());
    const slack = slackBroker(policy);
    const grant = await slack.activeGrant();
    const extension = await slack.extend(grant);
    expect(extension.state).toBe("pending");
    expect(isEscalatable(policy, extension)).toBe(false);
    expect(isEscalatable(policy, { ...extension, extends: undefined } as never)).toBe(true);
  });

  it("The first rule that lends it decides whether it is offered in Slack", () => {
    const policy = slackPolicy(policyWithGlass());
    const glass = policy.rules.find(({ name }) => name === PAYMENTS_GLASS);
    if (!glass) throw new Error("The policy of tests lacks a rule.");
    const others = policy.rules.filter((rule) => rule !== glass);
    const elsewhere = { ...glass, name: "elsewhere", decideIn: ["api"] } as const;
    const offered = (...rules: readonly Rule[]) =>
      isEscalatable({ ...policy, rules: [...others, ...rules] }, aRequest());
    expect([offered(glass, elsewhere), offered(elsewhere, glass)]).toEqual([true, false]);
  });

  it("The list of one's own requests has the button", async () => {
    const { slack } = await waiting();
    const { body } = await slack.command("alice", "list");
    expect(saidIn(body)).toContain('"action_id":"escalate"');
  });

  it.each([
    ["needs an approval too", { approval: [{ groups: ["payments-leads"], count: 1 }] }],
    ["is not for them", { who: { people: ["bob"], groups: [] } }],
    ["lends less", { clusters: ["staging"] }],
    ["is no break-glass", { breakGlass: false }],
  ] as const)("Nobody is offered what no rule lends: the only one %s", async (_why, over) => {
    const { slack, plan } = await waiting(over as Partial<Rule>);
    expect((await plan()).find(({ kind }) => kind === "waiting")).toMatchObject({ send: false });
    expect(saidIn((await slack.command("alice", "list")).body)).not.toContain("escalate");
  });

  it("A click opens a window that says what comes, who is not waited for, and the reason", async () => {
    const { slack, asked, viewOf } = await waiting();
    await slack.click("alice", "escalate", asked);
    expect(slack.web).toMatchObject([
      { method: "views.open", parameters: { view: { callback_id: "escalate", ...viewOf() } } },
    ]);
    for (const text of [
      `AmazonEKSEditPolicy in payments-api on prod for 30m, at once, by the rule ${PAYMENTS_GLASS}.`,
      "those whom you do not wait for: bob.",
      "They read your reason: INC-4711 stuck rollout",
    ])
      expect(saidIn(slack.web)).toContain(text);
    expect((await slack.reload(asked)).state).toBe("pending");
  });

  it("Slack takes the window", async () => {
    const { slack, asked } = await waiting();
    const form = escalateForm(slack.front, { actor: slack.actor("alice") }, asked);
    expect(modalView(form, "")).toEqual([]);
  });

  it("A click of somebody else opens nothing and says why", async () => {
    const { slack, asked } = await waiting();
    await slack.click("bob", "escalate", asked);
    expect(slack.web.map(({ method }) => method)).toEqual(["chat.postEphemeral"]);
    expect(saidIn(slack.web)).toContain("Only its requester may make a break-glass");
  });

  it("A click after the decision opens nothing and says why", async () => {
    const { slack, asked } = await waiting();
    await slack.approve(asked);
    await slack.click("alice", "escalate", asked);
    expect(saidIn(slack.web)).toContain("only one that waits for its approval");
  });
});

describe("A submission that breaks the glass", () => {
  it("The request is break-glass with its id, and its sender reads what follows", async () => {
    const { slack, asked, submit } = await waiting();
    const { body } = await submit();
    expect(await slack.reload(asked)).toMatchObject({
      id: asked.id,
      state: "approved",
      breakGlass: true,
      rule: PAYMENTS_GLASS,
      access: asked.access,
    });
    expect(saidIn(body)).toContain("the policy approved it. Access is being added.");
    const [, escalated] = await slack.history(asked);
    expect(escalated).toMatchObject({
      type: "escalate",
      details: { surface: "slack", skipped: ["bob"], proof: { user: "U0001" } },
    });
  });

  it("The alarm channel and everyone who was asked get a message that names them", async () => {
    const { submit, plan } = await waiting();
    await submit();
    const sent = (await plan()).filter(({ kind }) => kind === "break-glass");
    expect(sent.map(({ key }) => key)).toEqual(["break-glass@C0002", "break-glass@bob"]);
    const [alarm, bob] = sent.map((notice) => saidIn(messageFor(notice)));
    expect(alarm).toContain("Skipped: bob would have been asked to approve this.");
    expect(bob).toContain("You would have been asked to approve this.");
  });

  it.each([
    ["somebody else", "bob", undefined, "Only its requester"],
    ["other terms than now", "alice", "0".repeat(64), "is not what this message showed you"],
  ])("A submission of %s changes nothing, and says why", async (_what, by, digest, text) => {
    const { slack, asked, submit, viewOf } = await waiting();
    const { body } = await submit(by, viewOf(digest));
    expect(saidIn(body)).toContain(text);
    expect(await slack.reload(asked)).toEqual(asked);
  });

  it("A second submission changes nothing, and says that it is break-glass already", async () => {
    const { slack, asked, submit } = await waiting();
    await submit();
    const before = await slack.reload(asked);
    const again = { private_metadata: JSON.stringify({ id: asked.id, digest: before.digest }) };
    expect(saidIn((await submit("alice", again)).body)).toContain("break-glass already");
    expect(await slack.reload(asked)).toEqual(before);
  });

  it("Where Slack does not say who is a full member, nothing is done and the command is named", async () => {
    const { slack, asked, submit } = await waiting();
    const { SlackBusy } = await import("../../../../shared/slack/slack-errors.ts");
    slack.setStanding(new SlackBusy("users.info", "it took too long", null));
    expect(saidIn((await submit()).body)).toContain(`timelatch escalate ${asked.id}`);
    expect((await slack.reload(asked)).state).toBe("pending");
  });
});
