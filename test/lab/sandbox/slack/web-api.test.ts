import { describe, expect, it } from "vitest";
import { BOT_TOKEN, button, section, startSlack } from "./slack-fixture.ts";

const post = (url: string, init: RequestInit) => fetch(url, { method: "POST", ...init });
const answered = async (response: Promise<Response>) => (await response).json();

describe("a call of the Web API", () => {
  it("A call of the Web API is refused without the bot's token, and with another", async () => {
    const { url } = await startSlack();
    expect(await answered(post(`${url}/api/auth.test`, {}))).toEqual({
      ok: false,
      error: "not_authed",
    });
    const headers = { authorization: `Bearer ${BOT_TOKEN}x` };
    expect(await answered(post(`${url}/api/auth.test`, { headers }))).toEqual({
      ok: false,
      error: "invalid_auth",
    });
  });

  it("A call of the Web API takes its arguments as a form, with blocks as JSON in it", async () => {
    const { url } = await startSlack();
    const response = await post(`${url}/api/chat.postMessage`, {
      headers: { authorization: `Bearer ${BOT_TOKEN}` },
      body: new URLSearchParams({
        channel: "C0001",
        text: "hello",
        blocks: JSON.stringify([section("*hello*")]),
      }),
    });
    expect(await response.json()).toMatchObject({
      ok: true,
      channel: "C0001",
      message: { text: "hello", blocks: [section("*hello*")], bot_id: "B0001" },
    });
  });

  it("Its posts are listed, all or the latest messages", async () => {
    const { url } = await startSlack();
    const headers = { authorization: `Bearer ${BOT_TOKEN}` };
    // A channel takes a message a second.
    for (const [channel, text] of Object.entries({ C0001: "one", D0001: "two", D0002: "three" }))
      await post(`${url}/api/chat.postMessage`, {
        headers,
        body: new URLSearchParams({ channel, text }),
      });
    const listed = async (query: string) => {
      const found = (await answered(fetch(`${url}/_sandbox/messages${query}`))) as {
        text: string;
      }[];
      return found.map(({ text }) => text);
    };
    expect(await listed("")).toEqual(["one", "two", "three"]);
    expect(await listed("?last=2")).toEqual(["two", "three"]);
    expect((await fetch(`${url}/_sandbox/messages?last=0`)).status).toBe(400);
  });

  it.each([
    ["application/json", "{", "invalid_json"],
    ["application/json", "[]", "json_not_object"],
    ["text/plain", "a", "invalid_post_type"],
    ["application/x-www-form-urlencoded", "channel=C0001&blocks={", "invalid_blocks_format"],
  ])("A call of the Web API with a body of %s that is %s answers %s", async (type, body, error) => {
    const { url } = await startSlack();
    const headers = { authorization: `Bearer ${BOT_TOKEN}`, "content-type": type };
    expect(await answered(post(`${url}/api/chat.postMessage`, { headers, body }))).toMatchObject({
      ok: false,
      error,
    });
  });

  it("The Web API names what the sandbox does not emulate: methods and arguments", async () => {
    const { call } = await startSlack();
    expect(await call("conversations.history")).toEqual({ ok: false, error: "unknown_method" });
    expect(await call("constructor")).toEqual({ ok: false, error: "unknown_method" });
    expect(
      await call("chat.postMessage", { channel: "C0001", text: "a", icon_emoji: "x" }),
    ).toEqual({
      ok: false,
      error: "invalid_arguments",
      response_metadata: { messages: ["[ERROR] the sandbox does not emulate icon_emoji"] },
    });
  });

  it("The Web API says who the bot is, and who a user is", async () => {
    const { call } = await startSlack();
    expect(await call("auth.test")).toMatchObject({ ok: true, team_id: "T0001", user_id: "U0100" });
    expect(await call("users.info", { user: "U0002" })).toMatchObject({
      user: {
        id: "U0002",
        team_id: "T0001",
        deleted: false,
        profile: { email: "bob@example.com" },
      },
    });
    expect(await call("users.info", { user: "U0006" })).toMatchObject({
      user: { is_restricted: true },
    });
    expect(await call("users.info", { user: "U0008" })).toMatchObject({ user: { deleted: true } });
    expect(await call("users.info", { user: "U0009" })).toMatchObject({
      user: { team_id: "T0002" },
    });
    expect(await call("users.info", { user: "U4711" })).toEqual({
      ok: false,
      error: "user_not_found",
    });
  });
});

