import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { padTo, truncate, widthOf, wrap, wrapLines } from "../../../cli/terminal/text-layout.ts";

describe("width", () => {
  it.each([
    ["abc", 3],
    ["日本", 4],
    ["🚀", 2],
    ["e\u0301", 1],
    ["→…", 2],
  ])("The width of %s is %i columns", (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  it("Truncated text never exceeds its width, and … marks a cut", () => {
    const texts = fc.string({ unit: fc.constantFrom("a", "日", "🚀", "e\u0301", " ") });
    fc.assert(
      fc.property(texts, fc.integer({ min: 0, max: 12 }), (text, width) => {
        const cut = truncate(text, width);
        expect(widthOf(cut)).toBeLessThanOrEqual(width);
        expect(cut === text || width === 0 || cut.endsWith("…")).toBe(true);
      }),
    );
  });

  it("Padded text is filled with spaces to its width", () => {
    expect(padTo("日", 4)).toBe("日  ");
    expect(padTo("long", 2)).toBe("long");
  });

  it("An indented text keeps every line within the width, and a command whole to copy", () => {
    const id = "019ab5c0-0000-7000-8000-000000000001";
    expect(wrapLines(`One two three\n  four five: timelatch show ${id} six\n`, 12)).toBe(
      `One two\nthree\n  four five:\n  timelatch show ${id}\n  six\n`,
    );
    expect(wrapLines("As  it:   is", 12)).toBe("As  it:   is");
  });

  it("A failure starts on the line of the command's name, however long its first word is", () => {
    const path = `/tmp/${"folder-".repeat(12)}x.ndjson`;
    expect(wrap(`timelatch: ${path} is empty.`, 80)).toEqual([`timelatch: ${path}`, "is empty."]);
  });

  it("Wrapped lines keep within the width, except a word that is longer", () => {
    expect(wrap("one two three arn:aws:iam::1:role/x end", 9)).toEqual([
      "one two",
      "three",
      "arn:aws:iam::1:role/x",
      "end",
    ]);
  });
});
