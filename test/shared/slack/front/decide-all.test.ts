/** One press that decides all parts of a message. */
import { describe, expect, it } from "vitest";
import { ASK, view } from "../../../../lab/fakes/memory-broker.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { APPROVE_ALL, buttonValues, DENY_ALL } from "../../../../shared/slack/actions.ts";
import { createAsk } from "../../../../shared/usecases/requests/create-ask.ts";
import { saidIn, slackBroker } from "./slack-front-fixture.ts";

type Slack = ReturnType<typeof slackBroker>;

/** Two things that alice asks for at once, and that bob may decide. */
async function twoParts(slack: Slack): Promise<readonly [AccessRequest, AccessRequest]> {
  const asks = [ASK, { ...ASK, access: view("payments-api") }];
  const [one, two] = await createAsk(slack.front, slack.actor("alice"), asks, undefined);
  if (!one || !two) throw new Error("Nothing was stored.");
  return [one, two];
}
const press = (slack: Slack, who: string, action: string, parts: readonly AccessRequest[]) => {
  const [first] = parts;
  if (!first) throw new Error("There is no part.");
  const actions = [
    { type: "button", action_id: action, block_id: "all", value: buttonValues(parts) },
  ];
  return slack.click(who, action, first, { actions });
};
const statesOf = async (slack: Slack, parts: readonly AccessRequest[]) =>
  (await Promise.all(parts.map((each) => slack.reload(each)))).map(({ state }) => state);

describe("Approve all", () => {
  it("One tap approves each by itself, with the tap as the proof, and says so to who tapped", async () => {
    const slack = slackBroker();
    const parts = await twoParts(slack);
    await press(slack, "bob", APPROVE_ALL, parts);
    expect(await statesOf(slack, parts)).toEqual(["approved", "approved"]);
    for (const each of parts)
      expect((await slack.reload(each)).approvals).toMatchObject([
        { person: "bob", surface: "slack", proof: { user: "U0002" } },
      ]);
    expect(saidIn(slack.web)).toContain("Approved: AmazonEKSEditPolicy in payments-api on prod");
  });

  it("What the approver may not decide is named with why, and the rest is approved", async () => {
    const slack = slackBroker();
    const [one, two] = await twoParts(slack);
    await slack.end(two, "cancel");
    await press(slack, "bob", APPROVE_ALL, [one, two]);
    expect(await statesOf(slack, [one, two])).toEqual(["approved", "cancelled"]);
    expect(saidIn(slack.web)).toContain(`Not decided: timelatch show ${two.id}. Already over`);
  });

  it("On other terms than the message showed, that part is not approved", async () => {
    const slack = slackBroker();
    const [one, two] = await twoParts(slack);
    await press(slack, "bob", APPROVE_ALL, [one, { ...two, digest: "0".repeat(64) }]);
    expect(await statesOf(slack, [one, two])).toEqual(["approved", "pending"]);
  });

  it.each(["alice", "erin"])(
    "%s, who may approve nothing of it, changes nothing, and each history has the attempt",
    async (who) => {
      const slack = slackBroker();
      const parts = await twoParts(slack);
      await press(slack, who, APPROVE_ALL, parts);
      expect(await statesOf(slack, parts)).toEqual(["pending", "pending"]);
      for (const { id } of parts) {
        const history = await slack.front.requests.history(id);
        expect(history.at(-1)).toMatchObject({ type: "attempt" });
      }
    },
  );

  it("The same signed message does nothing a second time", async () => {
    const slack = slackBroker();
    const parts = await twoParts(slack);
    const payload = slack.clickPayload("bob", APPROVE_ALL, parts[0], {
      actions: [
        { type: "button", action_id: APPROVE_ALL, block_id: "all", value: buttonValues(parts) },
      ],
    });
    const call = slack.sign("interactivity", slack.form(payload));
    await slack.send(call);
    const before = await Promise.all(parts.map((each) => slack.front.requests.history(each.id)));
    await slack.send(call);
    const after = await Promise.all(parts.map((each) => slack.front.requests.history(each.id)));
    expect(after).toEqual(before);
    // Each decision used the message up for its request, so that a copy is refused whatever becomes of that.
    expect(slack.tables.nonces.size).toBe(parts.length);
  });

  it.each([
    ["no list", "{}"],
    ["nothing", "[]"],
    ["six parts", buttonValues(Array.from({ length: 6 }, () => ({ id: "x", digest: "y" })))],
    ["what is no id", buttonValues([{ id: "../x", digest: "y" }])],
    ["more than ids and digests", '[{"id":"x","digest":"y","more":1}]'],
  ])("A button with %s decides nothing", async (_what, value) => {
    const slack = slackBroker();
    const parts = await twoParts(slack);
    await slack.click("bob", APPROVE_ALL, parts[0], {
      actions: [{ type: "button", action_id: APPROVE_ALL, block_id: "all", value }],
    });
    expect(await statesOf(slack, parts)).toEqual(["pending", "pending"]);
    expect(saidIn(slack.web)).toContain("not one of Timelatch's");
  });

  it("A part that is named twice is decided by no press", async () => {
    const slack = slackBroker();
    const [one] = await twoParts(slack);
    await press(slack, "bob", APPROVE_ALL, [one, one]);
    expect(await statesOf(slack, [one])).toEqual(["pending"]);
  });
});

describe("Deny all", () => {
  it("The window shows what is denied, and denies each with its note", async () => {
    const slack = slackBroker();
    const parts = await twoParts(slack);
    await press(slack, "bob", DENY_ALL, parts);
    expect(slack.web).toMatchObject([{ method: "views.open" }]);
    expect(saidIn(slack.web)).toContain("AmazonEKSViewPolicy in payments-api on prod");
    const more = { private_metadata: buttonValues(parts) };
    await slack.interact(slack.submission("bob", "deny_all", { note: "not today" }, more));
    expect(await statesOf(slack, parts)).toEqual(["denied", "denied"]);
    expect((await slack.reload(parts[1])).outcome?.detail).toContain("not today");
  });

  it.each([
    ["erin, who may not see it", "erin", (part: AccessRequest) => part],
    ["bob, on other terms", "bob", (part: AccessRequest) => ({ ...part, digest: "0".repeat(64) })],
  ])("%s opens no window", async (_what, who, as) => {
    const slack = slackBroker();
    const [one, two] = await twoParts(slack);
    await press(slack, who, DENY_ALL, [one, as(two)]);
    expect(slack.web.map(({ method }) => method)).not.toContain("views.open");
    expect(saidIn(slack.web)).not.toContain("AmazonEKS");
  });

  it("A note of another form denies nothing", async () => {
    const slack = slackBroker();
    const parts = await twoParts(slack);
    const more = { private_metadata: buttonValues(parts) };
    const { body } = await slack.interact(
      slack.submission("bob", "deny_all", { note: "x".repeat(2_000) }, more),
    );
    expect(body).toMatchObject({ response_action: "errors" });
    expect(await statesOf(slack, parts)).toEqual(["pending", "pending"]);
  });
});
