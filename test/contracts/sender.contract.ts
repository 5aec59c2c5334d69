import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Sender } from "../../shared/ports/messenger.ts";
import { aNotice } from "../shared/slack/any-notice.ts";

export interface SenderUnderTest {
  readonly sender: Sender;
  /** By place, the people whom messages reached, the oldest first. */
  readonly sent: () => readonly { readonly timestamp: string; readonly to: string }[];
  /** The service's behaviour at the next call. */
  readonly next: {
    readonly busy: () => void;
    readonly answerLost: () => void;
    readonly refused: () => void;
    readonly appRefused: () => void;
  };
  /** Ends every trouble. */
  readonly recover: () => void;
  readonly stop: () => Promise<void>;
}

const to = (person: string) =>
  aNotice(
    "access",
    { state: "active" },
    { key: `access@email:${person}`, audience: { kind: "mailbox", person }, once: true },
  );
const REASON = /^[a-z][a-z-]+$/;

/** The promises of every Sender to people, such as one that cannot change what it sent. */
export function senderContract(name: string, make: () => Promise<SenderUnderTest>) {
  describe(`${name} as a Sender`, () => {
    let test: SenderUnderTest;
    beforeEach(async () => {
      test = await make();
    });
    afterEach(() => test.stop());

    it("A sender reaches the one person whom the notice is for, and says which message it is", async () => {
      const { sender, sent } = test;
      const [toAlice, toBob] = [await sender.send(to("alice")), await sender.send(to("bob"))];
      expect(sent()).toEqual([
        { timestamp: toAlice.timestamp, to: "alice" },
        { timestamp: toBob.timestamp, to: "bob" },
      ]);
    });

    it("A sender that is asked twice sends two messages", async () => {
      const { sender, sent } = test;
      const places = [await sender.send(to("alice")), await sender.send(to("alice"))];
      expect(new Set(places.map(({ timestamp }) => timestamp)).size).toBe(2);
      expect(sent()).toHaveLength(2);
    });

    it("A sender takes the message above, and sends", async () => {
      const { sender, sent } = test;
      const above = await sender.send(to("alice"));
      await sender.send(to("alice"), above);
      expect(sent()).toHaveLength(2);
    });

    it("Where the service asks for patience, the sender says how long, and nothing was sent", async () => {
      const { sender, sent, next } = test;
      next.busy();
      await expect(sender.send(to("alice"))).rejects.toMatchObject({
        name: "MessengerBusy",
        retryAfterSeconds: expect.any(Number),
      });
      expect(sent()).toEqual([]);
    });

    it("Where an answer is lost, the sender does not know, although the message was sent", async () => {
      const { sender, sent, next } = test;
      next.answerLost();
      await expect(sender.send(to("alice"))).rejects.toMatchObject({
        name: "MessengerBusy",
        retryAfterSeconds: null,
      });
      expect(sent()).toMatchObject([{ to: "alice" }]);
    });

    it("A sender says by a stable reason that a reader is refused, and others are not", async () => {
      const { sender, sent, next, recover } = test;
      next.refused();
      await expect(sender.send(to("alice"))).rejects.toMatchObject({
        name: "NoticeRefused",
        reason: expect.stringMatching(REASON),
        isRepairable: true,
      });
      recover();
      await sender.send(to("bob"));
      expect(sent()).toMatchObject([{ to: "bob" }]);
    });

    it("A sender says by a stable reason that all is refused, until somebody repairs that", async () => {
      const { sender, sent, next, recover } = test;
      next.appRefused();
      await expect(sender.send(to("alice"))).rejects.toMatchObject({
        name: "AppRefused",
        reason: expect.stringMatching(REASON),
      });
      expect(sent()).toEqual([]);
      recover();
      await sender.send(to("alice"));
      expect(sent()).toHaveLength(1);
    });

    it("No error of a sender names an address", async () => {
      const { sender, next } = test;
      for (const trouble of Object.values(next)) {
        trouble();
        const error: unknown = await sender.send(to("alice")).catch((thrown: unknown) => thrown);
        expect(
          `${error instanceof Error ? [error.message, error.cause, error.stack] : error}`,
        ).not.toContain("@example.com");
        test.recover();
      }
    });
  });
}
