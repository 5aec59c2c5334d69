/** Conditions of templates: which resources, properties and outputs there are. */
import { describe, expect, it } from "vitest";
import type { Template } from "../../../../lab/sandbox/template/assembly.ts";
import type { Json, JsonObject } from "../../../../lab/sandbox/template/json.ts";
import { resolveTemplate } from "../../../../lab/sandbox/template/resolve.ts";
import { PLACE } from "./assembly-fixture.ts";

const equals = (one: Json, other: Json) => ({ "Fn::Equals": [one, other] });
const YES = equals("1", "1");
const NO = equals("1", "2");
const queue = (more = {}) => ({ Type: "AWS::SQS::Queue", ...more });

/** The template's queues, with these conditions and values of parameters. */
const resolved = (template: Partial<Template>, values: Readonly<Record<string, string>> = {}) =>
  resolveTemplate({ Resources: {}, ...template }, PLACE, values);

/** Whether a condition holds, as a resource under it is there. */
const holds = (condition: Json, values: Readonly<Record<string, string>> = {}, types = {}) =>
  resolved(
    {
      Parameters: types,
      Conditions: { Asked: condition, Yes: YES, No: NO },
      Resources: { Under: queue({ Condition: "Asked" }) },
    },
    values,
  ).resources.length === 1;

describe("A condition", () => {
  it.each<[string, Json, boolean]>([
    ["Fn::Equals of the same texts", YES, true],
    ["Fn::Equals of other texts", NO, false],
    ["Fn::Not of what holds", { "Fn::Not": [YES] }, false],
    ["Fn::Not of what does not", { "Fn::Not": [NO] }, true],
    ["Fn::And of two that hold", { "Fn::And": [YES, { Condition: "Yes" }] }, true],
    ["Fn::And with one that does not", { "Fn::And": [YES, { Condition: "No" }] }, false],
    ["Fn::Or of two that do not", { "Fn::Or": [NO, { Condition: "No" }] }, false],
    ["Fn::Or with one that holds", { "Fn::Or": [NO, { Condition: "Yes" }] }, true],
    ["another's name", { Condition: "Yes" }, true],
    ["a pseudo parameter", equals({ Ref: "AWS::Region" }, PLACE.region), true],
  ])("%s is decided", (_what, condition, expected) => {
    expect(holds(condition)).toBe(expected);
  });

  it("A list of a parameter is joined, and an empty value is a list of one empty item", () => {
    const types = { Trusted: { Type: "CommaDelimitedList" } };
    const isEmpty = equals("", { "Fn::Join": ["", { Ref: "Trusted" }] });
    expect(holds(isEmpty, { Trusted: "" }, types)).toBe(true);
    expect(holds(isEmpty, { Trusted: "1, 2" }, types)).toBe(false);
    const first = equals("", { "Fn::Select": [0, { Ref: "Trusted" }] });
    expect(holds(first, { Trusted: "" }, types)).toBe(true);
    const joined = equals("1-2", { "Fn::Join": ["-", { Ref: "Trusted" }] });
    expect(holds(joined, { Trusted: "1, 2" }, types)).toBe(true);
  });

  it.each<[string, Json, string]>([
    ["a function that is not emulated", { "Fn::Contains": [["a"], "a"] }, "Fn::Contains"],
    ["what is no condition", "yes", '"yes"'],
    ["two functions in one", { ...YES, "Fn::Not": [NO] }, "as a condition"],
    ["a name that is not declared", { Condition: "Other" }, "The template has no condition Other."],
    ["one that depends on itself", { Condition: "Asked" }, "depends on itself"],
  ])("%s is refused by name", (_what, condition, expected) => {
    expect(() => holds(condition)).toThrow(expected);
  });
});

describe("Resources under a condition", () => {
  const Conditions = { Yes: YES, No: NO };

  it("Fn::If takes one value, and asks nothing of the other one", () => {
    const missing = { "Fn::GetAtt": ["Missing", "Arn"] };
    const value = (condition: string, ...values: Json[]) => ({
      Value: { "Fn::If": [condition, ...values] },
    });
    const { outputs } = resolved({
      Conditions,
      Outputs: { First: value("Yes", "one", missing), Second: value("No", missing, "two") },
    });
    expect([outputs["First"]?.value, outputs["Second"]?.value]).toEqual(["one", "two"]);
  });

  it("An output is there where its condition holds, with its description and the name of its export", () => {
    const Export = { Name: { "Fn::Sub": "$" + "{AWS::StackName}-one" } };
    const { outputs } = resolved({
      Conditions,
      Outputs: {
        One: { Value: "1", Condition: "Yes", Description: "the first", Export },
        Two: { Value: "2", Condition: "No" },
      },
    });
    const exportName = `${PLACE.stackName}-one`;
    expect(outputs).toEqual({ One: { value: "1", description: "the first", exportName } });
  });

  it("A property that is not emulated may be there where a condition takes it away", () => {
    const KmsDataKeyReusePeriodSeconds = { "Fn::If": ["No", 60, { Ref: "AWS::NoValue" }] };
    const Properties = { QueueName: "q", KmsDataKeyReusePeriodSeconds };
    const names = (conditions: JsonObject) =>
      resolved({ Conditions: conditions, Resources: { Queue: queue({ Properties }) } });
    expect(names(Conditions).resources).toHaveLength(1);
    expect(() => names({ No: YES })).toThrow("KmsDataKeyReusePeriodSeconds");
  });
});
