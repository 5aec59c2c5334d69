/** Extending access in Slack: the window, and what its submission does. */
import { describe, expect, it } from "vitest";
import { aRequest, T0 } from "../../../../lab/fakes/builders.ts";
import { modalView } from "../../../../lab/sandbox/slack/blocks/view.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { extendForm } from "../../../../shared/slack/front/extend-form.ts";
import { saidIn, slackBroker, slackPolicy } from "./slack-front-fixture.ts";

const REASON = "INC-4711 stuck rollout";
const FIELDS = { duration: "30m", reason: REASON };

const viewOf = ({ id, digest }: Pick<AccessRequest, "id" | "digest">, view = "V0001") => ({
  id: view,
  private_metadata: JSON.stringify({ id, digest }),
});

async function active(policy = slackPolicy()) {
  const slack = slackBroker(policy);
  const grant = await slack.activeGrant();
  const submit = (
    fields: Readonly<Record<string, string>> = FIELDS,
    by = "alice",
    view: object = viewOf(grant),
  ) => slack.interact(slack.submission(by, "extend", fields, { ...view }));
  const extensions = () => slack.requests().filter((each) => each.extends === grant.id);
  return { slack, grant, submit, extensions };
}

describe("The window that extends access", () => {
  it("The button opens a window with the access, its end and its reason", async () => {
    const { slack, grant } = await active();
    await slack.click("alice", "extend", grant);
    expect(slack.web).toMatchObject([
      {
        method: "views.open",
        parameters: {
          view: { callback_id: "extend", private_metadata: viewOf(grant).private_metadata },
        },
      },
    ]);
    for (const text of [
      "You have AmazonEKSEditPolicy in payments-api on prod, by the rule payments-edit.",
      `"initial_value":"${REASON}"`,
      `Ends <!date^${Date.parse(grant.revokeAt ?? "") / 1_000}^`,
    ])
      expect(saidIn(slack.web)).toContain(text);
  });

  it("Slack takes the window of the longest reason", () => {
    const form = extendForm(aRequest({ reason: "&".repeat(500), revokeAt: T0 }));
    expect(modalView(form, "")).toEqual([]);
  });

  it("The button of a message that shows other terms opens nothing, and says why", async () => {
    const { slack, grant } = await active();
    await slack.click("alice", "extend", { ...grant, digest: "0".repeat(64) });
    expect(slack.web).toMatchObject([{ method: "chat.postEphemeral" }]);
  });
});

