import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { signatureV0 } from "../../../../lab/sandbox/slack/signature.ts";
import {
  type AppAnswer,
  button,
  modal,
  payloadOf,
  SIGNING_SECRET,
  section,
  startSlack,
} from "./slack-fixture.ts";

const json = (value: unknown): AppAnswer => ({ body: JSON.stringify(value) });

/** A Slack in which the app has posted one message with a button. */
async function withMessage(answer: () => AppAnswer | Promise<AppAnswer> = () => ({})) {
  const slack = await startSlack(answer);
  const elements = [button("approve", '{"id":"r1"}')];
  const blocks = [section("alice asks"), { type: "actions", block_id: "request", elements }];
  const { ts } = await slack.call("chat.postMessage", { channel: "C0001", text: "a", blocks });
  return { ...slack, ts };
}

/** A Slack in which alice has a form open. */
async function withForm(
  answer: () => AppAnswer | Promise<AppAnswer> = () => ({}),
  view: object = modal(),
) {
  const slack = await startSlack(answer);
  const { body } = await slack.sandbox("POST", "triggers", { user: "U0001" });
  const { trigger_id } = body as { trigger_id: string };
  const opened = (await slack.call("views.open", { trigger_id, view })) as { view: { id: string } };
  const form = { user: "U0001", view: opened.view.id };
  const values = { reason: { text: "INC-4711" } };
  return { ...slack, form, values };
}

