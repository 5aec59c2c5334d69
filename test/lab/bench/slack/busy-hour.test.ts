import { describe, expect, it } from "vitest";
import { playBusyHour } from "../../../../lab/bench/slack/busy-hour.ts";
import { lateness } from "../../../../lab/bench/slack/lateness.ts";

/** As dense as 1,000 requests an hour, for some minutes. */
const MINUTES = { requests: 100, withinSeconds: 360 };

describe("messages at the rate of 1,000 requests an hour, in virtual time", () => {
  it.each([
    ["in the channel and to requesters", false],
    ["to requesters and approvers", true],
  ])("Messages %s are never a minute behind in a busy hour", async (_to, direct) => {
    const { behind, messages, calls } = await playBusyHour({ seed: 1, ...MINUTES, direct });
    expect([...behind.keys()]).toEqual(expect.arrayContaining(["request", "access", "over"]));
    for (const [kind, seconds] of behind) expect(seconds, kind).toBeLessThanOrEqual(60);
    expect(messages).toBeGreaterThanOrEqual(3 * MINUTES.requests);
    expect(calls.get("chat.postMessage")).toBe(messages);
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

  it("A message that shows what it should has no delay", () => {
    const late = lateness(() => 0);
    late.wanted("m", "a");
    late.shown("m", "a");
    late.wanted("m", "a");
    expect(late.longest()).toEqual(new Map([["m", 0]]));
  });
});
