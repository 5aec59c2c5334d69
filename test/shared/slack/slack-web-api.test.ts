import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Secret, SecretMissing } from "../../../shared/ports/secret.ts";
import { slackWebApi } from "../../../shared/slack/slack-web-api.ts";
import { type LoopbackSlack, loopbackSlack } from "./loopback-slack.ts";

const TOKEN = "xoxb-not-for-logs";
const fixedSecret = (value: string): Secret => ({ read: async () => value, forget: () => {} });

let slack: LoopbackSlack;
beforeEach(async () => {
  slack = await loopbackSlack();
});
afterEach(() => slack.close());

const api = (token = fixedSecret(TOKEN), timeoutMs = 2_000) =>
  slackWebApi({ token, baseUrl: slack.baseUrl, timeoutMs });
const failing = (token?: Secret, timeoutMs?: number) =>
  api(token, timeoutMs)
    .call("chat.postMessage", { channel: "C0001", text: "hello" })
    .then(
      () => undefined,
      (error: unknown) => error,
    );

describe("a call to Slack's Web API", () => {
  it("A call to Slack is a form with the token in a header, and lists as JSON", async () => {
    const blocks = [{ type: "divider" }];
    const args = { channel: "C0001", text: "a & b = ü", blocks, unfurl_links: false };
    expect(await api().call("chat.postMessage", args)).toMatchObject({ ok: true });
    expect(slack.calls).toMatchObject([
      {
        method: "chat.postMessage",
        headers: { authorization: `Bearer ${TOKEN}` },
        form: { ...args, blocks: JSON.stringify(blocks), unfurl_links: "false" },
      },
    ]);
  });

  it.each([
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "user_not_found",
    "invalid_blocks",
    "msg_too_long",
    "msg_blocks_too_long",
    "message_not_found",
    "cant_update_message",
    "expired_trigger_id",
    "missing_scope",
    "some_new_error",
  ])("A call that Slack refuses fails with %s", async (error) => {
    slack.fail({ kind: "error", error });
    expect(await failing()).toMatchObject({ name: "SlackRefusal", code: error });
    expect(slack.calls).toHaveLength(1);
  });

  it.each(["token_revoked", "invalid_auth", "account_inactive"])(
    "A call whose unchanged token Slack refuses with %s fails with that code",
    async (error) => {
      slack.fail({ kind: "error", error });
      expect(await failing()).toMatchObject({ name: "SlackRefusal", code: error });
      expect(slack.calls).toHaveLength(1);
    },
  );

  it.each([
    ["token_missing", new SecretMissing("Parameter x is missing.")],
    ["token_unreadable", new Error("AccessDenied for arn:aws:iam::1:role/x")],
  ])("A call without a token fails with %s, and Slack is not called", async (code, error) => {
    const token: Secret = { read: () => Promise.reject(error), forget: () => {} };
    const failure = await failing(token);
    expect(failure).toMatchObject({ name: "SlackRefusal", code });
    expect(inspect(failure, { depth: 9 })).not.toContain(error.message);
    expect(slack.calls).toEqual([]);
  });

  it("A call uses a replaced token at once", async () => {
    const tokens = ["xoxb-old", "xoxb-new"];
    const token: Secret = {
      read: async () => tokens[0] ?? "",
      forget: () => void tokens.shift(),
    };
    slack.fail({ kind: "error", error: "token_revoked" });
    expect(await failing(token)).toBeUndefined();
    expect(slack.calls.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer xoxb-old",
      "Bearer xoxb-new",
    ]);
  });

  it.each([
    ["429 with Retry-After 30", { kind: "status", status: 429, retryAfter: "30" }, 30],
    ["429 with Retry-After 0", { kind: "status", status: 429, retryAfter: "0" }, 1],
    ["429 with a day", { kind: "status", status: 429, retryAfter: "86400" }, 3_600],
    ["429 with a word", { kind: "status", status: 429, retryAfter: "soon" }, null],
    ["429 without Retry-After", { kind: "status", status: 429 }, null],
    ["ratelimited", { kind: "error", error: "ratelimited" }, null],
    ["500", { kind: "status", status: 500 }, null],
    ["503", { kind: "status", status: 503 }, null],
    ["internal_error", { kind: "error", error: "internal_error" }, null],
    ["fatal_error", { kind: "error", error: "fatal_error" }, null],
    ["a page of something else", { kind: "body", body: "<html>" }, null],
    ["an answer without ok", { kind: "body", body: "{}" }, null],
    ["a broken connection", { kind: "answer-lost" }, null],
  ] as const)("A call that gets %s can be retried later", async (_what, failure, seconds) => {
    slack.fail(failure);
    expect(await failing()).toMatchObject({ name: "SlackBusy", retryAfterSeconds: seconds });
    expect(slack.calls).toHaveLength(1);
  });

  it("A call without an answer ends after its timeout", async () => {
    slack.fail({ kind: "silence" });
    expect(await failing(fixedSecret(TOKEN), 50)).toMatchObject({
      name: "SlackBusy",
      retryAfterSeconds: null,
      message: expect.stringContaining("it took too long"),
    });
  });

  it("A call follows no redirect, so the token goes nowhere else", async () => {
    slack.fail({ kind: "redirect", location: `${slack.baseUrl}/chat.update` });
    expect(await failing()).toMatchObject({ name: "SlackBusy" });
    expect(slack.calls).toHaveLength(1);
  });

  it("A call that a proxy refuses fails with the HTTP status", async () => {
    slack.fail({ kind: "body", body: "no", status: 404 });
    expect(await failing()).toMatchObject({ name: "SlackRefusal", code: "http_404" });
  });

  it("A call's error repeats no text of Slack's answer", async () => {
    slack.fail({ kind: "error", error: `${TOKEN} is <wrong>` });
    expect(await failing()).toMatchObject({ code: "unknown_error" });
  });

  it("No error shows the token, even if the token is invalid in a header", async () => {
    const failures = [
      await failing(fixedSecret(`${TOKEN}\nx`)),
      await failing(fixedSecret(`${TOKEN}\u{1f600}`)),
    ];
    slack.fail({ kind: "error", error: "invalid_auth" });
    failures.push(await failing());
    await slack.close();
    failures.push(await failing());
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(Error);
      expect(inspect(failure, { depth: 9 })).not.toContain(TOKEN);
    }
  });
});
