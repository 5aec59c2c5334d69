import { describe, expect, it } from "vitest";
import { aPolicy, T0 } from "../../../lab/fakes/builders.ts";
import { memoryMessagePlaces } from "../../../lab/fakes/memory-message-places.ts";
import { memorySendPace } from "../../../lab/fakes/memory-send-pace.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import type { Clock } from "../../../shared/ports/clock.ts";
import type { MessengerBusy } from "../../../shared/ports/messenger.ts";
import type { SendPace } from "../../../shared/ports/send-pace.ts";
import type { RequestLinks } from "../../../shared/slack/request-links.ts";
import { slackMessenger } from "../../../shared/slack/slack-messenger.ts";
import { slackWebApi } from "../../../shared/slack/slack-web-api.ts";
import { messengerContract } from "../../contracts/messenger.contract.ts";
import { aNotice } from "./any-notice.ts";
import { loopbackSlack } from "./loopback-slack.ts";

/** The sample policy, with Slack and what alice is called there. */
function policyWith(identities: readonly string[]): AccessPolicy {
  const policy = aPolicy();
  const alice = policy.people["alice"];
  if (!alice) throw new Error("The policy has no alice.");
  return {
    ...policy,
    slack: { teams: ["T0001", "E0001"], channel: "C0001", alarms: "C0002" },
    people: {
      ...policy.people,
      alice: { ...alice, identities: { ...alice.identities, slack: identities } },
    },
  };
}

/** @param crowded whether others take each slot for which this one waits, so that no time passes */
async function messengerOn(
  identities: readonly string[],
  crowded = false,
  pace?: (clock: Clock) => SendPace,
  linkFor: RequestLinks["linkFor"] = async () => undefined,
) {
  const slack = await loopbackSlack();
  const waits: number[] = [];
  let nowMs = Date.parse(T0);
  const clock = { now: () => new Date(nowMs).toISOString() };
  const places = memoryMessagePlaces();
  const pause = {
    for: async (millis: number) => {
      waits.push(millis);
      if (!crowded) nowMs += millis;
    },
  };
  const token = { read: async () => "xoxb-test", forget: () => {} };
  const messenger = slackMessenger({
    api: slackWebApi({ token, baseUrl: slack.baseUrl }),
    policy: policyWith(identities),
    pace: (pace ?? memorySendPace)(clock),
    places,
    links: { linkFor },
    clock,
    pause,
  });
  return { messenger, slack, waits, places };
}

messengerContract("slackMessenger", async () => {
  const { messenger, slack, places } = await messengerOn(["T0001/U0001"]);
  return {
    messenger,
    shown: () =>
      slack.shown.map(({ channel, ts: timestamp, text, threadTs }) => ({
        channel,
        timestamp,
        text,
        ...(threadTs === undefined ? {} : { thread: threadTs }),
      })),
    next: {
      busy: (seconds) =>
        slack.fail({
          kind: "status",
          status: 429,
          ...(seconds === null ? {} : { retryAfter: String(seconds) }),
        }),
      answerLost: () => slack.fail({ kind: "answer-lost" }),
      refused: (reason) => slack.fail({ kind: "error", error: reason.replaceAll("-", "_") }),
      appRefused: (reason) => slack.fail({ kind: "error", error: reason.replaceAll("-", "_") }),
    },
    tell: async () => {
      const { form } = slack.calls.at(-1) ?? { form: {} as Readonly<Record<string, string>> };
      const { event_payload } = JSON.parse(form["metadata"] ?? "{}");
      const { channel = "", ts = "" } = slack.shown.at(-1) ?? {};
      await places.put(event_payload.mark, { channel, timestamp: ts });
    },
    stop: () => slack.close(),
  };
});

const TO_ALICE = aNotice("access", {}, { audience: { kind: "person", person: "alice" } });

describe("messages to a person in Slack", () => {
  it.each([
    [["T0001/U0001"], "U0001"],
    [["T0666/U0666", "E0001/W0009", "T0001/U0001"], "W0009"],
  ])(
    "Messages to a person with identities %j go to %s, the first user of an allowed team",
    async (identities, user) => {
      const { messenger, slack } = await messengerOn(identities);
      await messenger.send(TO_ALICE);
      expect(slack.calls.map(({ form }) => form["channel"])).toEqual([user]);
      await slack.close();
    },
  );

  it.each([[[]], [["T0666/U0666"]]])(
    "A message to a person with identities %j is refused without a call to Slack",
    async (none) => {
      const { messenger, slack } = await messengerOn(none);
      await expect(messenger.send(TO_ALICE)).rejects.toMatchObject({
        name: "NoticeRefused",
        reason: "person-unknown",
        isRepairable: true,
      });
      expect(slack.calls).toEqual([]);
      await slack.close();
    },
  );

  it.each([
    ["not_in_channel", true],
    ["channel_not_found", true],
    ["is_archived", true],
    ["restricted_action", true],
    ["user_not_found", true],
    ["invalid_blocks", false],
    ["msg_too_long", false],
  ])("Somebody may repair a refusal with %s: %s", async (error, isRepairable) => {
    const { messenger, slack } = await messengerOn(["T0001/U0001"]);
    slack.fail({ kind: "error", error });
    await expect(messenger.send(aNotice("request"))).rejects.toMatchObject({ isRepairable });
    await slack.close();
  });
});