describe("A submission that extends access", () => {
  it("The extension is stored for what stands in the window, and its sender reads what follows", async () => {
    const { submit, extensions, grant } = await active();
    const { body } = await submit({ duration: "30m", reason: "INC-4711 needs longer" });
    expect(extensions()).toMatchObject([
      {
        state: "pending",
        durationSeconds: 1_800,
        reason: "INC-4711 needs longer",
        until: plusSeconds(grant.expiresAt ?? "", 1_800),
      },
    ]);
    expect(body).toMatchObject({ response_action: "update" });
    expect(saidIn(body)).toContain(
      "AmazonEKSEditPolicy in payments-api on prod for 30m longer: asked for.",
    );
  });

  it("Without a duration it is the rule's", async () => {
    const { submit, extensions } = await active();
    await submit({ reason: REASON });
    expect(extensions()).toMatchObject([{ durationSeconds: 3_600 }]);
  });

  it("An approver extends it by the buttons of its own message", async () => {
    const { slack, submit, extensions, grant } = await active();
    await submit();
    const [extension] = extensions();
    if (!extension) throw new Error("Nothing was stored.");
    await slack.click("bob", "approve", extension);
    expect(await slack.states(grant, extension)).toEqual(["active", "approved"]);
    expect(await slack.reload(grant)).toMatchObject({ extendedBy: extension.id });
    await slack.click("bob", "details", extension);
    expect(saidIn(slack.web)).toContain(`Extends: ${grant.id}`);
    await slack.click("alice", "details", grant);
    expect(saidIn(slack.web)).toContain(`Extended by: ${extension.id}`);
  });

  it("The same window submitted twice is one extension", async () => {
    const { submit, extensions } = await active();
    const [first, second] = [await submit(), await submit()];
    expect(second.body).toEqual(first.body);
    expect(extensions()).toHaveLength(1);
  });

  it.each([
    ["no duration", { ...FIELDS, duration: "soon" }, "duration", "Write whole numbers"],
    ["too short a duration", { ...FIELDS, duration: "1m" }, "duration", "at least 300 seconds"],
    ["a duration over the total", { ...FIELDS, duration: "8h" }, "duration", "8h in all"],
    ["a duration over the maximum", { ...FIELDS, duration: "5h" }, "duration", "4h at most"],
    ["a reason without its ticket", { ...FIELDS, reason: "INC-1" }, "reason", "at least"],
    [
      "hidden characters in the reason",
      { ...FIELDS, reason: "INC-1 a\u202eb" },
      "reason",
      "visible",
    ],
  ] as const)(
    "A window with %s says so at its field, and stores nothing",
    async (_, fields, at, text) => {
      const { submit, extensions } = await active();
      const { body } = await submit(fields);
      expect(body).toEqual({
        response_action: "errors",
        errors: { [at]: expect.stringContaining(text) },
      });
      expect(extensions()).toEqual([]);
    },
  );

  it("A second window for the same grant says which extension there is", async () => {
    const { submit, extensions, grant } = await active();
    await submit();
    const { body } = await submit(FIELDS, "alice", viewOf(grant, "V0002"));
    expect(saidIn(body)).toContain(`${extensions()[0]?.id} extends this grant already`);
    expect(extensions()).toHaveLength(1);
  });

  it("Access whose time is over is not extended, and the window says so", async () => {
    const { slack, submit, extensions, grant } = await active();
    slack.clock.set(grant.revokeAt ?? "");
    const { body } = await submit();
    expect(saidIn(body)).toContain("The access is about to be removed, since its time is over.");
    expect(extensions()).toEqual([]);
  });

  it.each(["bob", "carol"])("Nobody but the requester extends access: not %s", async (by) => {
    const { slack, submit, extensions, grant } = await active();
    await slack.click(by, "extend", grant);
    const { body } = await submit(FIELDS, by);
    expect(saidIn(body)).toContain("Only the requester may extend this");
    expect(extensions()).toEqual([]);
  });

  it("A window without a request of ours extends nothing", async () => {
    const { submit, extensions } = await active();
    for (const private_metadata of ["", "{}", '{"id":"x","digest":"y"}'])
      expect(saidIn((await submit(FIELDS, "alice", { private_metadata })).body)).toContain(
        "not one of Timelatch's",
      );
    expect(extensions()).toEqual([]);
  });
});

describe("Lists of one's own access", () => {
  it("The list offers to extend what is active, until it is extended", async () => {
    const { slack, submit, extensions } = await active();
    const offered = async () =>
      saidIn((await slack.command("alice", "list")).body).match(/"action_id":"extend"/g) ?? [];
    expect(await offered()).toHaveLength(1);
    await submit();
    const [extension] = extensions();
    if (extension) await slack.approve(extension);
    expect(await offered()).toEqual([]);
  });
});

describe("/access return of a grant that was extended", () => {
  it("It returns the whole chain without a choice, since a return of either ends both", async () => {
    const { slack, grant } = await active();
    const extension = await slack.approve(await slack.extend(grant));
    await slack.converge();
    expect(await slack.states(grant, extension)).toEqual(["active", "active"]);
    const { body } = await slack.command("alice", "return");
    expect(saidIn(body)).toContain("Returned. Access is being removed.");
    expect(await slack.states(grant, extension)).toEqual(["ending", "ending"]);
  });
});
