import { describe, expect, it } from "vitest";
import type { Notice } from "../../../../shared/domain/notices/notice.ts";
import type { Delivery, Undeliverable } from "../../../../shared/domain/notices/notice-record.ts";
import { nextTry } from "../../../../shared/domain/notices/tried-again.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const NOW = "2026-11-24T10:00:00.000Z";
const facts = { requestId: "one", state: "pending" };
const delivery = (notice: object = {}): Delivery => ({
  notice: { subject: "one", facts, ...notice } as unknown as Notice,
  hash: "now",
  message: undefined,
});
const refused = (tries: number, hash = "now"): Undeliverable => ({
  reason: "channel-not-found",
  at: NOW,
  hash,
  tries,
});
const pauses = (tries: number, seconds: number) => ({ tries, nextAt: plusSeconds(NOW, seconds) });

describe("The next try of a message that was refused", () => {
  it("Its pauses double from a minute to four hours", () => {
    expect(nextTry(delivery(), undefined, NOW)).toEqual(pauses(1, 60));
    expect(nextTry(delivery(), refused(1), NOW)).toEqual(pauses(2, 120));
    expect(nextTry(delivery(), refused(8), NOW)).toEqual(pauses(9, 14_400));
    expect(nextTry(delivery(), refused(40), NOW)).toEqual(pauses(41, 14_400));
  });

  it("A message that says something else starts over", () => {
    expect(nextTry(delivery(), refused(8, "before"), NOW)).toEqual(pauses(1, 60));
  });

  it.each<[string, object]>([
    ["an answer to another message", { thread: "request" }],
    ["about a request that waits no more", { facts: { ...facts, state: "approved" } }],
    ["about another request than its subject", { facts: { ...facts, requestId: "two" } }],
    ["about no request", { facts: { state: "pending" } }],
  ])("One that is %s is not tried again", (_, notice) => {
    expect(nextTry(delivery(notice), undefined, NOW)).toEqual({});
  });

  it("One that is there is not tried again", () => {
    const message = { channel: "C1", timestamp: "1", at: NOW, hash: "before" };
    expect(nextTry({ ...delivery(), message }, undefined, NOW)).toEqual({});
  });
});
