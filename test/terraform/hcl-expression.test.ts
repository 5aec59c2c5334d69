/** Expressions of HCL have the values that Terraform's documentation gives. */
import { describe, expect, it } from "vitest";
import { evaluate, expressionIn, referencesIn, type Scope } from "./hcl-expression.ts";
import { UNKNOWN } from "./hcl-functions.ts";

const NAMES: Readonly<Record<string, unknown>> = {
  a: { b: "x", list: ["p", "q"], map: { one: 1, "us-west-2": 2 }, later: UNKNOWN },
};
const scope: Scope = {
  lookUp: async ([name = ""]) =>
    Object.hasOwn(NAMES, name) ? { value: NAMES[name], used: 1 } : undefined,
};
const textValue = async (text: string) => evaluate(await expressionIn(text), scope);
const value = (expression: string) => textValue(`\${${expression}}`);

describe("An expression of HCL", () => {
  it.each<readonly [string, unknown]>([
    ["a.b", "x"],
    ['a.map["us-west-2"]', 2],
    ['{ us-west-2 = a.b, (a.b) = 1, "c" = null }', { "us-west-2": "x", x: 1, c: null }],
    ["{ for k, v in a.map : v => k if v > 1 }", { 2: "us-west-2" }],
    [`[for one in a.list : "\${one}!"]`, ["p!", "q!"]],
    ['a.b == "x" && !(length(a.list) > 2) ? "yes" : "no"', "yes"],
    ['try(a.none.at.all, "else")', "else"],
    ["can(a.none)", false],
    ['merge(a.map, { one = 3 })["one"]', 3],
    ['setsubtract(a.list, ["q"])', ["p"]],
    ["one([])", null],
    ["a.later.of.it", UNKNOWN],
    ["keys({ k = a.later })", ["k"]],
  ])("%s", async (text, expected) => {
    expect(await value(text)).toEqual(expected);
  });

  it.each<readonly [string, unknown]>([
    ['plain, with "quotes" and\nlines', 'plain, with "quotes" and\nlines'],
    [`1 \${a.b} 2 \${a.list[1]}`, "1 x 2 q"],
    [`\${a.b}-\${a.b}`, "x-x"],
    [`before \${a.later}`, UNKNOWN],
  ])("The text %s", async (text, expected) => {
    expect(await textValue(text)).toEqual(expected);
  });

  it.each([
    ["none.at.all", /undeclared none\.at\.all/],
    ["a.none", /has no none/],
    ["formatdate(a.b)", /does not know function/],
  ])("%s is refused", async (text, message) => {
    await expect(value(text)).rejects.toThrow(message);
  });

  it("Has references, without the names that a loop makes", async () => {
    const text = '{ for k, v in var.m : k => v.x if v.y == local.z["q"] }';
    const { tree } = await expressionIn(`\${${text}}`);
    expect(referencesIn(tree)).toEqual([
      ["var", "m"],
      ["local", "z", "q"],
    ]);
  });
});
