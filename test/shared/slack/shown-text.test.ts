import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shown } from "../../../shared/slack/shown-text.ts";
import { HOSTILE_TEXT } from "../../hostile-characters.ts";

describe("text for Slack", () => {
  it.each([
    ["a & b <@U0001>", 99, "a &amp; b &lt;@U0001&gt;"],
    ["line\n\u202e", 99, "line\\n\\u{202e}"],
    ["abcd", 4, "abcd"],
    ["abcde", 4, "abc…"],
    ["abc&", 6, "abc…"],
    ["🚨🚨", 3, "🚨…"],
  ])("The text %j, cut to %i characters for Slack, is %j", (text, most, expected) => {
    expect(shown(text, most)).toBe(expected);
  });

  it("A text for Slack never exceeds its limit, and is cut between whole characters", () => {
    const text = fc.string({ unit: fc.constantFrom(..."ab&<>🚨", ...HOSTILE_TEXT) });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), (written, most) => {
        const cut = shown(written, most);
        expect(cut.length).toBeLessThanOrEqual(most);
        expect(cut.isWellFormed()).toBe(true);
        expect(cut).not.toMatch(/&(?!amp;|lt;|gt;)/);
      }),
    );
  });
});
