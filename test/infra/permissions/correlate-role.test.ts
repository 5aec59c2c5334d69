import { describe, expect, it } from "vitest";
import { ACCOUNT, allowedActions } from "../broker.ts";
import { arn, roleWorld } from "./role-world.ts";

const { stack, arnOf, REQUESTS, AUDIT, LEDGER, decideAs } = roleWorld();
const QUEUE = arnOf("AWS::SQS::Queue", "CorrelationEvidenceQueue");
const DEAD_LETTERS = arnOf("AWS::SQS::Queue", "CorrelationEvidenceDeadLetters");
const decide = decideAs("CorrelateFunctionRole");

describe("the role of correlate", () => {
  it("correlate may read requests and CloudTrail, settle calls, add evidence and findings, and work on its queue", () => {
    expect(allowedActions(stack.role("CorrelateFunctionRole"))).toEqual([
      "cloudtrail:LookupEvents",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
    ]);
  });

  it.each([
    ["dynamodb:GetItem", REQUESTS, "REQ#1"],
    ["dynamodb:Query", REQUESTS, "INTENT#1"],
    ["dynamodb:Query", `${REQUESTS}/index/unconfirmed`, undefined],
    ["dynamodb:UpdateItem", REQUESTS, "CALL#1"],
    ["dynamodb:UpdateItem", REQUESTS, "NOTICE#finding-1"],
    ["dynamodb:UpdateItem", REQUESTS, ["FINDING#1", "FIND#1", "OPEN#FINDINGS", "NOTICE#finding-1"]],
    ["sqs:SendMessage", arn("sqs", "timelatch-notify.fifo"), undefined],
    ["dynamodb:PutItem", AUDIT, "EVID#1"],
    ["dynamodb:PutItem", AUDIT, "FIND#1"],
    ["dynamodb:PutItem", AUDIT, "ONCE#1"],
    ["dynamodb:PutItem", AUDIT, "FINDING#1"],
    ["dynamodb:PutItem", AUDIT, "ABOUT#1"],
    ["dynamodb:PutItem", AUDIT, ["FIND#1", "FINDING#1", "ABOUT#1", "OPEN#FINDINGS"]],
    ["dynamodb:PutItem", REQUESTS, "OPEN#FINDINGS"],
    ["dynamodb:PutItem", REQUESTS, ["FIND#1", "FINDING#1", "ABOUT#1", "OPEN#FINDINGS"]],
    ["dynamodb:Query", AUDIT, "AUDIT#1"],
    ["cloudtrail:LookupEvents", "*", undefined],
    ["sqs:ReceiveMessage", QUEUE, undefined],
    ["sqs:ChangeMessageVisibility", QUEUE, undefined],
  ])("correlate may call %s on %s %s", async (action, resource, key) => {
    expect(await decide(action, resource, key)).toBe("Allowed");
  });

  it.each([
    ["dynamodb:UpdateItem", REQUESTS, "REQ#1"],
    ["dynamodb:UpdateItem", REQUESTS, "INTENT#1"],
    ["dynamodb:UpdateItem", REQUESTS, "BIND#1"],
    ["dynamodb:UpdateItem", REQUESTS, "NOTICE#1"],
    ["dynamodb:UpdateItem", REQUESTS, "NOTICE#019ab5c0-0000-7000-8000-000000000001"],
    ["dynamodb:UpdateItem", REQUESTS, ["NOTICE#finding-1", "NOTICE#1"]],
    ["dynamodb:UpdateItem", AUDIT, "NOTICE#finding-1"],
    ["dynamodb:DeleteItem", REQUESTS, "NOTICE#finding-1"],
    ["dynamodb:PutItem", REQUESTS, "NOTICE#finding-1"],
    ["dynamodb:UpdateItem", REQUESTS, ["OPEN#FINDINGS", "FIND#1"]],
    ["dynamodb:UpdateItem", REQUESTS, "PACE#chat.update"],
    ["dynamodb:UpdateItem", REQUESTS, ["CALL#1", "REQ#1"]],
    ["dynamodb:UpdateItem", REQUESTS, undefined],
    ["dynamodb:PutItem", REQUESTS, "CALL#1"],
    ["dynamodb:PutItem", REQUESTS, "INTENT#1"],
    ["dynamodb:PutItem", REQUESTS, "REQ#1"],
    ["dynamodb:PutItem", REQUESTS, ["OPEN#FINDINGS", "REQ#1"]],
    ["dynamodb:DeleteItem", REQUESTS, "CALL#1"],
    ["dynamodb:DeleteItem", REQUESTS, "OPEN#FINDINGS"],
    ["dynamodb:UpdateItem", REQUESTS, "OPEN#FINDINGS"],
    ["dynamodb:BatchWriteItem", REQUESTS, "CALL#1"],
    ["dynamodb:Scan", REQUESTS, undefined],
    ["dynamodb:Query", `${REQUESTS}/index/mine`, undefined],
    ["dynamodb:PutItem", AUDIT, "AUDIT#1"],
    ["dynamodb:PutItem", AUDIT, "ACK#1"],
    ["dynamodb:PutItem", AUDIT, ["EVID#1", "AUDIT#1"]],
    ["dynamodb:PutItem", AUDIT, ["FIND#1", "ACK#1"]],
    ["dynamodb:PutItem", AUDIT, undefined],
    ["dynamodb:UpdateItem", AUDIT, "EVID#1"],
    ["dynamodb:DeleteItem", AUDIT, "EVID#1"],
    ["dynamodb:DeleteItem", AUDIT, "FIND#1"],
    ["dynamodb:BatchWriteItem", AUDIT, "FIND#1"],
    ["dynamodb:Scan", AUDIT, undefined],
    ["dynamodb:GetItem", LEDGER, "BIND#1"],
    ["dynamodb:Query", LEDGER, "BIND#1"],
    ["dynamodb:PutItem", LEDGER, "BIND#1"],
    ["sqs:SendMessage", QUEUE, undefined],
    ["sqs:PurgeQueue", QUEUE, undefined],
    ["sqs:ReceiveMessage", DEAD_LETTERS, undefined],
    ["sqs:SendMessage", arn("sqs", "timelatch-converge.fifo"), undefined],
    ["sqs:ReceiveMessage", arn("sqs", "timelatch-converge.fifo"), undefined],
    ["events:PutEvents", arn("events", "event-bus/default"), undefined],
    ["ssm:GetParameter", arn("ssm", "parameter/timelatch/slack/bot-token"), undefined],
    ["scheduler:CreateSchedule", arn("scheduler", "schedule/timelatch/x"), undefined],
    ["scheduler:DeleteSchedule", arn("scheduler", "schedule/timelatch/x"), undefined],
    ["iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/any`, undefined],
    ["sts:AssumeRole", `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`, undefined],
    ["eks:DescribeAccessEntry", arn("eks", "access-entry/prod/x"), undefined],
    ["eks:CreateAccessEntry", arn("eks", "cluster/prod"), undefined],
    ["eks:DeleteAccessEntry", arn("eks", "access-entry/prod/x"), undefined],
    ["cloudtrail:GetEventSelectors", arn("cloudtrail", "trail/any"), undefined],
    ["cloudtrail:StopLogging", arn("cloudtrail", "trail/any"), undefined],
  ])("correlate may not call %s on %s %s", async (action, resource, key) => {
    expect(await decide(action, resource, key)).not.toBe("Allowed");
  });
});

describe("the explanation of an event", () => {
  it.each(
    ["ApiFunctionRole", "SlackFunctionRole", "SweepFunctionRole"].flatMap((role) =>
      ["CALL#1", "CALLS#1", "INTENT#1"].flatMap((key) =>
        ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"].map(
          (action) => [role, action, key] as const,
        ),
      ),
    ),
  )("%s may not call %s on %s, even beside an item of its own", async (role, action, key) => {
    expect(await decideAs(role)(action, REQUESTS, key)).toBe("ExplicitlyDenied");
    expect(await decideAs(role)(action, REQUESTS, ["REQ#1", key])).toBe("ExplicitlyDenied");
    expect(await decideAs(role)(action, REQUESTS, "REQ#1")).toBe("Allowed");
  });

  it.each(
    ["SlackFunctionRole", "SweepFunctionRole", "ConvergeFunctionRole"].flatMap((role) =>
      [
        ...["EVID#1", "FIND#1", "ONCE#1", "FINDING#1", "ABOUT#1", "ACK#1"],
        ...["DELEG#1", "STOP#ALL"],
      ].map((key) => [role, key] as const),
    ),
  )("%s may not add %s to the audit table", async (role, key) => {
    const decided = decideAs(role);
    expect(await decided("dynamodb:PutItem", AUDIT, key)).toBe("ExplicitlyDenied");
    expect(await decided("dynamodb:PutItem", AUDIT, ["AUDIT#1", key])).toBe("ExplicitlyDenied");
    expect(await decided("dynamodb:PutItem", AUDIT, "AUDIT#1")).toBe("Allowed");
  });

  it.each(["EVID#1", "ONCE#1", "FINDING#1", "ABOUT#1"])(
    "api may not add %s to the audit table, even beside an acknowledgement",
    async (key) => {
      const decided = decideAs("ApiFunctionRole");
      expect(await decided("dynamodb:PutItem", AUDIT, key)).toBe("ExplicitlyDenied");
      expect(await decided("dynamodb:PutItem", AUDIT, ["ACK#1", "FIND#1", key])).toBe(
        "ExplicitlyDenied",
      );
    },
  );

  it.each(["DELEG#1", "STOP#ALL"])("api may add %s to the audit table", async (key) => {
    expect(await decideAs("ApiFunctionRole")("dynamodb:PutItem", AUDIT, key)).toBe("Allowed");
  });

  it("api may add an acknowledgement to a chain of findings, and close the finding", async () => {
    const decided = decideAs("ApiFunctionRole");
    for (const key of ["FIND#1", "ACK#1", ["FIND#1", "ACK#1", "OPEN#FINDINGS"]])
      expect(await decided("dynamodb:PutItem", AUDIT, key)).toBe("Allowed");
    expect(await decided("dynamodb:DeleteItem", REQUESTS, "OPEN#FINDINGS")).toBe("Allowed");
    for (const action of ["dynamodb:PutItem", "dynamodb:UpdateItem"])
      expect(await decided(action, REQUESTS, "OPEN#FINDINGS")).toBe("ExplicitlyDenied");
  });

  it("api may make the notices of an acknowledged finding due, however IAM reads the keys of a transaction", async () => {
    const decided = decideAs("ApiFunctionRole");
    for (const key of [
      "NOTICE#finding-1",
      ["FIND#1", "ACK#1", "OPEN#FINDINGS", "NOTICE#finding-1"],
    ]) {
      expect(await decided("dynamodb:UpdateItem", REQUESTS, key)).toBe("Allowed");
    }
    const all = ["FIND#1", "ACK#1", "OPEN#FINDINGS", "NOTICE#finding-1"];
    // In place of one that notify filled.
    expect(await decided("dynamodb:PutItem", REQUESTS, "NOTICE#finding-1")).toBe("Allowed");
    expect(await decided("dynamodb:DeleteItem", REQUESTS, all)).toBe("Allowed");
    expect(await decided("dynamodb:PutItem", AUDIT, all)).toBe("Allowed");
  });

  it.each(["SlackFunctionRole", "SweepFunctionRole", "ConvergeFunctionRole"])(
    "%s may not write what was sent about a finding, and may make a request's notices due",
    async (role) => {
      for (const action of ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"])
        expect(await decideAs(role)(action, REQUESTS, "NOTICE#finding-1")).toBe("ExplicitlyDenied");
      const own = "NOTICE#019ab5c0-0000-7000-8000-000000000001";
      expect(await decideAs(role)("dynamodb:UpdateItem", REQUESTS, own)).toBe("Allowed");
    },
  );

  it.each(["SlackFunctionRole", "SweepFunctionRole"])(
    "%s may not close a finding",
    async (role) => {
      for (const action of ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"])
        expect(await decideAs(role)(action, REQUESTS, "OPEN#FINDINGS")).toBe("ExplicitlyDenied");
    },
  );

  it.each(["CALL#1", "CALLS#1", "INTENT#1"])("converge may put %s", async (key) => {
    expect(await decideAs("ConvergeFunctionRole")("dynamodb:PutItem", REQUESTS, key)).toBe(
      "Allowed",
    );
  });
});