describe("a slash command", () => {
  it("A slash command arrives as a signed form with the documented fields", async () => {
    const { act, received } = await startSlack();
    await act({
      kind: "command",
      user: "U0001",
      channel: "C0001",
      command: "/access",
      text: "list",
    });
    const [request] = received;
    expect(request?.path).toBe("/slack/commands");
    expect(request?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    const timestamp = String(request?.headers["x-slack-request-timestamp"]);
    expect(request?.headers["x-slack-signature"]).toBe(
      signatureV0(SIGNING_SECRET, timestamp, request?.body ?? ""),
    );
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toMatchObject({
      team_id: "T0001",
      team_domain: "example",
      channel_id: "C0001",
      channel_name: "access-approvals",
      user_id: "U0001",
      user_name: "alice",
      command: "/access",
      text: "list",
      api_app_id: "A0001",
      is_enterprise_install: "false",
      response_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/commands\/T0001\//),
      trigger_id: expect.stringMatching(/^\d+\.\d+\.[0-9a-f]{32}$/),
    });
  });

  it.each([
    ["U0001", json({ response_type: "ephemeral", text: "two grants" }), "U0001"],
    ["U0002", json({ response_type: "in_channel", text: "two grants" }), undefined],
    ["U0003", { contentType: "text/plain", body: "two grants" }, "U0003"],
  ])("A slash command of %s shows what %j says", async (user, answer, onlyFor) => {
    const { act, state } = await startSlack(() => answer);
    await act({ kind: "command", user, channel: "C0001", command: "/access" });
    expect(state.messages).toEqual([
      expect.objectContaining({ text: "two grants", channel: "C0001" }),
    ]);
    expect(state.messages[0]?.onlyFor).toBe(onlyFor);
  });

  it.each([
    [{ user: "U0001", channel: "C0001", command: "/other" }, "The app has no command /other."],
    [{ user: "U0009", channel: "C0002", command: "/access" }, "frank is not in C0002."],
    [{ user: "U4711", channel: "C0001", command: "/access" }, "The workspace has no user U4711."],
    [{ user: "U0001", channel: "C0001" }, "An action of kind command needs command, a text."],
    [
      { user: "U0001", channel: "C0001", command: "/access", shout: true },
      "An action of kind command has no member shout.",
    ],
  ])("The slash command %j is refused, and nothing is sent", async (action, sentence) => {
    const { act, received } = await startSlack();
    expect(await act({ kind: "command", ...action })).toEqual({
      httpStatus: 400,
      message: `${sentence} Nothing was sent.`,
      errors: {},
    });
    expect(received).toEqual([]);
  });
});

describe("a click on a message", () => {
  it("A click arrives as block_actions with the message, the channel and the button's value", async () => {
    const { act, received, ts } = await withMessage();
    await act({ kind: "block_actions", user: "U0002", channel: "C0001", ts, action_id: "approve" });
    expect(received[0]?.path).toBe("/slack/interactivity");
    expect(payloadOf(received[0])).toMatchObject({
      type: "block_actions",
      team: { id: "T0001", domain: "example" },
      user: { id: "U0002", username: "bob", name: "bob", team_id: "T0001" },
      api_app_id: "A0001",
      enterprise: null,
      is_enterprise_install: false,
      container: { type: "message", message_ts: ts, channel_id: "C0001", is_ephemeral: false },
      channel: { id: "C0001", name: "access-approvals" },
      message: { ts, bot_id: "B0001" },
      response_url: expect.stringContaining("/actions/T0001/"),
      trigger_id: expect.any(String),
      actions: [
        {
          action_id: "approve",
          block_id: "request",
          type: "button",
          value: '{"id":"r1"}',
          action_ts: expect.any(String),
        },
      ],
    });
  });

  it("A click by somebody from elsewhere in a shared channel carries their own team", async () => {
    const { act, received, ts } = await withMessage();
    await act({ kind: "block_actions", user: "U0009", channel: "C0001", ts, action_id: "approve" });
    expect(payloadOf(received[0])).toMatchObject({
      team: { id: "T0002" },
      user: { id: "U0009", team_id: "T0002" },
    });
  });

  it("A click that nobody could make is not sent", async () => {
    const { act, received, ts } = await withMessage();
    const click = { kind: "block_actions", user: "U0002", channel: "C0001", ts };
    expect(await act({ ...click, action_id: "deny" })).toMatchObject({ httpStatus: 400 });
    expect(await act({ ...click, ts: "1.000001", action_id: "approve" })).toMatchObject({
      message: "bob sees no message 1.000001. Nothing was sent.",
    });
    expect(received).toEqual([]);
  });

  it("A click gives a trigger that opens a view for whoever clicked, and a URL to answer to", async () => {
    const { act, received, call, state, ts } = await withMessage();
    await act({ kind: "block_actions", user: "U0002", channel: "C0001", ts, action_id: "approve" });
    const { trigger_id, response_url } = payloadOf(received[0]) as Record<string, string>;
    expect(await call("views.open", { trigger_id, view: modal() })).toMatchObject({ ok: true });
    expect(state.modals["U0002"]).toHaveLength(1);
    const body = JSON.stringify({ replace_original: true, text: "done" });
    await fetch(response_url ?? "", { method: "POST", body });
    expect(state.messages).toMatchObject([{ ts, text: "done", blocks: [], edited: true }]);
  });
});

describe("Apps that answer too late or wrongly", () => {
  it("An app gets three seconds to answer; then the person is shown operation_timeout", async () => {
    const limits: number[] = [];
    // A tenth of the limit, begun before the app's pause, so that it is over first on any machine.
    vi.spyOn(AbortSignal, "timeout").mockImplementation((limit) => {
      limits.push(limit);
      const late = new AbortController();
      setTimeout(() => late.abort(new DOMException("late", "TimeoutError")), limit / 10);
      return late.signal;
    });
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    const { act } = await startSlack(async () => {
      await pause(1_000);
      return {};
    });
    const answer = await act({ kind: "shortcut", user: "U0001", callback_id: "request_access" });
    expect(answer).toMatchObject({ error: "operation_timeout" });
    expect(limits).toEqual([3_000]);
  });

  it("An app's answer without a success status shows dispatch_failed", async () => {
    const { act } = await startSlack(() => ({ status: 500, body: "no" }));
    expect(await act({ kind: "url_verification" })).toMatchObject({
      status: 500,
      body: "no",
      error: "dispatch_failed",
    });
  });
});

describe("a form", () => {
  it("A form arrives with everything that was typed and chosen", async () => {
    const { act, received, form } = await withForm();
    const values = { reason: { text: "INC-4711" }, policy: { choice: "edit" } };
    await act({ kind: "view_submission", ...form, values });
    expect(payloadOf(received[0])).toMatchObject({
      type: "view_submission",
      user: { id: "U0001" },
      view: {
        id: form.view,
        callback_id: "request",
        private_metadata: "",
        state: {
          values: {
            reason: { text: { type: "plain_text_input", value: "INC-4711" } },
            policy: {
              choice: {
                type: "static_select",
                selected_option: { text: { type: "plain_text", text: "Edit" }, value: "edit" },
              },
            },
          },
        },
      },
      response_urls: [],
    });
  });

  it("A form is not sent while a required field is empty or too short", async () => {
    const { act, received, form } = await withForm();
    expect(await act({ kind: "view_submission", ...form })).toMatchObject({
      httpStatus: 400,
      errors: { reason: "Please complete this required field." },
    });
    const values = { reason: { text: "ab" } };
    expect(await act({ kind: "view_submission", ...form, values })).toMatchObject({
      errors: { reason: "Please enter at least 3 characters." },
    });
    expect(received).toEqual([]);
  });

  it("A form closes when the app acknowledges it", async () => {
    const { act, state, form, values } = await withForm();
    await act({ kind: "view_submission", ...form, values });
    expect(state.modals["U0001"]).toEqual([]);
  });

  it("A form stays open with the app's errors at their fields", async () => {
    const errors = { reason: "name a ticket" };
    const { act, state, form, values } = await withForm(() =>
      json({ response_action: "errors", errors }),
    );
    expect(await act({ kind: "view_submission", ...form, values })).toMatchObject({ errors });
    expect(state.modals["U0001"]).toEqual([form.view]);
  });

  it("A form becomes the view that the app answers with, or lies under it", async () => {
    const { act, state, form, values } = await withForm(() =>
      json({ response_action: "push", view: modal("Sure?") }),
    );
    await act({ kind: "view_submission", ...form, values });
    expect(state.modals["U0001"]).toHaveLength(2);
    const other = await withForm(() => json({ response_action: "update", view: modal("Done") }));
    await other.act({ kind: "view_submission", ...other.form, values });
    expect(other.state.views[other.form.view]?.content).toMatchObject({ title: { text: "Done" } });
  });

  it.each([
    [{ response_action: "explode" }, "unsupported response_action: explode"],
    [
      { response_action: "errors", errors: { policies: "a" } },
      "no input block has the id policies",
    ],
    [{ response_action: "errors", errors: {} }, "must provide at least 1 error"],
    [{ response_action: "update" }, "missing required field: view"],
    [{ text: "a" }, "invalid additional property: text"],
  ])("A form that the app answers with %j shows an error and stays", async (answer, message) => {
    const { act, state, form, values } = await withForm(() => json(answer));
    expect(await act({ kind: "view_submission", ...form, values })).toMatchObject({
      error: "invalid_acknowledgement",
      messages: [`[ERROR] ${message}`],
    });
    expect(state.modals["U0001"]).toEqual([form.view]);
  });

  it("A form tells the app that it was closed where its view asks for that", async () => {
    const quiet = await withForm();
    await quiet.act({ kind: "view_closed", ...quiet.form });
    expect(quiet.received).toEqual([]);
    expect(quiet.state.modals["U0001"]).toEqual([]);
    const view = { ...modal(), notify_on_close: true };
    const { act, received, form } = await withForm(() => ({}), view);
    await act({ kind: "view_closed", ...form });
    expect(payloadOf(received[0])).toMatchObject({
      type: "view_closed",
      view: { id: form.view },
      is_cleared: false,
    });
  });

  it("A form of one person is not there for another", async () => {
    const { act, received, form, values } = await withForm();
    expect(await act({ kind: "view_submission", ...form, user: "U0002", values })).toMatchObject({
      message: `bob has no form ${form.view} open. Nothing was sent.`,
    });
    expect(received).toEqual([]);
  });

  it("A form carries its values along when a choice in it is sent at once", async () => {
    const { act, received, form } = await withForm();
    await act({
      kind: "block_actions",
      ...form,
      action_id: "choice",
      value: "view",
      values: { reason: { text: "half" } },
    });
    expect(payloadOf(received[0])).toMatchObject({
      container: { type: "view", view_id: form.view },
      view: {
        state: {
          values: {
            reason: { text: { value: "half" } },
            policy: { choice: { selected_option: { value: "view" } } },
          },
        },
      },
      actions: [{ type: "static_select", selected_option: { value: "view" } }],
    });
    expect(payloadOf(received[0])).not.toHaveProperty("response_url");
    expect(
      await act({ kind: "block_actions", ...form, action_id: "choice", value: "root" }),
    ).toMatchObject({ message: "choice has no option root. Nothing was sent." });
  });
});

describe("an external select", () => {
  const external = {
    ...modal(),
    blocks: [
      {
        type: "section",
        block_id: "cluster",
        text: { type: "mrkdwn", text: "Cluster" },
        accessory: { type: "external_select", action_id: "pick", min_query_length: 0 },
      },
    ],
  };
  const option = { text: { type: "plain_text", text: "prod" }, value: "prod" };

  it("An external select takes its options from the app", async () => {
    const { act, received, form } = await withForm(() => json({ options: [option] }), external);
    const typed = { kind: "block_suggestion", ...form, action_id: "pick", value: "pr" };
    expect(await act(typed)).toMatchObject({ options: { options: [option] } });
    expect(received[0]?.path).toBe("/slack/options");
    expect(payloadOf(received[0])).toMatchObject({
      type: "block_suggestion",
      action_id: "pick",
      block_id: "cluster",
      value: "pr",
    });
  });

  it("An external select takes no more than 100 options", async () => {
    const many = Array.from({ length: 101 }, () => option);
    const { act, form } = await withForm(() => json({ options: many }), external);
    const typed = { kind: "block_suggestion", ...form, action_id: "pick", value: "" };
    expect(await act(typed)).toMatchObject({ error: "invalid_acknowledgement" });
  });
});

describe("shortcuts and events", () => {
  it("A shortcut arrives without a channel", async () => {
    const { act, received } = await startSlack();
    await act({ kind: "shortcut", user: "U0001", callback_id: "request_access" });
    const payload = payloadOf(received[0]);
    expect(payload).toMatchObject({ type: "shortcut", callback_id: "request_access" });
    expect(payload).toHaveProperty("trigger_id");
    expect(payload).not.toHaveProperty("channel");
    expect(payload).not.toHaveProperty("response_url");
  });

  it("An opened App Home and url_verification arrive as JSON events", async () => {
    const { act, received } = await startSlack();
    await act({ kind: "app_home_opened", user: "U0001" });
    await act({ kind: "url_verification" });
    expect(received.map(({ path, headers }) => [path, headers["content-type"]])).toEqual([
      ["/slack/events", "application/json"],
      ["/slack/events", "application/json"],
    ]);
    expect(JSON.parse(received[0]?.body ?? "")).toMatchObject({
      type: "event_callback",
      team_id: "T0001",
      api_app_id: "A0001",
      event: { type: "app_home_opened", user: "U0001", channel: "D0001", tab: "home" },
    });
    expect(JSON.parse(received[1]?.body ?? "")).toEqual({
      type: "url_verification",
      token: expect.any(String),
      challenge: expect.any(String),
    });
  });
});
