import { describe, expect, it } from "vitest";
import { variantOf } from "../../../infra/synth/variants.ts";
import { ACCOUNT, allowedActions, broker, REGION, sampleWith } from "../broker.ts";

const stack = broker();
const arnOf = (type: string, start: string) =>
  stack.ofType(type).find(({ logicalId }) => logicalId.startsWith(start))?.attributes["Arn"] ?? "";
const REQUESTS = arnOf("AWS::DynamoDB::GlobalTable", "TablesRequests");
const AUDIT = arnOf("AWS::DynamoDB::GlobalTable", "TablesAudit");
const LEDGER = arnOf("AWS::DynamoDB::GlobalTable", "TablesLedger");
const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
const entryOn = (cluster: string) => arn("eks", `access-entry/${cluster}/role/${ACCOUNT}/x/0000`);
const role = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${name}`;
const decide = (action: string, resource: string, key?: string | readonly string[]) =>
  stack.decide("StandingFunctionRole", {
    action,
    resource,
    ...(key === undefined ? {} : { context: { "dynamodb:LeadingKeys": [key].flat() } }),
  });

describe("the role of standing", () => {
  it("standing may read entries, roles and grants, and keep what it read", () => {
    expect(allowedActions(stack.role("StandingFunctionRole"))).toEqual([
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "eks:DescribeAccessEntry",
      "eks:DescribeCluster",
      "eks:ListAccessEntries",
      "eks:ListAssociatedAccessPolicies",
      "iam:GetRole",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "sqs:GetQueueAttributes",
    ]);
  });

  it.each([
    ["eks:DescribeCluster", arn("eks", "cluster/prod"), undefined],
    ["eks:ListAccessEntries", arn("eks", "cluster/legacy"), undefined],
    ["eks:DescribeAccessEntry", entryOn("prod"), undefined],
    ["eks:ListAssociatedAccessPolicies", entryOn("staging"), undefined],
    ["iam:GetRole", role("people/alice"), undefined],
    ["dynamodb:Query", REQUESTS, "BIND#1"],
    ["dynamodb:Query", REQUESTS, "INTENT#1"],
    ["dynamodb:Query", REQUESTS, "CALLS#1"],
    ["dynamodb:Query", REQUESTS, "STANDING#1"],
    ["dynamodb:Query", AUDIT, "AUDIT#1"],
    ["dynamodb:Query", AUDIT, "STANDING#1"],
    ["dynamodb:PutItem", AUDIT, "STANDING#1"],
    ["dynamodb:GetItem", REQUESTS, "STANDING#1"],
    ["dynamodb:PutItem", REQUESTS, "STANDING#1"],
  ])("standing may call %s on %s %s", async (action, resource, key) => {
    expect(await decide(action, resource, key)).toBe("Allowed");
  });

  it.each([
    ["eks:DescribeCluster", arn("eks", "cluster/other"), undefined],
    ["eks:DescribeAccessEntry", entryOn("other"), undefined],
    ["eks:CreateAccessEntry", arn("eks", "cluster/prod"), undefined],
    ["eks:UpdateAccessEntry", entryOn("prod"), undefined],
    ["eks:AssociateAccessPolicy", entryOn("prod"), undefined],
    ["eks:DisassociateAccessPolicy", entryOn("prod"), undefined],
    ["eks:DeleteAccessEntry", entryOn("prod"), undefined],
    ["eks:TagResource", entryOn("prod"), undefined],
    ["eks:UpdateClusterConfig", arn("eks", "cluster/prod"), undefined],
    ["eks:AccessKubernetesApi", arn("eks", "cluster/prod"), undefined],
    ["iam:GetRole", role("people/alice", "444455556666"), undefined],
    ["iam:ListRoles", "*", undefined],
    ["iam:PassRole", role("any"), undefined],
    ["sts:AssumeRole", role("timelatch-grantor"), undefined],
    ["dynamodb:Query", REQUESTS, "REQ#1"],
    ["dynamodb:Query", REQUESTS, ["BIND#1", "REQ#1"]],
    ["dynamodb:Query", REQUESTS, undefined],
    ["dynamodb:Query", `${REQUESTS}/index/mine`, undefined],
    ["dynamodb:GetItem", REQUESTS, "BIND#1"],
    ["dynamodb:PutItem", REQUESTS, "BIND#1"],
    ["dynamodb:PutItem", REQUESTS, ["STANDING#1", "BIND#1"]],
    ["dynamodb:PutItem", REQUESTS, undefined],
    ["dynamodb:UpdateItem", REQUESTS, "STANDING#1"],
    ["dynamodb:DeleteItem", REQUESTS, "STANDING#1"],
    ["dynamodb:Scan", REQUESTS, undefined],
    ["dynamodb:PutItem", REQUESTS, "INTENT#1"],
    ["dynamodb:Query", AUDIT, "EVID#1"],
    ["dynamodb:Query", AUDIT, ["AUDIT#1", "EVID#1"]],
    ["dynamodb:PutItem", AUDIT, "AUDIT#1"],
    ["dynamodb:PutItem", AUDIT, "EVID#1"],
    ["dynamodb:PutItem", AUDIT, ["STANDING#1", "AUDIT#1"]],
    ["dynamodb:PutItem", AUDIT, undefined],
    ["dynamodb:UpdateItem", AUDIT, "STANDING#1"],
    ["dynamodb:DeleteItem", AUDIT, "STANDING#1"],
    ["dynamodb:BatchWriteItem", AUDIT, "STANDING#1"],
    ["dynamodb:GetItem", LEDGER, "BIND#1"],
    ["sqs:SendMessage", arn("sqs", "timelatch-converge.fifo"), undefined],
    ["sqs:ReceiveMessage", arn("sqs", "timelatch-converge.fifo"), undefined],
    ["scheduler:CreateSchedule", arn("scheduler", "schedule/timelatch/x"), undefined],
    ["ssm:GetParameter", arn("ssm", "parameter/timelatch/slack/bot-token"), undefined],
  ])("standing may not call %s on %s %s", async (action, resource, key) => {
    expect(await decide(action, resource, key)).not.toBe("Allowed");
  });

  it.each(["ApiFunctionRole", "SlackFunctionRole", "SweepFunctionRole", "ConvergeFunctionRole"])(
    "%s may read what stands, and change none of it",
    async (of) => {
      for (const action of ["PutItem", "UpdateItem", "DeleteItem"])
        expect(
          await stack.decide(of, {
            action: `dynamodb:${action}`,
            resource: REQUESTS,
            context: { "dynamodb:LeadingKeys": ["STANDING#1"] },
          }),
        ).toBe("ExplicitlyDenied");
    },
  );
});

describe("Readings on record", () => {
  it("The role of no function but standing may put one", async () => {
    const functions = stack
      .ofType("AWS::IAM::Role")
      .map(({ logicalId }) => logicalId)
      .filter((id) => id.includes("FunctionRole"));
    expect(functions.length).toBeGreaterThan(8);
    const may: string[] = [];
    for (const of of functions) {
      const context = { "dynamodb:LeadingKeys": ["STANDING#1"] };
      const put = { action: "dynamodb:PutItem", resource: AUDIT, context };
      if ((await stack.decide(of, put)) === "Allowed") may.push(of);
    }
    expect(may).toEqual([expect.stringContaining("StandingFunctionRole")]);
  });

  it.each(["ApiFunctionRole", "SlackFunctionRole", "SweepFunctionRole", "ConvergeFunctionRole"])(
    "%s is denied one by name, whatever else it may put",
    async (of) => {
      const context = { "dynamodb:LeadingKeys": ["AUDIT#1", "STANDING#1"] };
      const put = { action: "dynamodb:PutItem", resource: AUDIT, context };
      expect(await stack.decide(of, put)).toBe("ExplicitlyDenied");
    },
  );
});

describe("standing in the stack", () => {
  const [standing] = stack
    .ofType("AWS::Lambda::Function")
    .filter(({ logicalId }) => logicalId.startsWith("StandingFunction"));

  it("runs every five minutes, one at a time, and ends before the next", () => {
    const rules = stack.ofType("AWS::Events::Rule").map(({ properties }) => properties.all);
    expect(rules).toContainEqual(
      expect.objectContaining({
        ScheduleExpression: "rate(5 minutes)",
        Targets: [expect.objectContaining({ Arn: expect.stringContaining("-StandingFunction") })],
      }),
    );
    expect(standing?.properties.all).toMatchObject({
      ReservedConcurrentExecutions: 1,
      Timeout: 240,
    });
  });

  it("may not read a retired cluster, or one of another account", async () => {
    const changed = broker(
      sampleWith(({ clusters }) => {
        Object.assign(clusters["legacy"] ?? {}, { retired: true });
        Object.assign(clusters["staging"] ?? {}, {
          arn: "arn:aws:eks:us-west-2:444455556666:cluster/staging",
        });
      }),
      variantOf({
        TIMELATCH_SETTINGS: "sandbox",
        CDK_DEFAULT_ACCOUNT: ACCOUNT,
        CDK_DEFAULT_REGION: REGION,
      }),
    );
    const may = (resource: string) =>
      changed.decide("StandingFunctionRole", { action: "eks:ListAccessEntries", resource });
    expect(await may(arn("eks", "cluster/prod"))).toBe("Allowed");
    expect(await may(arn("eks", "cluster/legacy"))).not.toBe("Allowed");
    expect(await may("arn:aws:eks:us-west-2:444455556666:cluster/staging")).not.toBe("Allowed");
  });

  it("nothing is ever lent to the role of standing", async () => {
    const [own] = stack
      .ofType("AWS::IAM::Role")
      .filter(({ logicalId }) => logicalId.startsWith("StandingFunctionRole"));
    expect(
      await stack.decide("GrantorsPolicies", {
        action: "eks:AssociateAccessPolicy",
        resource: entryOn("prod"),
        context: { "eks:principalArn": own?.attributes["Arn"] ?? "" },
      }),
    ).toBe("ExplicitlyDenied");
  });
});
