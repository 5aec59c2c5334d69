import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../../shared/domain/values/canonical-json.ts";

/** The same value, with the members of each object in order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, inOrder(member)]));
}

/** As deep as a record that somebody made up may be. */
const deepArray = () => JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`);

describe("The form of RFC 8785", () => {
  it("A value whose members are in order has the same text as one whose members are not", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(canonicalJson(inOrder(value))).toBe(canonicalize(value));
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
      { numRuns: 200, seed: 4_711 },
    );
  });

  it.each([
    ["names that are numbers, which the language keeps in another order", { 9: 1, 10: 2 }],
    ["a name of the prototype", JSON.parse('{"__proto__":1,"a":2}')],
    ["names in the order of UTF-16 and not of code points", { "\u{1f600}": 1, "\ufb33": 2 }],
    ["a member that has no value", { a: undefined, b: 1 }],
    ["a minus before zero", { a: -0 }],
    ["a place in an array that has no value", [undefined, 1]],
    ["a date", { at: new Date(0) }],
    ["an empty name", { "": 1, a: 2 }],
  ])("It is that of the library for %s", (_what, value) => {
    expect(canonicalJson(value)).toBe(canonicalize(value));
  });

  it.each([
    ["half a surrogate pair", { a: "\ud800" }],
    ["half a surrogate pair in a name", { "\ud800": 1 }],
    ["infinity", { a: Number.POSITIVE_INFINITY }],
    ["what is no number", [Number.NaN]],
  ])("There is none for %s", (_what, value) => {
    expect(() => canonicalJson(value)).toThrow("is not allowed");
  });

  it("A value of any depth has one", () => {
    expect(canonicalJson(deepArray())).toHaveLength(100_000);
  });
});
