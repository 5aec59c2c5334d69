import { describe, expect, it } from "vitest";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";
import { FileFaults } from "../../../../shared/policy-file/yaml/file-fault.ts";

function placesIn(text: string): readonly string[] {
  try {
    parseAccessPolicy(text);
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    return error.faults.map(({ line, column, detail }) => `${line}:${column} ${detail}`);
  }
  return [];
}

describe("A key that a map of access.yaml repeats", () => {
  it.each([
    ["in block style", "people:\n  alice: {}\n  bob: {}\n  alice: {}\n", ["4:3"]],
    ["in flow style", "people: { alice: {}, bob: {}, alice: {} }\n", ["1:31"]],
    ["with quotes and without", 'people:\n  alice: {}\n  "alice": {}\n', ["3:3"]],
    ["twice more", "a: 1\na: 2\na: 3\n", ["2:1", "3:1"]],
    ["within a list", "rules:\n  - name: one\n    name: two\n", ["3:5"]],
    ["within a map that is a key", "{ { a: 1, a: 2 }: 3 }\n", ["1:11"]],
  ])(
    "A key that a map of access.yaml repeats %s is refused at its own place",
    (_, text, places) => {
      expect(placesIn(text)).toEqual(places.map((place) => `${place} Map keys must be unique`));
    },
  );

  it("A key is not repeated because it is in another map, or is another value", () => {
    const found = placesIn('a: { x: 1 }\nb: { x: 2 }\n1: one\n"1": text\n');
    expect(found.filter((fault) => fault.includes("unique"))).toEqual([]);
  });
});

describe("YAML that access.yaml does not allow", () => {
  it.each([
    ["An alias of a value", "a: &x { b: 1 }\nc:\n  d: *x\n", "3:6"],
    ["An alias of a key", "a: &x b\n? *x\n: 1\n", "2:3"],
    ["An alias in a list", "a: &x 1\nb: [2, *x]\n", "2:8"],
  ])("%s is refused at its own place", (_, text, place) => {
    expect(placesIn(text)).toEqual([
      `${place} YAML aliases (*name) are not allowed. Write the value out.`,
    ]);
  });

  it.each([
    ["people:\n  __proto__: { email: a@example.com }\n", "2:3"],
    ["clusters: { __proto__: { arn: x } }\n", "1:13"],
    ['people:\n  "__proto__": {}\n', "2:3"],
  ])(
    "A person or a cluster with JavaScript's own key is refused, and not left out: %j",
    (text, place) => {
      expect(placesIn(text)).toEqual([`${place} No key is called __proto__. Write another name.`]);
    },
  );
});
