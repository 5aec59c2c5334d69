/** The word at the head of a message: where its request stands. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../lab/fakes/builders.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { messageFor } from "../../../shared/slack/message.ts";
import { aNotice } from "./any-notice.ts";

const END = { revokeAt: plusSeconds(T0, 3_480), expiresAt: plusSeconds(T0, 3_600) };
const bold = (word: string) => ({
  type: "section",
  text: { type: "mrkdwn", text: `*${word}*`, verbatim: true },
});

describe("The status of a request in Slack", () => {
  it.each([
    ["pending", {}, "Waiting"],
    ["approved", {}, "Approved"],
    ["active", END, "Active"],
    ["active", { ...END, extendedBy: "x" }, "Active"],
    ["ended", { extendedBy: "x", outcome: { code: "expired", detail: "" } }, "Extended"],
    ["ended", { extendedBy: "x", outcome: { code: "revoked", detail: "" } }, "Ended"],
    ["denied", {}, "Denied"],
  ] as const)("A message begins with it: %s, %j", (state, more, word) => {
    const { blocks } = messageFor(aNotice("request", { state, ...more }));
    expect(blocks[0]).toEqual(bold(word));
  });

  it("In an alarm it follows the heading", () => {
    const { blocks } = messageFor(aNotice("break-glass", { state: "active", ...END }));
    expect(blocks[0]).toMatchObject({ type: "header" });
    expect(blocks[1]).toEqual(bold("Active"));
  });
});
