import { describe, expect, it } from "vitest";
import { ACCOUNT, allowedActions } from "../broker.ts";
import { arn, roleWorld } from "./role-world.ts";

const { stack, REQUESTS, AUDIT, LEDGER, decideAs } = roleWorld();
const decide = decideAs("NotifyFunctionRole");

describe("the role of notify", () => {
  it("notify may read requests, update what is known of messages, publish events, read Slack's token, and work on its queue", () => {
    expect(allowedActions(stack.role("NotifyFunctionRole"))).toEqual([
      "dynamodb:BatchGetItem",
      "dynamodb:GetItem",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
      "events:PutEvents",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
      "ssm:GetParameter",
    ]);
  });

  it.each([
    ["dynamodb:UpdateItem", REQUESTS, "NOTICE#1"],
    ["dynamodb:UpdateItem", REQUESTS, "PACE#chat.update"],
    ["ssm:GetParameter", arn("ssm", "parameter/timelatch/slack/bot-token"), undefined],
    ["dynamodb:GetItem", REQUESTS, "REQ#1"],
    ["dynamodb:BatchGetItem", REQUESTS, "REQ#1"],
    ["dynamodb:Query", AUDIT, "AUDIT#1"],
    ["dynamodb:Query", AUDIT, "FINDING#1"],
    ["dynamodb:Query", AUDIT, "FIND#1"],
    ["dynamodb:UpdateItem", REQUESTS, "NOTICE#finding-1"],
    ["events:PutEvents", arn("events", "event-bus/timelatch"), undefined],
    ["sqs:ReceiveMessage", arn("sqs", "timelatch-notify.fifo"), undefined],
  ])("notify may call %s on %s %s", async (action, resource, key) => {
    expect(await decide(action, resource, key)).toBe("Allowed");
  });

  it.each([
    ["dynamodb:UpdateItem", REQUESTS, "REQ#1"],
    ["dynamodb:UpdateItem", REQUESTS, "BIND#1"],
    ["dynamodb:UpdateItem", AUDIT, "AUDIT#1"],
    ["dynamodb:UpdateItem", REQUESTS, "RATE#alice"],
    ["dynamodb:UpdateItem", REQUESTS, ["NOTICE#1", "REQ#1"]],
    ["dynamodb:UpdateItem", REQUESTS, ["PACE#1", "REQ#1"]],
    ["dynamodb:UpdateItem", REQUESTS, "PACES#1"],
    ["dynamodb:UpdateItem", REQUESTS, undefined],
    ["dynamodb:UpdateItem", LEDGER, "PACE#1"],
    ["dynamodb:PutItem", REQUESTS, "PACE#1"],
    ["dynamodb:DeleteItem", REQUESTS, "PACE#1"],
    ["ssm:GetParameter", arn("ssm", "parameter/timelatch/slack/signing-secret"), undefined],
    ["ssm:GetParameter", arn("ssm", "parameter/timelatch/slack/bot-token-2"), undefined],
    ["ssm:GetParameter", arn("ssm", "parameter/other"), undefined],
    ["ssm:GetParameters", arn("ssm", "parameter/timelatch/slack/bot-token"), undefined],
    ["ssm:GetParametersByPath", arn("ssm", "parameter/timelatch/slack"), undefined],
    ["ssm:GetParameterHistory", arn("ssm", "parameter/timelatch/slack/bot-token"), undefined],
    ["ssm:PutParameter", arn("ssm", "parameter/timelatch/slack/bot-token"), undefined],
    ["kms:Decrypt", arn("kms", "key/any"), undefined],
    ["dynamodb:PutItem", REQUESTS, "NOTICE#1"],
    ["dynamodb:PutItem", AUDIT, "AUDIT#1"],
    ["dynamodb:PutItem", AUDIT, "ACK#1"],
    ["dynamodb:DeleteItem", REQUESTS, "OPEN#FINDINGS"],
    ["dynamodb:DeleteItem", REQUESTS, "NOTICE#1"],
    ["dynamodb:DeleteItem", AUDIT, "AUDIT#1"],
    ["dynamodb:BatchWriteItem", REQUESTS, "NOTICE#1"],
    ["dynamodb:Scan", REQUESTS, undefined],
    ["dynamodb:GetItem", LEDGER, "BIND#1"],
    ["dynamodb:BatchGetItem", LEDGER, "BIND#1"],
    ["dynamodb:BatchGetItem", AUDIT, "AUDIT#1"],
    ["dynamodb:PutItem", LEDGER, "BIND#1"],
    ["sqs:SendMessage", arn("sqs", "timelatch-converge.fifo"), undefined],
    ["sqs:ReceiveMessage", arn("sqs", "timelatch-converge.fifo"), undefined],
    ["sqs:PurgeQueue", arn("sqs", "timelatch-notify.fifo"), undefined],
    ["events:PutEvents", arn("events", "event-bus/default"), undefined],
    ["scheduler:CreateSchedule", arn("scheduler", "schedule/timelatch/x"), undefined],
    ["scheduler:DeleteSchedule", arn("scheduler", "schedule/timelatch/x"), undefined],
    ["iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/any`, undefined],
    ["sts:AssumeRole", `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`, undefined],
    ["eks:CreateAccessEntry", arn("eks", "cluster/prod"), undefined],
    ["eks:AssociateAccessPolicy", arn("eks", "access-entry/prod/x"), undefined],
  ])("notify may not call %s on %s %s", async (action, resource, key) => {
    expect(await decide(action, resource, key)).not.toBe("Allowed");
  });
});
