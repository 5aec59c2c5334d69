/** Reviewing a break-glass in Slack: the window, and what its submission does. */
import { describe, expect, it } from "vitest";
import { modalView } from "../../../../lab/sandbox/slack/blocks/view.ts";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { reviewForm } from "../../../../shared/slack/front/review-form.ts";
import { SlackBusy } from "../../../../shared/slack/slack-errors.ts";
import { done, summary } from "../../policy-tools/suggest/used-grants.ts";
import { saidIn, slackBroker } from "./slack-front-fixture.ts";

const GLASS = {
  access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } },
  durationSeconds: 1_800,
  reason: "INC-4711 nothing answers",
} as const;
const NOTE = { note: "Restarted the API server, INC-4711." };

/** Carol's break-glass, which is over, or lasts. */
async function used(isOver = true) {
  const slack = slackBroker();
  const asked = await slack.grant(GLASS, "carol");
  const binding = bindingKey(asked.cluster.arn, asked.principalArn);
  await slack.converge(binding);
  if (isOver) {
    await slack.convergeAtEnd(asked);
    await slack.settle(120, binding);
  }
  const grant = await slack.reload(asked);
  const view = { private_metadata: JSON.stringify({ id: grant.id, digest: grant.digest }) };
  return {
    slack,
    grant,
    view,
    submit: (fields: Readonly<Record<string, string>>, by = "bob", shown: object = view) =>
      slack.interact(slack.submission(by, "review", fields, { ...shown })),
    now: () => slack.reload(grant) as Promise<AccessRequest>,
  };
}

describe("The window of a review", () => {
  it("The button opens a window that says who used what and why, and wants a note", async () => {
    const { slack, grant, view } = await used();
    await slack.click("bob", "review", grant);
    expect(slack.web).toMatchObject([
      { method: "views.open", parameters: { view: { callback_id: "review", ...view } } },
    ]);
    expect(saidIn(slack.web)).toContain("carol used break-glass for AmazonEKSClusterAdminPolicy");
    expect(saidIn(slack.web)).toContain('"optional":false');
    expect(modalView(reviewForm(grant, null), "")).toEqual([]);
  });

  it("The window says what was done, by the cluster's audit log, or that nobody knows yet", async () => {
    const { slack, grant } = await used();
    await slack.click("bob", "review", grant);
    expect(saidIn(slack.web)).toContain("What was done: Not known: no summary is on record.");
    const details = summary([done("get pods"), done("delete pods")], { isCut: true });
    const at = slack.clock.now();
    await slack.evidence.appendEvidence({ type: "activity", requestId: grant.id, at, details });
    await slack.click("bob", "review", grant);
    const said = saidIn(slack.web);
    expect(said).toContain(
      "What was done: 2 requests allowed by this access, refused, or made as somebody else, from 2026-11-24 10:00 UTC to",
    );
    expect(said).toContain("1 × delete pods in payments-api, allowed");
    expect(said).toContain("There was more than the summary holds.");
    expect(modalView(reviewForm(grant, details), "")).toEqual([]);
  });

  it.each([
    ["carol", "so you cannot review it"],
    ["alice", "There is no request"],
  ])("The button opens no window for %s, who may not close it", async (who, text) => {
    const { slack, grant } = await used();
    await slack.click(who, "review", grant);
    expect(slack.web.map(({ method }) => method)).toEqual(["chat.postEphemeral"]);
    expect(saidIn(slack.web)).toContain(text);
  });
});

describe("While the access lasts", () => {
  it("Neither the button nor a window from before closes the review, and both say until when", async () => {
    const { slack, grant, submit, now } = await used(false);
    const said = `carol still has this access, until ${grant.expiresAt} at the latest`;
    await slack.click("bob", "review", grant);
    expect(slack.web.map(({ method }) => method)).toEqual(["chat.postEphemeral"]);
    expect(saidIn(slack.web)).toContain(said);
    expect(saidIn((await submit(NOTE)).body)).toContain(said);
    expect((await now()).review?.closed).toBeNull();
  });
});

describe("A submission that closes a review", () => {
  it("The review is closed with the note, and Slack as its surface", async () => {
    const { slack, grant, submit, now } = await used();
    expect(await submit(NOTE)).toEqual({ statusCode: 200, body: undefined });
    expect((await now()).review?.closed).toMatchObject({ person: "bob", ...NOTE });
    expect((await slack.front.requests.history(grant.id)).at(-1)).toMatchObject({
      type: "review",
      actor: "bob",
      details: { surface: "slack", proof: { user: "U0002" } },
    });
  });

  it.each([
    ["nothing", "Say why."],
    ["spaces alone", "Say why."],
    ["hidden characters", "visible characters"],
  ])("A note of %s closes nothing, and says so at its field", async (what, text) => {
    const { submit, now } = await used();
    const note = { nothing: "", "spaces alone": "   " }[what] ?? "a\u202eb";
    expect((await submit({ note })).body).toEqual({
      response_action: "errors",
      errors: { note: expect.stringContaining(text) },
    });
    expect((await now()).review?.closed).toBeNull();
  });

  it("Its own requester closes nothing, and reads why", async () => {
    const { submit, now } = await used();
    expect(saidIn((await submit(NOTE, "carol")).body)).toContain("so you cannot review it");
    expect((await now()).review?.closed).toBeNull();
  });

  it("A second one changes nothing, and reads who was first", async () => {
    const { submit, now } = await used();
    await submit(NOTE);
    const before = await now();
    expect(saidIn((await submit({ note: "Me too." })).body)).toContain(
      "bob has closed this review",
    );
    expect(await now()).toEqual(before);
  });

  it("A window about other terms, or about no request of ours, closes nothing", async () => {
    const { grant, submit, now } = await used();
    const shown = JSON.stringify({ id: grant.id, digest: "0".repeat(64) });
    for (const private_metadata of [shown, "", '{"id":"x","digest":"y"}'])
      expect((await submit(NOTE, "bob", { private_metadata })).body).toMatchObject({
        response_action: "push",
      });
    expect((await now()).review?.closed).toBeNull();
  });

  it("Nobody reviews while Slack does not say who they are, and the answer has the command", async () => {
    const { slack, grant, submit, now } = await used();
    slack.setStanding(new SlackBusy("users.info", "it took too long", null));
    const command = `timelatch review ${grant.id} --close`;
    expect(saidIn((await submit(NOTE)).body)).toContain(command);
    await slack.click("bob", "review", grant);
    expect(saidIn(slack.web)).toContain(command);
    expect((await now()).review?.closed).toBeNull();
  });

  it("App Home lists what its reader may review, and nothing to anybody else", async () => {
    for (const [user, isShown] of [
      ["U0002", true],
      ["U0001", false],
      ["U0003", false],
    ] as const) {
      const { slack } = await used();
      const event = { type: "app_home_opened", user, tab: "home" };
      const body = { type: "event_callback", team_id: "T0001", api_app_id: "A0001", event };
      await slack.bodyOf(slack.sign("events", JSON.stringify(body)));
      expect(saidIn(slack.web).includes('"action_id":"review"')).toBe(isShown);
      expect(saidIn(slack.web).includes("To review")).toBe(isShown);
    }
  });
});