describe("a message to Slack", () => {
  it("A message shows no preview of a link that somebody wrote", async () => {
    const { messenger, slack } = await messengerOn(["T0001/U0001"]);
    await messenger.send(aNotice("request"));
    expect(slack.calls[0]?.form).toMatchObject({ unfurl_links: "false", unfurl_media: "false" });
    await slack.close();
  });

  it("A message with a link ends with it, and is otherwise as without one", async () => {
    const link = "https://example.slack.com/archives/C0001/p1764064800000100";
    const blocksWith = async (linkFor: RequestLinks["linkFor"]) => {
      const { messenger, slack } = await messengerOn(["T0001/U0001"], false, undefined, linkFor);
      const place = await messenger.send(TO_ALICE);
      await messenger.update(place, TO_ALICE);
      await slack.close();
      return slack.calls.map(({ form }) => JSON.parse(form["blocks"] ?? "[]"));
    };
    const without = await blocksWith(async () => undefined);
    const text = { type: "mrkdwn", text: `<${link}|The request in its channel>`, verbatim: true };
    const end = { type: "context", elements: [text] };
    expect(await blocksWith(async () => link)).toEqual(
      without.map((blocks: readonly object[]) => [...blocks, end]),
    );
  });

  it("A message whose slot is taken asks for no link", async () => {
    let asked = 0;
    const full = () => ({ nextSlot: async () => null });
    const { messenger, slack } = await messengerOn(["T0001/U0001"], false, full, async () => {
      asked += 1;
      return undefined;
    });
    await expect(messenger.send(TO_ALICE)).rejects.toMatchObject({ name: "MessengerBusy" });
    expect(asked).toBe(0);
    await slack.close();
  });
});

describe("the pace of messages to Slack", () => {
  it("Messages to one channel go a second apart, and others do not wait", async () => {
    const { messenger, slack, waits } = await messengerOn(["T0001/U0001"]);
    await messenger.send(aNotice("request"));
    await messenger.send(TO_ALICE);
    expect(waits).toEqual([]);
    await messenger.send(aNotice("request"));
    expect(waits).toEqual([1_050]);
    await slack.close();
  });

  it("All updates of messages share one pace", async () => {
    const { messenger, slack, waits } = await messengerOn(["T0001/U0001"]);
    const places = [await messenger.send(aNotice("request")), await messenger.send(TO_ALICE)];
    for (const place of places) await messenger.update(place, aNotice("request"));
    expect(waits).toEqual([1_250]);
    await slack.close();
  });

  it("A message that would wait for long is left to a later run", async () => {
    const { messenger, slack } = await messengerOn(["T0001/U0001"], true);
    for (const _ of [1, 2, 3, 4]) await messenger.send(aNotice("request"));
    await expect(messenger.send(aNotice("request"))).rejects.toMatchObject({
      name: "MessengerBusy",
      retryAfterSeconds: 5,
    });
    expect(slack.shown).toHaveLength(4);
    await slack.close();
  });

  it.each([
    [3.75, ["first"]],
    [3.5, ["first", "next"]],
    [1.25, ["first", "next", "last"]],
  ] as const)(
    "A slot that is free in %d seconds goes only to messages of precedence %j",
    async (seconds, taken) => {
      const freeAt = plusSeconds(T0, seconds);
      const pace = (): SendPace => ({
        nextSlot: async (_lane, _gap, latest) => (freeAt <= latest ? freeAt : null),
      });
      for (const precedence of ["first", "next", "last"] as const) {
        const { messenger, slack } = await messengerOn(["T0001/U0001"], false, pace);
        const update = messenger.update(
          { channel: "C0001", timestamp: "1.1" },
          aNotice("request", {}, { precedence }),
        );
        const name = (taken as readonly string[]).includes(precedence)
          ? "NoticeRefused"
          : "MessengerBusy";
        await expect(update).rejects.toMatchObject({ name });
        await slack.close();
      }
    },
  );

  it("Messages that newer ones have overtaken wait for turns, as far apart as Slack takes them", async () => {
    const full = (clock: Clock): SendPace => {
      const pace = memorySendPace(clock);
      const isFull = (lane: string) => lane === "chat.update";
      return {
        nextSlot: async (lane, ...rest) => (isFull(lane) ? null : pace.nextSlot(lane, ...rest)),
      };
    };
    const { messenger, slack } = await messengerOn(["T0001/U0001"], true, full);
    const waits: unknown[] = [];
    for (let n = 0; n < 3_000; n += 1)
      await messenger
        .update(
          { channel: "C0001", timestamp: "1.1" },
          aNotice("request", {}, { precedence: "last" }),
        )
        .catch((error: MessengerBusy) => waits.push(error.retryAfterSeconds));
    expect([...waits.slice(0, 3), waits.at(-1)]).toEqual([0, 1.25, 2.5, 3_600]);
    await slack.close();
  });
});
