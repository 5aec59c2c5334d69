import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Notice } from "../../shared/domain/notices/notice.ts";
import type { Messenger } from "../../shared/ports/messenger.ts";
import { messageFor } from "../../shared/slack/message.ts";
import { aNotice } from "../shared/slack/any-notice.ts";

interface ShownText {
  readonly channel: string;
  readonly timestamp: string;
  readonly text: string;
  /** The timestamp of the message in whose thread it is. */
  readonly thread?: string;
}

export interface MessengerUnderTest {
  readonly messenger: Messenger;
  /** The messages that readers see, oldest first. */
  readonly shown: () => readonly ShownText[];
  /** The service's behaviour at the next call. */
  readonly next: {
    readonly busy: (retryAfterSeconds: number | null) => void;
    readonly answerLost: () => void;
    readonly refused: (reason: string) => void;
    readonly appRefused: (reason: string) => void;
  };
  /** The service reports the last message that was sent. */
  readonly tell: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const TO_CHANNEL = aNotice("request");
const TO_ALICE = aNotice(
  "access",
  { state: "active" },
  {
    key: "access@alice",
    audience: { kind: "person", person: "alice" },
  },
);
const APPROVED = aNotice("request", { state: "approved", approvers: ["bob"] });
const textOf = (notice: Notice) => messageFor(notice).text;

/** The promises of every Messenger. */
export function messengerContract(name: string, make: () => Promise<MessengerUnderTest>) {
  describe(`${name} as a Messenger`, () => {
    let test: MessengerUnderTest;
    beforeEach(async () => {
      test = await make();
    });
    afterEach(() => test.stop());

    it.each([
      ["a channel", TO_CHANNEL],
      ["a person", TO_ALICE],
    ])(
      "A messenger sends a message to %s, and updates it at the place that it returned",
      async (_to, notice) => {
        const { messenger, shown } = test;
        const place = await messenger.send(notice);
        expect(shown()).toEqual([{ ...place, text: textOf(notice) }]);
        await messenger.update(place, APPROVED);
        expect(shown()).toEqual([{ ...place, text: textOf(APPROVED) }]);
      },
    );

    it("A messenger writes to a channel by its id, and to a person in a direct message", async () => {
      const { messenger } = test;
      expect((await messenger.send(TO_CHANNEL)).channel).toBe("C0001");
      expect((await messenger.send(TO_ALICE)).channel).toMatch(/^D/);
    });

    it.each([
      ["a channel", TO_CHANNEL],
      ["a person", TO_ALICE],
    ])("A messenger sends into the thread of a message to %s", async (_to, notice) => {
      const { messenger, shown } = test;
      const above = await messenger.send(notice);
      const reminder = { ...aNotice("reminder"), audience: notice.audience };
      const place = await messenger.send(reminder, above);
      expect(place.channel).toBe(above.channel);
      expect(shown()).toEqual([
        { ...above, text: textOf(notice) },
        { ...place, text: textOf(reminder), thread: above.timestamp },
      ]);
    });

    it("A messenger refuses to send into the thread of a message that is gone", async () => {
      const { messenger, shown } = test;
      const gone = { channel: "C0001", timestamp: "9999.000009" };
      await expect(messenger.send(aNotice("reminder"), gone)).rejects.toMatchObject({
        name: "NoticeRefused",
        reason: "thread-not-found",
      });
      expect(shown()).toEqual([]);
    });

    it("A messenger that is asked twice sends two messages", async () => {
      const { messenger, shown } = test;
      const places = [await messenger.send(TO_CHANNEL), await messenger.send(TO_CHANNEL)];
      expect(shown()).toEqual(places.map((place) => ({ ...place, text: textOf(TO_CHANNEL) })));
      expect(places[0]).not.toEqual(places[1]);
    });

    it("A messenger finds a message by its mark, although its answer was lost", async () => {
      const { messenger, next, shown, tell } = test;
      next.answerLost();
      await expect(messenger.send(TO_CHANNEL, undefined, "mark-1")).rejects.toThrow();
      await tell();
      const [{ channel, timestamp } = { channel: "", timestamp: "" }] = shown();
      expect(await messenger.find("mark-1")).toEqual({ channel, timestamp });
      expect(await messenger.find("mark-2")).toBeUndefined();
    });

    it("A messenger takes a message away, and again without a complaint", async () => {
      const { messenger, shown } = test;
      const places = [await messenger.send(TO_CHANNEL), await messenger.send(TO_CHANNEL)];
      await messenger.remove(places[0] ?? { channel: "", timestamp: "" });
      expect(shown()).toEqual([{ ...places[1], text: textOf(TO_CHANNEL) }]);
      await messenger.remove(places[0] ?? { channel: "", timestamp: "" });
      expect(shown()).toHaveLength(1);
    });

    it("A messenger accepts an update that changes nothing", async () => {
      const { messenger, shown } = test;
      const place = await messenger.send(TO_CHANNEL);
      await messenger.update(place, TO_CHANNEL);
      expect(shown()).toEqual([{ ...place, text: textOf(TO_CHANNEL) }]);
    });

    it("A messenger refuses to update a message that is gone", async () => {
      const { messenger } = test;
      const { channel } = await messenger.send(TO_CHANNEL);
      const update = messenger.update({ channel, timestamp: "9999.000009" }, APPROVED);
      await expect(update).rejects.toMatchObject({
        name: "NoticeRefused",
        reason: "message-not-found",
      });
    });

    it.each([30, null])(
      "A messenger is busy for %j seconds where the service says so",
      async (seconds) => {
        const { messenger, next, shown } = test;
        next.busy(seconds);
        await expect(messenger.send(TO_CHANNEL)).rejects.toMatchObject({
          name: "MessengerBusy",
          retryAfterSeconds: seconds,
        });
        expect(shown()).toEqual([]);
      },
    );

    it("A messenger is busy where an answer is lost, although the message was sent", async () => {
      const { messenger, next, shown } = test;
      next.answerLost();
      await expect(messenger.send(TO_CHANNEL)).rejects.toMatchObject({
        name: "MessengerBusy",
        retryAfterSeconds: null,
      });
      expect(shown()).toMatchObject([{ text: textOf(TO_CHANNEL) }]);
    });

    it.each(["token-revoked", "missing-scope", "account-inactive", "invalid-auth"])(
      "A messenger reports that the service refuses the whole app where the reason is %s",
      async (reason) => {
        const { messenger, next, shown } = test;
        next.appRefused(reason);
        await expect(messenger.send(TO_CHANNEL)).rejects.toMatchObject({
          name: "AppRefused",
          reason,
        });
        expect(shown()).toEqual([]);
        await messenger.send(TO_CHANNEL);
        expect(shown()).toHaveLength(1);
      },
    );

    it("A messenger gives a stable reason why a message cannot be delivered", async () => {
      const { messenger, next, shown } = test;
      const place = await messenger.send(TO_CHANNEL);
      next.refused("channel-not-found");
      await expect(messenger.send(TO_CHANNEL)).rejects.toMatchObject({
        name: "NoticeRefused",
        reason: "channel-not-found",
      });
      next.refused("is-archived");
      await expect(messenger.update(place, APPROVED)).rejects.toMatchObject({
        name: "NoticeRefused",
        reason: "is-archived",
      });
      expect(shown()).toEqual([{ ...place, text: textOf(TO_CHANNEL) }]);
    });
  });
}
