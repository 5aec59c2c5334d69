import { describe, expect, it } from "vitest";
import {
  matchesPattern,
  patternFault,
} from "../../../../../lab/sandbox/aws/eventbridge/event-pattern.ts";

const EVENT = {
  source: "aws.eks",
  "detail-type": "AWS API Call via CloudTrail",
  detail: {
    eventName: "CreateAccessEntry",
    readOnly: false,
    errorCode: null,
    count: 2,
    requestParameters: { name: "prod", namespaces: ["team-a", "ops"] },
    resources: [{ ARN: "arn:1" }, { ARN: "arn:2" }],
    userIdentity: { sessionContext: { sourceIdentity: "alice" } },
  },
};

describe("an event pattern", () => {
  it.each([
    ["a value that is equal", { source: ["aws.eks"] }, true],
    ["a value that differs", { source: ["aws.s3"] }, false],
    ["one of several values", { source: ["aws.s3", "aws.eks"] }, true],
    ["every member", { source: ["aws.eks"], "detail-type": ["Other"] }, false],
    ["nested members", { detail: { requestParameters: { name: ["prod"] } } }, true],
    ["a number as a number", { detail: { count: [2] } }, true],
    ["no number as a text", { detail: { count: ["2"] } }, false],
    ["false", { detail: { readOnly: [false] } }, true],
    ["null", { detail: { errorCode: [null] } }, true],
    ["no null where there is nothing", { detail: { nothing: [null] } }, false],
    ["one element of a list", { detail: { requestParameters: { namespaces: ["ops"] } } }, true],
    ["no element of a list", { detail: { requestParameters: { namespaces: ["dev"] } } }, false],
    ["a member of one object in a list", { detail: { resources: { ARN: ["arn:2"] } } }, true],
    ["a case that differs", { source: ["AWS.EKS"] }, false],
    ["a prefix", { detail: { eventName: [{ prefix: "Create" }] } }, true],
    ["another prefix", { detail: { eventName: [{ prefix: "Delete" }] } }, false],
    ["anything but one", { detail: { eventName: [{ "anything-but": "DeleteCluster" }] } }, true],
    [
      "anything but it",
      { detail: { eventName: [{ "anything-but": "CreateAccessEntry" }] } },
      false,
    ],
    [
      "anything but several",
      { detail: { eventName: [{ "anything-but": ["CreateAccessEntry", "x"] }] } },
      false,
    ],
    [
      "anything but, of what is not there",
      { detail: { nothing: [{ "anything-but": "x" }] } },
      false,
    ],
    ["what exists", { detail: { eventName: [{ exists: true }] } }, true],
    ["what does not exist", { detail: { nothing: [{ exists: false }] } }, true],
    ["what exists and should not", { detail: { eventName: [{ exists: false }] } }, false],
    ["an object, which is no leaf", { detail: { requestParameters: [{ exists: true }] } }, false],
    ["a member of what is not there", { detail: { nothing: { name: ["prod"] } } }, false],
    ["no inherited member", { detail: { toString: [{ exists: true }] } }, false],
    [
      "a value or a way to match",
      { detail: { eventName: ["DeleteCluster", { prefix: "Create" }] } },
      true,
    ],
  ])("A pattern with %s (%j) matches: %s", (_what, pattern, expected) => {
    expect(patternFault(pattern)).toBeUndefined();
    expect(matchesPattern(pattern, EVENT)).toBe(expected);
  });

  it.each([
    [{ source: [{ suffix: "x" }] }, '{"suffix":"x"} in EventPattern.source'],
    [{ detail: { count: [{ numeric: [">", 1] }] } }, "EventPattern.detail.count"],
    [{ source: [{ "anything-but": { prefix: "aws" } }] }, "anything-but"],
    [{ source: [{ "anything-but": [] }] }, "anything-but"],
    [{ source: [{ prefix: "a", exists: true }] }, "EventPattern.source"],
    [{ source: [{ exists: "yes" }] }, "EventPattern.source"],
    [{ source: [["aws.eks"]] }, "EventPattern.source"],
    [{ $or: [{ source: ["aws.eks"] }] }, "EventPattern.$or"],
    [{ source: "aws.eks" }, "EventPattern.source must be an object"],
    [{ source: [] }, "EventPattern.source must not be an empty list"],
    [{}, "EventPattern must be an object with members"],
  ])("The event pattern %j is refused by name", (pattern, text) => {
    expect(patternFault(pattern)).toContain(text);
  });
});
