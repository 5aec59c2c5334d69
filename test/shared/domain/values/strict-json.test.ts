import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isCanonicalNumber,
  parseStrictJson,
  StrictJsonError,
} from "../../../../shared/domain/values/strict-json.ts";

const refusal = (text: string, deepest = 8): StrictJsonError => {
  try {
    parseStrictJson(text, deepest);
  } catch (error) {
    if (error instanceof StrictJsonError) return error;
    throw error;
  }
  throw new Error(`${text} was read.`);
};
const pointers = (text: string) => refusal(text).faults.map(({ pointer }) => pointer);

describe("Strict JSON", () => {
  it.each([
    ["at the top", '{"a":1,"a":1}', ["/a"]],
    ["further down", '{"a":[{},{"b":1,"c":{"b":2},"b":3}]}', ["/a/1/b"]],
    ["written in two ways", '{"a":1,"\\u0061":2}', ["/a"]],
    ["three times", '{"a":1,"a":2,"a":3}', ["/a", "/a"]],
    ["with special characters in their names", '{"~/":1,"~/":2}', ["/~0~1"]],
    ["called __proto__", '{"__proto__":1,"__proto__":2}', ["/__proto__"]],
    ["with spaces between", '{ "a" : 1 ,\n"a"\t: 2 }', ["/a"]],
  ])("Two members with the same name are refused, %s", (_where, text, at) => {
    expect(refusal(text).kind).toBe("not-strict");
    expect(pointers(text)).toEqual(at);
  });

  it("It names the first twenty of thousands of faults behind a long name, in little memory", () => {
    const text = `{"${"n".repeat(100_000)}":[${"1e999,".repeat(20_000)}1]}`;
    expect(refusal(text).faults).toHaveLength(20);
  });

  it("The same name is accepted in two objects, and as a value", () => {
    const text = '{"a":{"a":"a"},"b":[{"a":1},{"a":2}],"c":"a:,{}[]\\"a\\":1"}';
    expect(parseStrictJson(text, 8)).toEqual(JSON.parse(text));
  });

  it.each([
    ["half a pair", '{"a":["x","\\ud800"]}', ["/a/1"]],
    ["the wrong half first", '"\\udc00\\ud800"', [""]],
  ])("Surrogates without a partner are refused: %s", (_what, text, at) => {
    expect(pointers(text)).toEqual(at);
  });
  it("A name with half a character is refused, and reported in well-formed text", () => {
    expect(pointers('{"\\ud800":1}')).toEqual(["/\ufffd"]);
  });
  it("Complete surrogate pairs are accepted", () => {
    expect(parseStrictJson('"\\ud83d\\ude00 😀"', 8)).toBe("😀 😀");
  });

  it.each(["1e309", "-1e309", '{"a":[0,1e999]}'])("The number in %s is refused", (text) => {
    expect(refusal(text).kind).toBe("not-strict");
  });

  it.each(["1.0", "1e2", "9007199254740993", "0.1000000000000000055", "-0"])(
    "The number %s is refused where only the canonical form counts",
    (text) => {
      expect(parseStrictJson(text, 8)).toBe(JSON.parse(text));
      expect(() => parseStrictJson(text, 8, isCanonicalNumber)).toThrow(StrictJsonError);
    },
  );
  it("Canonical numbers are accepted", () => {
    expect(parseStrictJson("[0,-1,3600,0.5,1e+21]", 8, isCanonicalNumber)).toEqual([
      0, -1, 3600, 0.5, 1e21,
    ]);
  });

  it("Eight levels of arrays and objects are accepted, and nine are refused", () => {
    const nested = (depth: number) => '{"a":['.repeat(depth / 2) + "]}".repeat(depth / 2);
    expect(parseStrictJson(nested(8), 8)).toBeTypeOf("object");
    expect(refusal(nested(10)).kind).toBe("too-deep");
    expect(refusal(`[${nested(8)}]`).kind).toBe("too-deep");
    expect(refusal("[".repeat(8_000) + "]".repeat(8_000)).kind).toBe("too-deep");
  });

  it.each(["", "{", "nul", "{'a':1}", '{"a":1,}', "NaN", "\ufeff{}", "{}{}", '"\n"'])(
    "Text that is not JSON is refused: %j",
    (text) => {
      expect(refusal(text).kind).toBe("not-json");
    },
  );

  it("Every JSON value is read as JSON.parse reads it", () => {
    const value = fc.jsonValue({ maxDepth: 5, stringUnit: "grapheme" });
    fc.assert(
      fc.property(value, fc.nat(3), (written, space) => {
        const text = JSON.stringify(written, undefined, space);
        expect(parseStrictJson(text, 9)).toEqual(JSON.parse(text));
      }),
    );
  });
  it("A text is judged alike with a space before it, which is read token by token", () => {
    const judged = (text: string, agreed?: (token: string) => boolean) => {
      try {
        return parseStrictJson(text, 4, agreed);
      } catch (error) {
        if (error instanceof StrictJsonError) return [error.kind, error.faults];
        throw error;
      }
    };
    const name = fc.constantFrom('"a"', '"\\u0061"', '"__proto__"', '"\\ud800"', '"\ud800"', '"1"');
    const leaf = fc.constantFrom(
      ...["1", "1.0", "-0", "1e309", "1e+21", "null", '"\\\\ud8"'],
      '"é"',
    );
    const { text } = fc.letrec<{ text: string }>((tie) => ({
      text: fc.oneof(
        { maxDepth: 5 },
        fc.oneof(leaf, name),
        fc.array(tie("text"), { maxLength: 3 }).map((all) => `[${all}]`),
        fc
          .array(fc.tuple(name, tie("text")), { maxLength: 3 })
          .map((all) => `{${all.map((pair) => pair.join(":"))}}`),
      ),
    }));
    fc.assert(
      fc.property(text, fc.constantFrom(undefined, isCanonicalNumber), (plain, agreed) => {
        expect(judged(plain, agreed)).toEqual(judged(` ${plain}`, agreed));
      }),
      { numRuns: 2_000 },
    );
  });
  it("Reading does not change prototypes", () => {
    const read = parseStrictJson('{"__proto__":{"polluted":true},"constructor":1}', 8);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});
