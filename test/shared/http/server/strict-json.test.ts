import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseStrictJson, StrictJsonError } from "../../../../shared/http/server/strict-json.ts";

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

describe("strict JSON", () => {
  it.each([
    ["at the top", '{"a":1,"a":1}', ["/a"]],
    ["further down", '{"a":[{},{"b":1,"c":{"b":2},"b":3}]}', ["/a/1/b"]],
    ["written in two ways", '{"a":1,"\\u0061":2}', ["/a"]],
    ["three times", '{"a":1,"a":2,"a":3}', ["/a", "/a"]],
    ["with marks in their names", '{"~/":1,"~/":2}', ["/~0~1"]],
    ["called __proto__", '{"__proto__":1,"__proto__":2}', ["/__proto__"]],
    ["with spaces around", '{ "a" : 1 ,\n"a"\t: 2 }', ["/a"]],
  ])("refuses two members of one name, %s", (_where, text, at) => {
    expect(refusal(text).kind).toBe("not-strict");
    expect(pointers(text)).toEqual(at);
  });

  it("takes one name in two objects, and a name as a value", () => {
    const text = '{"a":{"a":"a"},"b":[{"a":1},{"a":2}],"c":"a:,{}[]\\"a\\":1"}';
    expect(parseStrictJson(text, 8)).toEqual(JSON.parse(text));
  });

  it.each([
    ["a half", '{"a":["x","\\ud800"]}', ["/a/1"]],
    ["the wrong half first", '"\\udc00\\ud800"', [""]],
  ])("refuses surrogates that pair with nothing: %s", (_what, text, at) => {
    expect(pointers(text)).toEqual(at);
  });
  it("refuses a name with half a character, and says so in whole ones", () => {
    expect(pointers('{"\\ud800":1}')).toEqual(["/\ufffd"]);
  });
  it("takes whole pairs", () => {
    expect(parseStrictJson('"\\ud83d\\ude00 😀"', 8)).toBe("😀 😀");
  });

  it.each(["1e309", "-1e309", '{"a":[0,1e999]}'])("refuses the number in %s", (text) => {
    expect(refusal(text).kind).toBe("not-strict");
  });

  it("takes eight levels and refuses nine, arrays and objects alike", () => {
    const nested = (depth: number) => '{"a":['.repeat(depth / 2) + "]}".repeat(depth / 2);
    expect(parseStrictJson(nested(8), 8)).toBeTypeOf("object");
    expect(refusal(nested(10)).kind).toBe("too-deep");
    expect(refusal(`[${nested(8)}]`).kind).toBe("too-deep");
    expect(refusal("[".repeat(8_000) + "]".repeat(8_000)).kind).toBe("too-deep");
  });

  it.each(["", "{", "nul", "{'a':1}", '{"a":1,}', "NaN", "\ufeff{}", "{}{}", '"\n"'])(
    "refuses what is no JSON: %j",
    (text) => {
      expect(refusal(text).kind).toBe("not-json");
    },
  );

  it("reads every value that JSON can write as JSON.parse does", () => {
    const value = fc.jsonValue({ maxDepth: 5, stringUnit: "grapheme" });
    fc.assert(
      fc.property(value, fc.nat(3), (written, space) => {
        const text = JSON.stringify(written, undefined, space);
        expect(parseStrictJson(text, 9)).toEqual(JSON.parse(text));
      }),
    );
  });
  it("leaves prototypes as they are", () => {
    const read = parseStrictJson('{"__proto__":{"polluted":true},"constructor":1}', 8);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});
