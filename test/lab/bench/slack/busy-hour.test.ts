import { describe, expect, it } from "vitest";
import { playBusyHour } from "../../../../lab/bench/slack/busy-hour.ts";
import { CAUGHT_UP } from "../../../../lab/bench/slack/hour-watch.ts";
import { lateness } from "../../../../lab/bench/slack/lateness.ts";

/** As dense as 1,000 requests an hour, for some minutes. */
const MINUTES = { requests: 100, withinSeconds: 360 };

describe("messages at the rate of 1,000 requests an hour, in virtual time", () => {
  it.each([
    ["in the channel and to requesters", { direct: false }],
    ["to requesters and approvers", { direct: true }],
    ["to requesters and delegates", { delegated: true }],
  ])("Messages %s are never a minute behind in a busy hour", async (_to, readers) => {
    const played = await playBusyHour({ seed: 1, ...MINUTES, ...readers });
    const { messages, calls } = played;
    const { [CAUGHT_UP]: _apart, ...behind } = Object.fromEntries(played.behind);
    expect(Object.keys(behind)).toEqual(
      expect.arrayContaining(["request", "access", "over", "ends-soon"]),
    );
    for (const [kind, seconds] of Object.entries(behind))
      expect(seconds, kind).toBeLessThanOrEqual(60);
    expect(messages).toBeGreaterThanOrEqual(3 * MINUTES.requests);
    expect(calls.get("chat.postMessage")).toBe(messages);
  });

  it("Whoever decides for somebody else hears of all that waits within its next look", async () => {
    const { behind } = await playBusyHour({ seed: 1, ...MINUTES, delegated: true });
    expect(behind.get(CAUGHT_UP)).toBeLessThanOrEqual(660);
  });

  it("The same seed gives the same busy hour", async () => {
    const plan = { seed: 7, requests: 20, withinSeconds: 60 };
    expect(await playBusyHour(plan)).toEqual(await playBusyHour(plan));
  });
});

describe("how far a message is behind", () => {
  it("A message's delay counts from the first change that it does not show", () => {
    let now = 0;
    const late = lateness(() => now);
    const at = (millis: number, act: () => void) => {
      now = millis;
      act();
    };
    at(0, () => late.wanted("m", "a"));
    at(1_000, () => late.wanted("m", "b"));
    at(3_000, () => late.shown("m", "b"));
    expect(late.longest()).toEqual(new Map([["m", 3_000]]));
  });

  it("A message's delay goes on while it shows an older state, or nothing", () => {
    let now = 0;
    const late = lateness(() => now);
    late.wanted("m", "a");
    now = 1_000;
    late.wanted("m", "b");
    late.shown("m", "a");
    late.wanted("other", "x");
    now = 9_000;
    expect(late.longest()).toEqual(
      new Map([
        ["m", 8_000],
        ["other", 8_000],
      ]),
    );
  });

  it("A message that is not to be sent any more was late until then, and is forgotten", () => {
    let now = 0;
    const late = lateness(() => now);
    late.wanted("m", "a");
    now = 4_000;
    late.unwanted("m");
    now = 9_000;
    expect(late.longest()).toEqual(new Map([["m", 4_000]]));
  });

  it("A message that shows what it should has no delay", () => {
    const late = lateness(() => 0);
    late.wanted("m", "a");
    late.shown("m", "a");
    late.wanted("m", "a");
    expect(late.longest()).toEqual(new Map([["m", 0]]));
  });
});
