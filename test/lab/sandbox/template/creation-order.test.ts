import { describe, expect, it } from "vitest";
import type { Template } from "../../../../lab/sandbox/template/assembly.ts";
import { creationOrder } from "../../../../lab/sandbox/template/creation-order.ts";

const order = (Resources: Template["Resources"]) =>
  creationOrder({ Resources }, Object.keys(Resources));
const topic = (
  Properties: NonNullable<Template["Resources"][string]["Properties"]> = {},
): Template["Resources"][string] => ({
  Type: "AWS::SQS::Queue",
  Properties,
});

describe("The order in which CloudFormation makes resources", () => {
  it.each<readonly [string, ReturnType<typeof topic>]>([
    ["Ref", topic({ a: [{ b: { Ref: "Last" } }] })],
    ["Fn::GetAtt with a list", topic({ a: { "Fn::GetAtt": ["Last", "Arn"] } })],
    ["Fn::GetAtt with a text", topic({ a: { "Fn::GetAtt": "Last.Arn" } })],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Fn::Sub is written so.
    ["Fn::Sub", topic({ a: { "Fn::Sub": "x/${Last.Arn}/${AWS::Region}" } })],
    [
      "Fn::Join within Fn::Sub's variables",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Fn::Sub is written so.
      topic({ a: { "Fn::Sub": ["${v}", { v: { "Fn::Join": ["", [{ Ref: "Last" }]] } }] } }),
    ],
    ["DependsOn", { ...topic(), DependsOn: "Last" }],
    ["DependsOn with a list", { ...topic(), DependsOn: ["Last"] }],
  ])("A resource comes after one that it names by %s", (_how, First) => {
    expect(order({ First, Last: topic() })).toEqual(["Last", "First"]);
  });

  it("An ARN in words is no dependency: a rule that nothing holds back comes first", () => {
    const Rule = { Type: "AWS::Events::Rule", Properties: { RoleArn: "arn:aws:iam::1:role/r" } };
    expect(order({ Role: topic({ RoleName: "r" }), Rule })).toEqual(["Rule", "Role"]);
  });

  it("A resource that is not present counts for nothing", () => {
    expect(
      creationOrder({ Resources: { A: topic({ a: { Ref: "B" } }), B: topic() } }, ["A"]),
    ).toEqual(["A"]);
  });

  it("A circle is refused with its members", () => {
    expect(() => order({ A: topic({ a: { Ref: "B" } }), B: topic({ b: { Ref: "A" } }) })).toThrow(
      "Circular dependency between resources: [A, B]",
    );
  });
});