describe("chat.postMessage", () => {
  it("chat.postMessage writes to a person's direct messages and answers their channel", async () => {
    const { call, sandbox } = await startSlack();
    expect(await call("chat.postMessage", { channel: "U0002", text: "hi" })).toMatchObject({
      ok: true,
      channel: "D0002",
    });
    expect((await sandbox("GET", "messages")).body).toMatchObject([
      { channel: "D0002", user: "U0100", text: "hi", blocks: [], edited: false },
    ]);
  });

  it.each([
    [{ channel: "C4711", text: "a" }, "channel_not_found"],
    [{ channel: "C0003", text: "a" }, "not_in_channel"],
    [{ channel: "U0008", text: "a" }, "channel_not_found"],
    [{ channel: "U0009", text: "a" }, "channel_not_found"],
    [{ channel: "C0001" }, "no_text"],
    [{ channel: "C0001", text: "a".repeat(4_001) }, "msg_too_long"],
    [{ channel: "C0001", text: "a", thread_ts: "1.000001" }, "thread_not_found"],
    [{ text: "a" }, "invalid_arguments"],
  ])("chat.postMessage refuses %j with %s", async (args, error) => {
    const { call, state } = await startSlack();
    expect(await call("chat.postMessage", args)).toMatchObject({ ok: false, error });
    expect(state.messages).toEqual([]);
  });

  it("chat.postMessage refuses blocks that are too long together, though each is short enough", async () => {
    const { call } = await startSlack();
    const blocks = Array.from({ length: 5 }, () => section("a".repeat(2_900)));
    expect(await call("chat.postMessage", { channel: "C0001", blocks })).toEqual({
      ok: false,
      error: "msg_blocks_too_long",
    });
  });

  it("chat.postMessage gives each message its own time, and answers threads", async () => {
    const { call, pass } = await startSlack();
    const first = await call("chat.postMessage", { channel: "C0001", text: "one" });
    const second = await call("chat.postMessage", { channel: "C0002", text: "two" });
    expect(second["ts"]).not.toBe(first["ts"]);
    pass(1_000);
    const reply = { channel: "C0001", text: "reply", thread_ts: first["ts"] };
    expect(await call("chat.postMessage", reply)).toMatchObject({
      ok: true,
      message: { thread_ts: first["ts"] },
    });
  });
});

describe("chat.update", () => {
  it("chat.update replaces text and blocks of the app's own message", async () => {
    const { call, sandbox } = await startSlack();
    const blocks = [{ type: "actions", elements: [button("approve")] }];
    const { ts } = await call("chat.postMessage", { channel: "C0001", text: "one", blocks });
    expect(await call("chat.update", { channel: "C0001", ts, text: "two" })).toMatchObject({
      ok: true,
      ts,
      text: "two",
    });
    expect((await sandbox("GET", "messages")).body).toMatchObject([
      { ts, text: "two", blocks: [], edited: true },
    ]);
  });

  it("chat.update takes the channel's id, not a person's, and a message that is there", async () => {
    const { call } = await startSlack();
    const { ts } = await call("chat.postMessage", { channel: "U0002", text: "one" });
    expect(await call("chat.update", { channel: "U0002", ts, text: "two" })).toMatchObject({
      error: "channel_not_found",
    });
    expect(await call("chat.update", { channel: "D0002", ts, text: "two" })).toMatchObject({
      ok: true,
    });
    expect(await call("chat.update", { channel: "D0002", ts: "1.2", text: "a" })).toMatchObject({
      error: "message_not_found",
    });
  });

  it("chat.update changes no message that somebody else wrote", async () => {
    const { call, state } = await startSlack();
    state.messages.push({
      channel: "C0001",
      ts: "1.000001",
      user: "U0001",
      text: "mine",
      blocks: [],
      edited: false,
    });
    expect(await call("chat.update", { channel: "C0001", ts: "1.000001", text: "a" })).toEqual({
      ok: false,
      error: "cant_update_message",
    });
  });
});

describe("chat.postEphemeral", () => {
  it("chat.postEphemeral shows a message only to one member of the channel", async () => {
    const { call, sandbox } = await startSlack();
    const args = { channel: "C0001", user: "U0001", text: "only you" };
    expect(await call("chat.postEphemeral", args)).toMatchObject({ ok: true });
    const seen = async (user: string) =>
      ((await sandbox("GET", `page?user=${user}`)).body as { messages: unknown[] }).messages;
    expect(await seen("U0001")).toMatchObject([{ text: "only you", onlyForYou: true }]);
    expect(await seen("U0002")).toEqual([]);
    expect((await sandbox("GET", "messages")).body).toEqual([]);
  });

  it("chat.postEphemeral refuses somebody who is not in the channel", async () => {
    const { call } = await startSlack();
    const args = { channel: "C0002", user: "U0009", text: "a" };
    expect(await call("chat.postEphemeral", args)).toEqual({
      ok: false,
      error: "user_not_in_channel",
    });
  });
});
