import { describe, expect, it } from "vitest";
import { itemBytes, valueBytes } from "../../../../shared/domain/values/item-bytes.ts";

describe("The size of an item by DynamoDB's rules", () => {
  it.each([
    ["a text, in UTF-8", "äb", 3],
    ["a number of three digits", 123, 3],
    ["a number of one digit", 5, 2],
    ["a truth value", true, 1],
    ["null", null, 1],
    ["an empty list", [], 3],
    ["a list, with a byte for each part", ["ab", "c"], 8],
    ["an empty map", {}, 3],
    ["a map, with its names", { ab: "c", d: null }, 10],
    ["a map in a list", [{ a: "b" }], 10],
  ])("Counts %s", (_what, value, bytes) => {
    expect(valueBytes(value)).toBe(bytes);
  });

  it("An item counts names and values, and nothing else", () => {
    expect(itemBytes({ pk: "key", list: ["ab"] })).toBe(5 + 4 + 3 + 1 + 2);
  });
});
