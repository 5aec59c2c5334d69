import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "../../../../shared/domain/values/duration.ts";

describe("A duration", () => {
  it.each([
    ["90m", 5_400],
    ["1h30m", 5_400],
    ["2d", 172_800],
    ["1d2h3m", 93_780],
    ["0h5m", 300],
  ])("The duration %s is %d seconds", (text, seconds) => {
    expect(parseDuration(text, false)).toBe(seconds);
  });

  it.each([
    "",
    "0m",
    "-1h",
    "1.5h",
    "PT1H",
    "PT1H ",
    "1h foo",
    "P1M",
    "1e3m",
    "NaN",
    "1e309",
    "30m1h",
    "1h1h",
    " 1h",
    "1h ",
    "1H",
    "1 h",
    "60",
    "١h",
    "99999d",
    "1h\n",
  ])("The text %j is not a duration", (text) => {
    expect(() => parseDuration(text, true)).toThrow(
      expect.objectContaining({ code: "invalid-request" }),
    );
  });

  it("A duration may contain seconds only where the settings allow them", () => {
    expect(parseDuration("1m30s", true)).toBe(90);
    expect(() => parseDuration("1m30s", false)).toThrow(/d, h and m/);
  });

  it("A formatted duration parses to the same number of seconds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_000 * 86_400 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds), true)).toBe(seconds);
      }),
    );
  });
});
