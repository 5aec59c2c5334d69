/** The emulated Slack tells the app of messages with metadata. */
import { describe, expect, it, vi } from "vitest";
import { SLACK_WORKSPACE } from "../../../../lab/sandbox/world/slack-workspace.ts";
import { type AppAnswer, section, startSlack } from "./slack-fixture.ts";

const METADATA = { event_type: "timelatch_message", event_payload: { mark: "mark-1" } };
const MESSAGE = { channel: "C0001", text: "Hello", blocks: [section("Hello")] };
const posted = { ...MESSAGE, metadata: METADATA };
const { app } = SLACK_WORKSPACE;

describe("A message with metadata", () => {
  it("reaches its app with its place, signed as every request", async () => {
    const slack = await startSlack();
    const { ts } = await slack.call("chat.postMessage", posted);
    await vi.waitFor(() => expect(slack.received).toHaveLength(1));
    const [{ path, headers, body } = { path: "", headers: {}, body: "{}" }] = slack.received;
    expect(path).toBe("/slack/events");
    expect(headers["x-slack-signature"]).toMatch(/^v0=[0-9a-f]{64}$/);
    expect(headers["x-slack-retry-num"]).toBeUndefined();
    expect(JSON.parse(body)).toMatchObject({
      type: "event_callback",
      api_app_id: "A0001",
      event: {
        type: "message_metadata_posted",
        app_id: "A0001",
        channel_id: "C0001",
        message_ts: ts,
        metadata: METADATA,
      },
    });
  });

  it("comes again where the app fails, and no more where it asks for that", async () => {
    const answers: AppAnswer[] = [{ status: 500 }, { status: 200 }];
    const slack = await startSlack(() => answers.shift() ?? {});
    await slack.call("chat.postMessage", posted);
    await vi.waitFor(() => expect(slack.received).toHaveLength(2));
    expect(slack.received[1]?.headers["x-slack-retry-num"]).toBe("1");
  });

  it("is lost in a delivery that a fault strikes", async () => {
    const slack = await startSlack();
    const fault = { kind: "outage", method: "message_metadata_posted", count: 1 };
    expect((await slack.sandbox("POST", "faults", fault)).status).toBe(201);
    await slack.call("chat.postMessage", posted);
    await vi.waitFor(() => expect(slack.received).toHaveLength(1));
    expect(slack.received[0]?.headers["x-slack-retry-num"]).toBe("1");
  });

  it.each([
    ["lacks the scope", { ...app, scopes: ["chat:write"] }],
    ["has no such event", { ...app, events: ["app_home_opened"] }],
    ["has another type", { ...app, metadataSubscriptions: [{ app: "*", eventType: "x" }] }],
    [
      "has another app's",
      { ...app, metadataSubscriptions: [{ app: "A0002", eventType: "timelatch_message" }] },
    ],
  ])("goes to nobody where the app's manifest %s", async (_what, changed) => {
    const slack = await startSlack(undefined, { ...SLACK_WORKSPACE, app: changed });
    expect(await slack.call("chat.postMessage", posted)).toMatchObject({ ok: true });
    // A person's act comes after it, and is the only request.
    await slack.act({ kind: "url_verification" });
    expect(slack.received).toHaveLength(1);
    expect(slack.received[0]?.body).toContain("url_verification");
  });

  it.each([
    ["a text", "x", "invalid_metadata_format"],
    ["a payload that is none", { ...METADATA, event_payload: "x" }, "invalid_metadata_format"],
    ["another part", { ...METADATA, entities: [] }, "invalid_metadata_format"],
    ["a period in its type", { ...METADATA, event_type: "a.b" }, "invalid_metadata_schema"],
    ["a list in it", { ...METADATA, event_payload: { a: [1] } }, "invalid_metadata_schema"],
  ])("is refused with %s", async (_what, metadata, error) => {
    const slack = await startSlack();
    expect(await slack.call("chat.postMessage", { ...MESSAGE, metadata })).toMatchObject({
      ok: false,
      error,
    });
  });
});
