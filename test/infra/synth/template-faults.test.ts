import { describe, expect, it } from "vitest";
import {
  characterFaults,
  type SizedTemplate,
  templateFaults,
} from "../../../infra/synth/template-faults.ts";

const text = (length: number) => "x".repeat(length);
const policy = (length: number) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "a:b", Resource: text(length) }],
});
/** The length of a policy around its resource. */
const AROUND = JSON.stringify(policy(0)).length;

const role = (properties: object = {}) => ({ Type: "AWS::IAM::Role", Properties: properties });
const stack = (resources: object, more: object = {}): SizedTemplate =>
  ({ Resources: resources, ...more }) as SizedTemplate;
const many = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`R${at}`, { Type: "AWS::SNS::Topic" }]),
  );

const inline = (length: number) => ({ PolicyName: "p", PolicyDocument: policy(length - AROUND) });
const separate = (type: string, length: number) => ({
  Type: type,
  Properties: { PolicyDocument: policy(length - AROUND), Roles: [{ Ref: "Role" }] },
});

const bus = (length: number) => ({
  Type: "AWS::Events::EventBus",
  Properties: { Name: "b", Policy: policy(length - AROUND) },
});

describe("Letters that IAM does not take", () => {
  const trust = (subject: string) =>
    role({
      AssumeRolePolicyDocument: { Statement: [{ Condition: { StringEquals: { a: subject } } }] },
    });

  it("A role with one is named with its letters, each once", () => {
    expect(characterFaults(stack({ One: trust("łukasz łł"), Two: trust("☺") }))).toEqual([
      "One has ł, which IAM does not take.",
      "Two has ☺, which IAM does not take.",
    ]);
  });

  it("Letters of Latin-1 are taken, and other resources may have any", () => {
    expect(characterFaults(stack({ One: trust("renée ÿ ß") }))).toEqual([]);
    const topic = { Type: "AWS::SNS::Topic", Properties: { DisplayName: "ł" } };
    expect(characterFaults(stack({ Topic: topic }))).toEqual([]);
  });
});

describe("the parts of a template that AWS would refuse", () => {
  it.each<readonly [string, SizedTemplate, SizedTemplate, string]>([
    [
      "resources",
      stack(many(500)),
      stack(many(501)),
      "The stack has 501 resources, and AWS takes 500.",
    ],
    [
      "outputs",
      stack({}, { Outputs: many(200) }),
      stack({}, { Outputs: many(201) }),
      "The stack has 201 outputs, and AWS takes 200.",
    ],
    [
      "parameters",
      stack({}, { Parameters: many(200) }),
      stack({}, { Parameters: many(201) }),
      "The stack has 201 parameters, and AWS takes 200.",
    ],
    [
      "inline policies of a role, in it and beside it",
      stack({
        Role: role({ Policies: [inline(5_000)] }),
        Own: separate("AWS::IAM::Policy", 5_240),
      }),
      stack({
        Role: role({ Policies: [inline(5_000)] }),
        Own: separate("AWS::IAM::Policy", 5_241),
      }),
      "Role has 10241 inline characters, and AWS takes 10240.",
    ],
    [
      "the policy of an event bus",
      stack({ Bus: bus(10_240) }),
      stack({ Bus: bus(10_241) }),
      "Bus has 10241 characters of policy, and AWS takes 10240.",
    ],
    [
      "a managed policy",
      stack({ Role: role(), More: separate("AWS::IAM::ManagedPolicy", 6_144) }),
      stack({ Role: role(), More: separate("AWS::IAM::ManagedPolicy", 6_145) }),
      "More has 6145 characters, and AWS takes 6144.",
    ],
    [
      "managed policies of a role, by their ARN and by themselves",
      stack({
        Role: role({ ManagedPolicyArns: Array(9).fill("arn") }),
        More: separate("AWS::IAM::ManagedPolicy", 100),
      }),
      stack({
        Role: role({ ManagedPolicyArns: Array(10).fill("arn") }),
        More: separate("AWS::IAM::ManagedPolicy", 100),
      }),
      "Role has 11 managed policies, and AWS takes 10.",
    ],
    [
      "a trust policy",
      stack({ Role: role({ AssumeRolePolicyDocument: policy(2_048 - AROUND) }) }),
      stack({ Role: role({ AssumeRolePolicyDocument: policy(2_049 - AROUND) }) }),
      "Role has 2049 characters of trust, and AWS takes 2048.",
    ],
  ])("%s: a value at the limit is taken, and one above is not", (_what, at, above, fault) => {
    expect(templateFaults(at)).toEqual([]);
    expect(templateFaults(above)).toEqual([fault]);
  });

  it("a template of more than a megabyte is refused", () => {
    const [fault] = templateFaults(
      stack({ Topic: { Type: "AWS::SNS::Topic", Properties: { DisplayName: text(1_000_000) } } }),
    );
    expect(fault).toMatch(/^The template has 1000\d+ bytes, and AWS takes 1000000\.$/);
  });

  it("a value that only deployment knows counts at its longest", () => {
    const arn = { "Fn::GetAtt": ["Other", "Arn"] };
    const joined = { "Fn::Join": ["", ["arn:", { Ref: "AWS::Partition" }, ":", arn]] };
    const document = { Statement: [{ Resource: Array(60).fill(arn) }, { Resource: joined }] };
    const [fault] = templateFaults(
      stack({ P: { Type: "AWS::IAM::ManagedPolicy", Properties: { PolicyDocument: document } } }),
    );
    expect(fault).toMatch(/^P has 6[2-9]\d\d characters/);
  });
});
