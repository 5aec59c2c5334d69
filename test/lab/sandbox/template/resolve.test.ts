// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub is written so.
import { describe, expect, it } from "vitest";
import { resolveTemplate } from "../../../../lab/sandbox/template/resolve.ts";
import { assembly, PLACE } from "./assembly-fixture.ts";

const resolve = (resources: Record<string, unknown>, outputs = {}) =>
  resolveTemplate(assembly(resources, {}, outputs).template, PLACE);

const output = (value: unknown, resources: Record<string, unknown> = QUEUE) =>
  resolve(resources, { Value: { Value: value } }).outputs["Value"]?.value;

const QUEUE = {
  Queue: {
    Type: "AWS::SQS::Queue",
    Properties: { QueueName: "timelatch-converge.fifo", FifoQueue: true },
  },
};

describe("an intrinsic", () => {
  it.each([
    [
      "Ref of a queue is its URL",
      { Ref: "Queue" },
      "http://127.0.0.1:4566/111122223333/timelatch-converge.fifo",
    ],
    [
      "Fn::GetAtt takes a list",
      { "Fn::GetAtt": ["Queue", "Arn"] },
      "arn:aws:sqs:us-west-2:111122223333:timelatch-converge.fifo",
    ],
    [
      "Fn::GetAtt takes a dotted name",
      { "Fn::GetAtt": "Queue.QueueName" },
      "timelatch-converge.fifo",
    ],
    [
      "Fn::Join joins what its parts resolve to",
      { "Fn::Join": ["-", ["a", { Ref: "AWS::Region" }]] },
      "a-us-west-2",
    ],
    ["Fn::Select takes from a split", { "Fn::Select": [1, { "Fn::Split": ["|", "a|b"] }] }, "b"],
    [
      "Fn::Sub knows resources, attributes and pseudo parameters",
      { "Fn::Sub": "${Queue.QueueName}/${AWS::AccountId}/${AWS::Partition}" },
      "timelatch-converge.fifo/111122223333/aws",
    ],
    [
      "Fn::Sub prefers its own variables",
      { "Fn::Sub": ["${x} ${!x}", { x: { Ref: "AWS::URLSuffix" } }] },
      "amazonaws.com ${x}",
    ],
  ])("An intrinsic is resolved: %s", (_what, value, expected) => {
    expect(output(value)).toBe(expected);
  });

  it("An intrinsic that is not emulated is refused by name", () => {
    expect(() => output({ "Fn::ImportValue": "x" })).toThrow(
      "Output Value: the sandbox does not emulate Fn::ImportValue.",
    );
    expect(() => output({ Ref: "AWS::NotificationARNs" })).toThrow("Ref AWS::NotificationARNs");
    expect(() => output({ "Fn::GetAtt": ["Queue", "Colour"] })).toThrow(
      "Queue: the sandbox does not emulate Fn::GetAtt Colour of AWS::SQS::Queue.",
    );
  });

  it("A reference to a missing resource is refused, with its name", () => {
    expect(() => output({ Ref: "Nothing" })).toThrow("refers to Nothing");
  });

  it("AWS::NoValue takes its member away", () => {
    const template = resolve({
      Queue: { Type: "AWS::SQS::Queue", Properties: { DelaySeconds: { Ref: "AWS::NoValue" } } },
    });
    expect(template.ofType("AWS::SQS::Queue")[0]?.properties.names()).toEqual([]);
  });
});

describe("a physical name", () => {
  it("A physical name is the one that the template gives, made of other names where it says so", () => {
    const group = {
      Group: { Type: "AWS::Scheduler::ScheduleGroup", Properties: { Name: "timelatch" } },
      Role: {
        Type: "AWS::IAM::Role",
        Properties: {
          RoleName: { "Fn::Join": ["-", [{ Ref: "Group" }, "fuse"]] },
          Path: "/broker/",
          AssumeRolePolicyDocument: {},
        },
      },
    };
    expect(output({ "Fn::GetAtt": ["Role", "Arn"] }, group)).toBe(
      "arn:aws:iam::111122223333:role/broker/timelatch-fuse",
    );
  });

  it("A physical name is made of the stack's and the resource's where the template gives none, the same each time", () => {
    const unnamed = { Queue: { Type: "AWS::SQS::Queue", Properties: { FifoQueue: true } } };
    expect(output({ "Fn::GetAtt": ["Queue", "QueueName"] }, unnamed)).toBe("Timelatch-Queue.fifo");
  });

  it("A physical name that depends on itself is refused", () => {
    const circular = {
      Queue: {
        Type: "AWS::SQS::Queue",
        Properties: { QueueName: { "Fn::GetAtt": ["Queue", "QueueName"] } },
      },
    };
    expect(() => resolve(circular)).toThrow("Queue: its name depends on itself.");
  });
});

describe("a resource", () => {
  it("A resource of an unknown type is refused by name", () => {
    expect(() => resolve({ Topic: { Type: "AWS::SNS::Topic" } })).toThrow(
      "Topic: the sandbox does not emulate AWS::SNS::Topic.",
    );
  });

  it("A resource with an unknown property is refused by name", () => {
    const queue = { Type: "AWS::SQS::Queue", Properties: { Colour: "red" } };
    expect(() => resolve({ Queue: queue })).toThrow(
      "Queue (AWS::SQS::Queue): the sandbox does not emulate its property Colour.",
    );
  });

  it("A resource under a condition that the template lacks is refused", () => {
    const queue = { Type: "AWS::SQS::Queue", Condition: "IsProduction" };
    expect(() => resolve({ Queue: queue })).toThrow("condition IsProduction");
  });

  it("A resource may hold what has no effect here, whatever that refers to", () => {
    const alarm = {
      Type: "AWS::CloudWatch::Alarm",
      Properties: { Metrics: [{ Id: { Ref: "SomethingElsewhere" } }], Threshold: 1 },
    };
    expect(resolve({ Alarm: alarm }).ofType("AWS::CloudWatch::Alarm")[0]?.ref).toBe(
      "Timelatch-Alarm",
    );
  });
});
