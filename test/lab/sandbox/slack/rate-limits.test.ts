import { describe, expect, it } from "vitest";
import { METHODS } from "../../../../lab/sandbox/slack/methods/method-table.ts";
import { rateLimits } from "../../../../lab/sandbox/slack/rate-limits.ts";
import { startSlack } from "./slack-fixture.ts";

/** A table of limits under a clock that the test moves. */
function limitsAt() {
  let now = 0;
  const limits = rateLimits(() => new Date(now));
  return {
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    count(name: string, args = {}) {
      const method = METHODS[name];
      if (!method) throw new Error(`There is no ${name}.`);
      return limits.count(name, method, args);
    },
  };
}

describe("rate limits", () => {
  it.each([
    ["views.open", 100],
    ["views.update", 100],
    ["views.publish", 100],
    ["users.info", 100],
    ["chat.postEphemeral", 100],
    ["chat.update", 50],
    ["auth.test", 600],
  ])("The rate limit lets %s pass %d times a minute", (name, most) => {
    const { count, pass } = limitsAt();
    for (let times = 0; times < most; times += 1) expect(count(name)).toBeUndefined();
    expect(count(name)).toBe(60);
    pass(59_500);
    expect(count(name)).toBe(1);
    pass(500);
    expect(count(name)).toBeUndefined();
  });

  it("The rate limits count each method by itself", () => {
    const { count } = limitsAt();
    for (let times = 0; times < 50; times += 1) count("chat.update");
    expect(count("chat.update")).toBe(60);
    expect(count("views.update")).toBeUndefined();
  });

  it("The rate limit lets one message a second pass into each channel", () => {
    const { count, pass } = limitsAt();
    expect(count("chat.postMessage", { channel: "C0001" })).toBeUndefined();
    expect(count("chat.postMessage", { channel: "C0001" })).toBe(1);
    expect(count("chat.postMessage", { channel: "C0002" })).toBeUndefined();
    pass(1_000);
    expect(count("chat.postMessage", { channel: "C0001" })).toBeUndefined();
  });

  it("A call over the rate limit gets 429 with Retry-After, and has no effect", async () => {
    const { call, state } = await startSlack();
    await call("chat.postMessage", { channel: "C0001", text: "one" });
    expect(await call("chat.postMessage", { channel: "C0001", text: "two" })).toEqual({
      ok: false,
      error: "ratelimited",
      retryAfter: "1",
    });
    expect(state.messages.map(({ text }) => text)).toEqual(["one"]);
  });
});

describe("a trigger", () => {
  const view = {
    type: "modal",
    title: { type: "plain_text", text: "Details" },
    blocks: [],
  };
  const started = async () => {
    const slack = await startSlack();
    const made = await slack.sandbox("POST", "triggers", { user: "U0001" });
    return { ...slack, trigger: made.body as { trigger_id: string; response_url: string } };
  };

  it("A trigger opens one view within three seconds, for the person who acted", async () => {
    const { call, pass, trigger, state } = await started();
    pass(3_000);
    expect(await call("views.open", { trigger_id: trigger.trigger_id, view })).toMatchObject({
      ok: true,
      view: { type: "modal", team_id: "T0001", app_id: "A0001" },
    });
    expect(Object.keys(state.modals)).toEqual(["U0001"]);
    expect(await call("views.open", { trigger_id: trigger.trigger_id, view })).toMatchObject({
      error: "exchanged_trigger_id",
    });
  });

  it("A trigger is expired after three seconds", async () => {
    const { call, pass, trigger } = await started();
    pass(3_001);
    expect(await call("views.open", { trigger_id: trigger.trigger_id, view })).toMatchObject({
      error: "expired_trigger_id",
    });
  });

  it("A trigger that never existed is expired or invalid, by its form", async () => {
    const { call } = await started();
    expect(await call("views.open", { trigger_id: "1.2.abcdef", view })).toMatchObject({
      error: "expired_trigger_id",
    });
    expect(await call("views.open", { trigger_id: "nonsense", view })).toMatchObject({
      error: "invalid_trigger_id",
    });
  });

  it("A trigger is used up by a view that is refused", async () => {
    const { call, trigger } = await started();
    const wrong = { ...view, title: { type: "plain_text", text: "a".repeat(25) } };
    expect(await call("views.open", { trigger_id: trigger.trigger_id, view: wrong })).toMatchObject(
      {
        error: "invalid_arguments",
      },
    );
    expect(await call("views.open", { trigger_id: trigger.trigger_id, view })).toMatchObject({
      error: "exchanged_trigger_id",
    });
  });
});

describe("a response URL", () => {
  const started = async () => {
    const slack = await startSlack();
    const made = await slack.sandbox("POST", "triggers", { user: "U0001" });
    const url = (made.body as { response_url: string }).response_url;
    const respond = async (body: unknown) => {
      const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
      return [response.status, await response.text()];
    };
    return { ...slack, respond };
  };

  it("A response URL takes five posts", async () => {
    const { respond, state } = await started();
    for (let times = 0; times < 5; times += 1)
      expect(await respond({ text: `answer ${times}` })).toEqual([200, "ok"]);
    expect(await respond({ text: "six" })).toEqual([404, '{"ok":false,"error":"used_url"}']);
    expect(state.messages).toHaveLength(5);
    expect(state.messages[0]).toMatchObject({ channel: "C0001", onlyFor: "U0001" });
  });

  it("A response URL takes posts for 30 minutes", async () => {
    const { respond, pass } = await started();
    pass(30 * 60_000);
    expect(await respond({ text: "in time" })).toEqual([200, "ok"]);
    pass(1);
    expect(await respond({ text: "late" })).toEqual([404, '{"ok":false,"error":"expired_url"}']);
  });

  it("A response URL refuses what is no message, and what the sandbox does not emulate", async () => {
    const { respond } = await started();
    expect(await respond([])).toEqual([400, '{"ok":false,"error":"invalid_payload"}']);
    expect(await respond({})).toEqual([400, '{"ok":false,"error":"no_text"}']);
    expect((await respond({ text: "a", attachments: [] }))[1]).toContain("attachments");
  });
});
