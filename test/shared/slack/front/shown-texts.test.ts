/** All that people wrote is text in every window, list, answer and on App Home. */
import { describe, expect, it } from "vitest";
import { aRequest, T0 } from "../../../../lab/fakes/builders.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { ephemeral } from "../../../../shared/slack/blocks.ts";
import { denyForm } from "../../../../shared/slack/front/deny-form.ts";
import { detailsModal } from "../../../../shared/slack/front/details.ts";
import { extendForm } from "../../../../shared/slack/front/extend-form.ts";
import { lessForm } from "../../../../shared/slack/front/less-form.ts";
import { ownActions, requestBlocks } from "../../../../shared/slack/front/own-access.ts";
import { requestForm } from "../../../../shared/slack/front/request-form.ts";
import { reviewForm } from "../../../../shared/slack/front/review-form.ts";
import { textModal } from "../../../../shared/slack/front/say.ts";
import { askedLines } from "../../../../shared/slack/texts/form-texts.ts";
import { listAccess } from "../../../../shared/usecases/requests/list-access.ts";
import { HOSTILE, rawIn } from "../../../hostile-characters.ts";
import { slackBroker } from "./slack-front-fixture.ts";

/** Every string that Slack shows, in its place; a message's `text` is a place of its own. */
const shownIn = (value: unknown): readonly string[] => {
  if (typeof value !== "object" || value === null) return [];
  const own = "text" in value && typeof value.text === "string" ? [value.text] : [];
  return [...own, ...Object.values(value).flatMap(shownIn)];
};

const MARKUP = "*b* _i_ `c` <!channel> <@U0001> <https://evil.example|x> &lt; :tada:";
const slack = slackBroker();
const alice = slack.actor("alice");

/** Each place where somebody else's words are shown. */
const SINKS: Readonly<Record<string, (request: AccessRequest) => unknown>> = {
  "the form that denies": denyForm,
  "the form that closes a review": (request) => reviewForm(request, null),
  "the form that approves for less": lessForm,
  "the form that extends": extendForm,
  Details: (request) => detailsModal(slack.front, request),
  "lists and App Home": (request) =>
    requestBlocks(slack.front.policy, request, ownActions(slack.front.policy, request)),
  "what became of a form": (request) => textModal(askedLines(request)),
  "an answer to a command": ({ reason }) => ephemeral([reason, reason]),
  "the form's preview": ({ reason }) =>
    requestForm(alice, listAccess(slack.front, alice), {}, [reason]),
};

function writtenBy(text: string): AccessRequest {
  const request = aRequest();
  return {
    ...request,
    requester: text,
    reason: text,
    rule: text,
    principalArn: text,
    cluster: { name: text, arn: text },
    access: { groups: [text, text] },
    expiresAt: T0,
    outcome: { code: text, detail: text },
    approvals: [{ person: text, surface: "slack", at: T0, proof: {} }],
  };
}

describe.each(Object.entries(SINKS))("In %s", (_name, sink) => {
  it.each(Object.entries(HOSTILE))("Slack shows %s as escapes", (_kind, points) => {
    const text = points.map((point) => `x${String.fromCodePoint(point)}`).join("");
    const breaks = shownIn(sink(writtenBy("a\nb"))).some((each) => each.includes("\\n"));
    expect(breaks).toBe(true);
    // Lines of ours are the only breaks.
    for (const shown of shownIn(sink(writtenBy(text)))) expect(rawIn(shown, "\n")).toEqual([]);
  });

  it("Slack shows markup, mentions and links as they were typed", () => {
    const shown = shownIn(sink(writtenBy(MARKUP)));
    const own = /^[A-Z][a-z ]+ <!date\^\d+\^\{date_short_pretty\} \{time\}\|[\d: UTC-]+>$/;
    for (const each of shown.filter((text) => !own.test(text)))
      expect(each).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
    expect(shown.join("\n")).toContain("&lt;!channel&gt;");
    expect(shown.join("\n")).toContain("&amp;lt;");
  });

  it("A long text is cut to what Slack takes", () => {
    for (const shown of shownIn(sink(writtenBy("&\u202e".repeat(2_000)))))
      expect(shown.length).toBeLessThanOrEqual(3_000);
  });

  it("Slack reads markup only in the broker's own dates", () => {
    const markup = JSON.stringify(sink(writtenBy(MARKUP))).match(/"mrkdwn","text":"[^"]*"/g) ?? [];
    for (const each of markup) expect(each).toContain("<!date^");
  });
});

describe("The answer to a command", () => {
  it("The answer to a command quotes unknown words as text", async () => {
    const { body } = await slack.command("alice", `<!channel>\u202e& edit`);
    expect(body.text).toContain("not for &lt;!channel&gt;\\u{202e}&amp;.");
    expect(rawIn(body.text, "\n")).toEqual([]);
  });

  it("The answer to a command lists at most eight requests, and counts the others", async () => {
    const many = slackBroker();
    for (let n = 0; n < 9; n += 1)
      await many.ask({
        access: {
          policy: "AmazonEKSViewPolicy",
          scope: { type: "namespace", namespaces: [`payments-${n}`] },
        },
      });
    const { body } = await many.command("alice", "list");
    expect(body.blocks.filter(({ type }: { type: string }) => type === "actions")).toHaveLength(8);
    expect(JSON.stringify(body.blocks.at(-1))).toContain("And 1 more: timelatch list");
    expect(JSON.stringify(body.blocks).length).toBeLessThan(13_000);
  });
});

describe("Buttons that take access away", () => {
  it("Buttons that remove access ask for confirmation, also on App Home and in lists", async () => {
    const own = slackBroker();
    await own.activeGrant();
    const { body } = await own.command("alice", "list");
    const buttons = body.blocks.flatMap(
      ({ elements = [] }: { elements?: readonly { action_id?: string; confirm?: unknown }[] }) =>
        elements.filter(({ action_id }) => action_id !== undefined),
    );
    expect(buttons).toMatchObject([
      { action_id: "extend" },
      { action_id: "return", confirm: { title: { text: "Return this access?" } } },
      { action_id: "details" },
    ]);
    for (const n of [0, 2]) expect(buttons[n]).not.toHaveProperty("confirm");
  });
});
