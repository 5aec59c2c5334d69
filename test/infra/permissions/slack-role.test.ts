import { describe, expect, it } from "vitest";
import { ACCOUNT, allowedActions, broker, SAMPLE } from "../broker.ts";
import { arn, roleWorld } from "./role-world.ts";

const { stack, REQUESTS, AUDIT, LEDGER, decideAs } = roleWorld({
  ...SAMPLE,
  slack: { teams: ["T0001"], app: "A0001", channel: "C0001", alarms: "C0002" },
});
const decide = decideAs("SlackFunctionRole");
const SECRETS = ["bot-token", "signing-secret"].map((name) =>
  arn("ssm", `parameter/timelatch/slack/${name}`),
);

describe("the role of slack", () => {
  it("slack may do what api may, and read its two secrets", () => {
    expect(allowedActions(stack.role("SlackFunctionRole"))).toEqual(
      [...allowedActions(stack.role("ApiFunctionRole")), "ssm:GetParameter"].sort(),
    );
  });

  it.each([
    ["ssm:GetParameter", SECRETS[0] ?? "", undefined],
    ["ssm:GetParameter", SECRETS[1] ?? "", undefined],
    ["dynamodb:PutItem", REQUESTS, "NONCE#1"],
    ["dynamodb:PutItem", AUDIT, "AUDIT#1"],
    ["sqs:SendMessage", arn("sqs", "timelatch-converge.fifo"), undefined],
    ["sqs:SendMessage", arn("sqs", "timelatch-notify.fifo"), undefined],
  ])("slack may call %s on %s %s", async (action, resource, key) => {
    expect(await decide(action, resource, key)).toBe("Allowed");
  });

  it.each([
    ["ssm:GetParameter", arn("ssm", "parameter/timelatch/slack/other"), undefined],
    ["ssm:GetParameter", arn("ssm", "parameter/timelatch/slack"), undefined],
    ["ssm:GetParameter", arn("ssm", "parameter/other"), undefined],
    ["ssm:GetParameters", SECRETS[0] ?? "", undefined],
    ["ssm:GetParametersByPath", arn("ssm", "parameter/timelatch/slack"), undefined],
    ["ssm:GetParameterHistory", SECRETS[1] ?? "", undefined],
    ["ssm:PutParameter", SECRETS[1] ?? "", undefined],
    ["ssm:DeleteParameter", SECRETS[1] ?? "", undefined],
    ["kms:Decrypt", arn("kms", "key/any"), undefined],
    ["dynamodb:UpdateItem", AUDIT, "AUDIT#1"],
    ["dynamodb:DeleteItem", AUDIT, "AUDIT#1"],
    ["dynamodb:BatchWriteItem", REQUESTS, "REQ#1"],
    ["dynamodb:Scan", REQUESTS, undefined],
    ["dynamodb:DeleteTable", REQUESTS, undefined],
    ["dynamodb:GetItem", LEDGER, "BIND#1"],
    ["dynamodb:PutItem", LEDGER, "BIND#1"],
    ["sqs:ReceiveMessage", arn("sqs", "timelatch-converge.fifo"), undefined],
    ["sqs:PurgeQueue", arn("sqs", "timelatch-converge.fifo"), undefined],
    ["sqs:DeleteMessage", arn("sqs", "timelatch-notify.fifo"), undefined],
    ["events:PutEvents", arn("events", "event-bus/timelatch"), undefined],
    ["scheduler:CreateSchedule", arn("scheduler", "schedule/timelatch/x"), undefined],
    ["scheduler:DeleteSchedule", arn("scheduler", "schedule/timelatch/x"), undefined],
    ["iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/any`, undefined],
    ["sts:AssumeRole", `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`, undefined],
    ["eks:CreateAccessEntry", arn("eks", "cluster/prod"), undefined],
    ["eks:AssociateAccessPolicy", arn("eks", "access-entry/prod/x"), undefined],
    ["eks:DescribeCluster", arn("eks", "cluster/prod"), undefined],
    ["lambda:InvokeFunction", arn("lambda", "function:any"), undefined],
  ])("slack may not call %s on %s %s", async (action, resource, key) => {
    expect(await decide(action, resource, key)).not.toBe("Allowed");
  });
});

describe("the routes of slack", () => {
  const routes = stack.ofType("AWS::ApiGatewayV2::Route").map(({ properties }) => properties);
  const slackRoutes = routes.filter((route) => route.text("RouteKey").includes(" /slack/"));

  it("Slack calls four routes without an authorizer, and every other route asks IAM", () => {
    expect(slackRoutes.map((route) => route.text("RouteKey")).sort()).toEqual([
      "POST /slack/commands",
      "POST /slack/events",
      "POST /slack/interactivity",
      "POST /slack/options",
    ]);
    for (const route of routes)
      expect(route.text("AuthorizationType")).toBe(
        slackRoutes.includes(route) ? "NONE" : "AWS_IAM",
      );
  });

  it("Each route has a throttle of its own, far below the API's", () => {
    const stage = Object.values(stack.template.Resources).find(
      ({ Type }) => Type === "AWS::ApiGatewayV2::Stage",
    );
    const settings = stage?.Properties?.["RouteSettings"] as Record<string, object>;
    expect(Object.keys(settings)).toHaveLength(4);
    for (const each of Object.values(settings))
      expect(each).toEqual({ ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 });
  });

  it("A stack whose access.yaml has no slack has no function, route, role or alarm for it", () => {
    const { slack: _, ...without } = SAMPLE;
    const { Resources } = broker(without).template;
    expect(Object.keys(Resources).filter((id) => id.startsWith("Slack"))).toEqual([]);
    expect(JSON.stringify(Resources)).not.toContain("POST /slack/");
  });
});
