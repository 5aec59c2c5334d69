/** Slack tells where a message of ours is. */
import { describe, expect, it } from "vitest";
import { slackBroker } from "./slack-front-fixture.ts";

const event = (over: object = {}, outer: object = {}) =>
  JSON.stringify({
    type: "event_callback",
    team_id: "T0001",
    api_app_id: "A0001",
    event: {
      type: "message_metadata_posted",
      app_id: "A0001",
      bot_id: "B0001",
      user_id: "U0100",
      team_id: "T0001",
      channel_id: "C0001",
      metadata: { event_type: "timelatch_message", event_payload: { mark: "mark-1" } },
      message_ts: "1764064800.000100",
      event_ts: "1764064800.000100",
      ...over,
    },
    ...outer,
  });

async function told(body: string) {
  const slack = slackBroker();
  const { statusCode } = await slack.bodyOf(slack.sign("events", body));
  return { statusCode, place: await slack.places.find("mark-1") };
}

describe("The event that reports a message", () => {
  it("Its place is kept under its mark, and nothing else happens", async () => {
    expect(await told(event())).toEqual({
      statusCode: 200,
      place: { channel: "C0001", timestamp: "1764064800.000100" },
    });
  });

  it("A message of another app is answered, and not kept", async () => {
    expect(await told(event({ app_id: "A0666" }))).toEqual({ statusCode: 200, place: undefined });
  });

  it.each([
    ["is sent to another app", event({ app_id: "A0666" }, { api_app_id: "A0666" })],
    ["has metadata of another type", event({ metadata: { event_type: "x", event_payload: {} } })],
    ["names no channel", event({ channel_id: "U0001" })],
    ["names no message", event({ message_ts: "now" })],
    [
      "has no mark of ours",
      event({ metadata: { event_type: "timelatch_message", event_payload: { mark: "a b" } } }),
    ],
  ])("An event that %s is refused", async (_what, body) => {
    expect(await told(body)).toEqual({ statusCode: 400, place: undefined });
  });

  it("An event that cannot be kept fails, so that Slack tells it again", async () => {
    const slack = slackBroker();
    const down = async () => {
      throw new Error("The table does not answer.");
    };
    slack.places.put = down;
    await expect(slack.send(slack.sign("events", event()))).rejects.toThrow(/does not answer/);
  });

  it("An event without Slack's signature keeps nothing", async () => {
    const slack = slackBroker();
    const call = slack.sign("events", event());
    const forged = { ...call, headers: { ...call.headers, "x-slack-signature": "v0=00" } };
    expect((await slack.send(forged)).statusCode).toBe(401);
    expect(await slack.places.find("mark-1")).toBeUndefined();
  });
});
