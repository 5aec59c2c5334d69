import { Logger } from "@aws-lambda-powertools/logger";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  visible,
  visibleJson,
  visibleJsonText,
  visibleLines,
  visibleValue,
} from "../../../../shared/domain/values/visible-text.ts";
import { HOSTILE, HOSTILE_TEXT, rawIn } from "../../../hostile-characters.ts";

describe("visible text", () => {
  it.each(Object.entries(HOSTILE))(
    "Visible text shows %s as escapes, each by its code point",
    (_name, points) => {
      for (const point of points) {
        const shown = visible(`a${String.fromCodePoint(point)}b`);
        expect(rawIn(shown)).toEqual([]);
        expect(shown).toMatch(/^a\\(?:[nrt]|u\{[\da-f]+\})b$/);
      }
    },
  );

  it.each([
    ["line\nbreak\r\ttab", "line\\nbreak\\r\\ttab"],
    ["\u001b[31mred", "\\u{1b}[31mred"],
    ["a\u202eb\u2066c", "a\\u{202e}b\\u{2066}c"],
    ["tag\u{e0041}", "tag\\u{e0041}"],
    ["half \ud800", "half \\u{d800}"],
    ["Zoë 日本 🚀 – “ok” עברית", "Zoë 日本 🚀 – “ok” עברית"],
  ])("Visible text shows %j as %j", (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it("Visible lines keep line breaks, and no other hidden character", () => {
    expect(visibleLines("one\n\ttwo\r\n")).toBe("one\n\\ttwo\\r\n");
    expect(rawIn(visibleLines(HOSTILE_TEXT), "\n")).toEqual([]);
  });

  it("Visible JSON is still the same document", () => {
    const text = fc.string({ unit: fc.constantFrom(...HOSTILE_TEXT, "a", '"', "\\") });
    const value = fc.oneof(fc.jsonValue(), fc.dictionary(text, text));
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2), (document, indent) => {
        const plain = JSON.parse(JSON.stringify(document));
        expect(JSON.parse(visibleJson(document, indent))).toEqual(plain);
      }),
    );
    expect(visibleJson({ a: "\u202e\u{e0041}" })).toBe('{"a":"\\u202e\\udb40\\udc41"}');
    expect(rawIn(visibleJson(HOSTILE_TEXT))).toEqual([]);
    expect(rawIn(visibleJsonText(HOSTILE_TEXT), "\n")).toEqual([]);
  });
});

describe("a function's log", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  /**
   * The function's log lines. The logger writes to the global console, which can be listened to.
   */
  function logged(log: (logger: Logger) => void): readonly string[] {
    vi.stubEnv("POWERTOOLS_DEV", "true");
    const lines: string[] = [];
    const keep = (line: string) => void lines.push(line);
    vi.spyOn(console, "warn").mockImplementation(keep);
    vi.spyOn(console, "error").mockImplementation(keep);
    log(new Logger({ serviceName: "test", jsonReplacerFn: visibleValue }));
    return lines;
  }

  it("A function's log has no raw hidden character in messages, facts, names of facts or errors", () => {
    const lines = logged((logger) => {
      logger.appendKeys({ person: HOSTILE_TEXT, [HOSTILE_TEXT]: 1 });
      logger.warn(HOSTILE_TEXT, { deep: [{ [HOSTILE_TEXT]: { [HOSTILE_TEXT]: HOSTILE_TEXT } }] });
      logger.error("unexpected", new Error(HOSTILE_TEXT, { cause: new Error(HOSTILE_TEXT) }));
    });
    expect(lines.join("").length).toBeGreaterThan(6 * HOSTILE_TEXT.length);
    expect(lines.flatMap((line) => rawIn(line, "\n"))).toEqual([]);
  });

  it("A function's log keeps the fields of errors, and leaves out circular references", () => {
    const circle: Record<string, unknown> = { name: "circle" };
    circle["self"] = circle;
    const error = Object.assign(new Error("broken"), { [`code${HOSTILE_TEXT}`]: HOSTILE_TEXT });
    const lines = logged((logger) => logger.error("unexpected", { circle, error }));
    expect(JSON.parse(lines.join(""))).toMatchObject({
      circle: { name: "circle" },
      error: { message: "broken", stack: expect.anything() },
    });
    expect(lines.flatMap((line) => rawIn(line, "\n"))).toEqual([]);
  });
});
