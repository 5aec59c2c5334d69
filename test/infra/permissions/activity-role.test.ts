import { describe, expect, it } from "vitest";
import { PRODUCTION } from "../../../infra/synth/settings.ts";
import { ACCOUNT, allowedActions, broker, REGION, sampleWith } from "../broker.ts";

const stack = broker();
const arnOf = (type: string, start: string) =>
  stack.ofType(type).find(({ logicalId }) => logicalId.startsWith(start))?.attributes["Arn"] ?? "";
const tableArn = (start: string) => arnOf("AWS::DynamoDB::GlobalTable", start);
const REQUESTS = tableArn("TablesRequests");
const AUDIT = tableArn("TablesAudit");
const LEDGER = tableArn("TablesLedger");
const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
const logOf = (cluster: string) => arn("logs", `log-group:/aws/eks/${cluster}/cluster:log-stream:`);
const decide = (action: string, resource: string, key?: string | readonly string[]) =>
  stack.decide("ActivityFunctionRole", {
    action,
    resource,
    ...(key === undefined ? {} : { context: { "dynamodb:LeadingKeys": [key].flat() } }),
  });

describe("the role of activity", () => {
  it("activity may read requests, ask audit logs and add evidence", () => {
    expect(allowedActions(stack.role("ActivityFunctionRole"))).toEqual([
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "logs:CreateLogStream",
      "logs:GetQueryResults",
      "logs:PutLogEvents",
      "logs:StartQuery",
    ]);
  });

  it.each([
    ["dynamodb:GetItem", REQUESTS, "REQ#1"],
    ["dynamodb:Query", REQUESTS, "CALLS#1"],
    ["dynamodb:Query", AUDIT, "EVID#1"],
    ["dynamodb:Query", `${AUDIT}/index/audit`, undefined],
    ["dynamodb:PutItem", AUDIT, ["EVID#1", "ONCE#1"]],
    ["logs:StartQuery", logOf("prod"), undefined],
    ["logs:GetQueryResults", logOf("prod"), undefined],
  ])("activity may call %s on %s %s", async (action, resource, key) => {
    expect(await decide(action, resource, key)).toBe("Allowed");
  });

  it.each([
    ["dynamodb:GetItem", REQUESTS, "CALL#1"],
    ["dynamodb:GetItem", REQUESTS, ["REQ#1", "CURSORS#1"]],
    ["dynamodb:Query", REQUESTS, "REQ#1"],
    ["dynamodb:Query", REQUESTS, ["CALLS#1", "BIND#1"]],
    ["dynamodb:PutItem", REQUESTS, "CALLS#1"],
    ["dynamodb:PutItem", REQUESTS, "REQ#1"],
    ["dynamodb:UpdateItem", REQUESTS, "CALL#1"],
    ["dynamodb:DeleteItem", REQUESTS, "REQ#1"],
    ["dynamodb:Scan", REQUESTS, undefined],
    ["dynamodb:PutItem", AUDIT, "AUDIT#1"],
    ["dynamodb:PutItem", AUDIT, "FIND#1"],
    ["dynamodb:PutItem", AUDIT, "FINDING#1"],
    ["dynamodb:PutItem", AUDIT, "ABOUT#1"],
    ["dynamodb:PutItem", AUDIT, "ACK#1"],
    ["dynamodb:DeleteItem", AUDIT, "ONCE#1"],
    ["dynamodb:PutItem", AUDIT, ["EVID#1", "FIND#1"]],
    ["dynamodb:PutItem", AUDIT, undefined],
    ["dynamodb:UpdateItem", AUDIT, "EVID#1"],
    ["dynamodb:DeleteItem", AUDIT, "EVID#1"],
    ["dynamodb:BatchWriteItem", AUDIT, "EVID#1"],
    ["dynamodb:Scan", AUDIT, undefined],
    ["dynamodb:GetItem", LEDGER, "BIND#1"],
    ["logs:StartQuery", logOf("staging"), undefined],
    ["logs:GetQueryResults", logOf("staging"), undefined],
    ["logs:StartQuery", arn("logs", "log-group:/aws/lambda/api:log-stream:"), undefined],
    ["logs:StopQuery", "*", undefined],
    ["logs:DescribeLogGroups", "*", undefined],
    ["logs:GetLogEvents", logOf("prod"), undefined],
    ["logs:FilterLogEvents", logOf("prod"), undefined],
    ["logs:DeleteLogGroup", logOf("prod"), undefined],
    ["sqs:SendMessage", arn("sqs", "timelatch-converge.fifo"), undefined],
    ["scheduler:CreateSchedule", arn("scheduler", "schedule/timelatch/x"), undefined],
    ["iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/any`, undefined],
    ["sts:AssumeRole", `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`, undefined],
    ["eks:DescribeCluster", arn("eks", "cluster/prod"), undefined],
    ["eks:CreateAccessEntry", arn("eks", "cluster/prod"), undefined],
    ["ssm:GetParameter", arn("ssm", "parameter/timelatch/slack/bot-token"), undefined],
    ["kms:Sign", arn("kms", "key/any"), undefined],
  ])("activity may not call %s on %s %s", async (action, resource, key) => {
    expect(await decide(action, resource, key)).not.toBe("Allowed");
  });
});

describe("activity in the stack", () => {
  const functionsOf = (of: typeof stack) =>
    of.ofType("AWS::Lambda::Function").map(({ logicalId }) => logicalId.slice(0, 8));

  it("is made only where access.yaml switches it on for a cluster", () => {
    const without = broker(
      sampleWith(({ clusters }) => Reflect.deleteProperty(clusters["prod"] ?? {}, "activity")),
    );
    expect(functionsOf(stack)).toContain("Activity");
    expect(functionsOf(without)).not.toContain("Activity");
  });

  it("runs every five minutes, one at a time", () => {
    const rules = stack.ofType("AWS::Events::Rule").map(({ properties }) => properties.all);
    expect(rules).toContainEqual(
      expect.objectContaining({
        ScheduleExpression: "rate(5 minutes)",
        Targets: [expect.objectContaining({ Arn: expect.stringContaining("-ActivityFunction") })],
      }),
    );
    const [activity] = stack
      .ofType("AWS::Lambda::Function")
      .filter(({ logicalId }) => logicalId.startsWith("ActivityFunction"));
    expect(activity?.properties.all).toMatchObject({ ReservedConcurrentExecutions: 1 });
  });

  it("asks a log of another account under the role there, and no other", () => {
    const elsewhere = sampleWith(({ clusters }) => {
      Object.assign(clusters["staging"] ?? {}, {
        arn: "arn:aws:eks:us-west-2:444455556666:cluster/staging",
        activity: { maxScanGb: 1 },
      });
    });
    const variant = {
      name: "production",
      settings: PRODUCTION,
      env: { account: ACCOUNT, region: REGION },
    };
    const policies = JSON.stringify(
      broker(elsewhere, variant).role("ActivityFunctionRole").policies,
    );
    expect(policies).toContain(
      '"Resource":"arn:aws:iam::444455556666:role/timelatch-activity-reads","Sid":"AssumeReaders"',
    );
    expect(policies).not.toContain("arn:aws:logs:us-west-2:444455556666");
  });
});
