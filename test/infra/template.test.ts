import { Queue } from "aws-cdk-lib/aws-sqs";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { PRODUCTION, SANDBOX, type StackSettings } from "../../infra/synth/settings.ts";
import { type Variant, variantOf } from "../../infra/synth/variants.ts";
import { AUDIT_INDEX, INDEX } from "../../shared/aws/dynamodb/indexes.ts";
import { convergeConfig, frontConfig, slackConfig } from "../../shared/config.ts";
import { ROUTES } from "../../shared/http/contract/routes.ts";
import { projectionOf } from "../shared/aws/dynamodb/local-tables.ts";
import { ACCOUNT, broker, brokerStack, REGION } from "./broker.ts";

const env = { account: ACCOUNT, region: REGION };
const production: Variant = { ...variantOf({}), env };
const stack = broker(undefined, production);
const only = (type: string, start = "") => {
  const [found, second] = stack.ofType(type).filter(({ logicalId }) => logicalId.startsWith(start));
  if (!found || second) throw new Error(`${type} ${start}: one was expected.`);
  return found;
};
const properties = (type: string, start = "") => only(type, start).properties.all;

describe("the tables", () => {
  it("tables are on demand, with point-in-time recovery and deletion protection", () => {
    for (const { properties: table } of stack.ofType("AWS::DynamoDB::GlobalTable")) {
      expect(table.text("BillingMode")).toBe("PAY_PER_REQUEST");
      expect(table.list("Replicas")).toMatchObject([
        {
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        },
      ]);
    }
  });

  it("no table has a stream, which nothing would read", () => {
    for (const { properties: table } of stack.ofType("AWS::DynamoDB::GlobalTable"))
      expect(table.all).not.toHaveProperty("StreamSpecification");
  });

  it("the tables of requests and ledgers delete expired items, and the audit table none", () => {
    const ttl = { TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true } };
    for (const start of ["TablesRequests", "TablesLedger"])
      expect(properties("AWS::DynamoDB::GlobalTable", start)).toMatchObject(ttl);
    expect(properties("AWS::DynamoDB::GlobalTable", "TablesAudit")).not.toHaveProperty(
      "TimeToLiveSpecification",
    );
  });

  it.each([
    ["TablesRequests", INDEX],
    ["TablesAudit", AUDIT_INDEX],
  ])("%s has the indexes that the stores query", (start, indexes) => {
    expect(properties("AWS::DynamoDB::GlobalTable", start)).toMatchObject({
      GlobalSecondaryIndexes: Object.values(indexes).map((index) => ({
        IndexName: index.name,
        KeySchema: [
          { AttributeName: index.pk, KeyType: "HASH" },
          { AttributeName: index.sk, KeyType: "RANGE" },
        ],
        Projection: projectionOf(index),
      })),
    });
  });
});

describe("the queue", () => {
  it("the converge queue is FIFO, deduplicates by content, and has the visibility of the settings", () => {
    expect(properties("AWS::SQS::Queue", "ConvergeQueue")).toMatchObject({
      QueueName: "timelatch-converge.fifo",
      FifoQueue: true,
      ContentBasedDeduplication: true,
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
      VisibilityTimeout: 48,
      RedrivePolicy: { maxReceiveCount: 5 },
    });
  });

  it("converge gets one message at a time, and has as many workers as the settings say", () => {
    expect(properties("AWS::Lambda::EventSourceMapping", "ConvergeSource")).toMatchObject({
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 4 },
    });
  });

  it.each(["ConvergeSource", "NotifySource", "CorrelationSource"])(
    "%s reports batch item failures, so that Lambda keeps its concurrency when one subject fails",
    (mapping) => {
      expect(properties("AWS::Lambda::EventSourceMapping", mapping)).toMatchObject({
        FunctionResponseTypes: ["ReportBatchItemFailures"],
      });
    },
  );

  it("notify has a queue of its own, and few workers that take ten messages at once", () => {
    expect(properties("AWS::SQS::Queue", "NotifyQueue")).toMatchObject({
      QueueName: "timelatch-notify.fifo",
      FifoQueue: true,
      VisibilityTimeout: 180,
      RedrivePolicy: { maxReceiveCount: 5 },
    });
    expect(properties("AWS::Lambda::EventSourceMapping", "NotifySource")).toMatchObject({
      BatchSize: 10,
      ScalingConfig: { MaximumConcurrency: 4 },
    });
  });

  it("failed schedules go to a standard queue, the only kind that Scheduler accepts", () => {
    expect(properties("AWS::SQS::Queue", "SchedulesDeadLetters")).not.toHaveProperty("FifoQueue");
  });

  it("every queue refuses calls without TLS", () => {
    const policies = Object.values(stack.template.Resources).filter(
      ({ Type }) => Type === "AWS::SQS::QueuePolicy",
    );
    expect(policies).toHaveLength(stack.ofType("AWS::SQS::Queue").length);
    for (const policy of policies)
      expect(policy.Properties?.["PolicyDocument"]).toMatchObject({
        Statement: expect.arrayContaining([
          expect.objectContaining({
            Effect: "Deny",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          }),
        ]),
      });
  });
});

describe("the functions", () => {
  const variables = (start: string) => ({
    ...(only("AWS::Lambda::Function", start)
      .properties.members("Environment")
      .object("Variables") as Record<string, string>),
    // Lambda's own.
    AWS_REGION: REGION,
  });

  it("slack has every variable that it reads", () => {
    expect(slackConfig(variables("SlackFunction"))).toMatchObject({
      slackBotTokenParameter: "/timelatch/slack/bot-token",
      slackSigningSecretParameter: "/timelatch/slack/signing-secret",
      slackApiUrl: "https://slack.com/api",
    });
  });

  it("api and sweep have every variable that they read", () => {
    for (const start of ["ApiFunction", "SweepFunction"])
      expect(frontConfig(variables(start))).toMatchObject({
        convergeQueueUrl: expect.stringContaining("/timelatch-converge.fifo"),
        settings: PRODUCTION.broker,
      });
  });

  it("converge has every variable that it reads", () => {
    expect(convergeConfig(variables("ConvergeFunction"))).toMatchObject({
      convergeQueueUrl: expect.stringContaining("/timelatch-converge.fifo"),
      schedules: {
        group: "timelatch",
        convergeQueueArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:timelatch-converge.fifo`,
        scheduleRoleArn: stack.role("SchedulesScheduleRole").arn,
        brokerAccount: ACCOUNT,
      },
      settings: PRODUCTION.broker,
    });
  });

  it("api and sweep do not know the ledger table", () => {
    for (const start of ["ApiFunction", "SweepFunction"])
      expect(variables(start)).not.toHaveProperty("LEDGER_TABLE");
  });

  it.each([
    ["ApiFunction", 10, 512],
    ["ConvergeFunction", 8, 512],
    ["SweepFunction", 50, 256],
    ["SlackFunction", 10, 1024],
  ])(
    "%s has a timeout of %d s and %d MB, and logs JSON on Node 24",
    (start, Timeout, MemorySize) => {
      expect(properties("AWS::Lambda::Function", start)).toMatchObject({
        Timeout,
        MemorySize,
        Runtime: "nodejs24.x",
        LoggingConfig: { LogFormat: "JSON", SystemLogLevel: "WARN" },
      });
    },
  );

  it("Lambda does not retry a sweep, and a rule starts one each minute", () => {
    expect(properties("AWS::Lambda::EventInvokeConfig", "SweepFunction")).toMatchObject({
      MaximumRetryAttempts: 0,
    });
    expect(properties("AWS::Events::Rule", "SweepMinute")).toMatchObject({
      ScheduleExpression: "rate(1 minute)",
    });
  });

  it("in production, the next sweep retries what failed after the last", () => {
    const { broker, convergeTimeoutSeconds } = PRODUCTION;
    const slowest = convergeTimeoutSeconds + broker.retryCeilingSeconds;
    expect(slowest).toBeLessThanOrEqual(broker.sweepPeriodSeconds);
  });

  describe.each(["converge", "notify", "correlate"] as const)("the queue of %s", (name) => {
    const timesIn = (settings: StackSettings) =>
      [settings[`${name}TimeoutSeconds`], settings[`${name}VisibilitySeconds`]] as const;

    it("in production, visibility is six times the function's timeout, as AWS advises", () => {
      const [timeout, visibility] = timesIn(PRODUCTION);
      expect(visibility).toBe(6 * timeout);
    });

    it.each([PRODUCTION, SANDBOX])(
      "visibility is longer than the function's timeout",
      (settings) => {
        const [timeout, visibility] = timesIn(settings);
        expect(visibility).toBeGreaterThan(timeout);
      },
    );
  });
});

describe("the HTTP API", () => {
  it("every route of the API needs IAM, also the one for unknown paths", () => {
    const routes = stack
      .ofType("AWS::ApiGatewayV2::Route")
      .map((route) => route.properties)
      .filter((route) => !route.text("RouteKey").includes(" /slack/"));
    expect(routes.map((route) => route.text("RouteKey")).sort()).toEqual(
      ["$default", ...ROUTES.map(({ method, path }) => `${method} ${path}`)].sort(),
    );
    for (const route of routes) expect(route.text("AuthorizationType")).toBe("AWS_IAM");
  });

  it("the API is throttled, and its access log names the caller", () => {
    const stage = Object.values(stack.template.Resources).find(
      ({ Type }) => Type === "AWS::ApiGatewayV2::Stage",
    );
    expect(stage?.Properties).toMatchObject({
      StageName: "$default",
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
      AccessLogSettings: { Format: expect.stringContaining("$context.identity.userArn") },
    });
  });
});

describe("the alarms", () => {
  const alarms = Object.entries(stack.template.Resources)
    .filter(([, { Type }]) => Type === "AWS::CloudWatch::Alarm")
    .map(([logicalId, { Properties = {} }]) => ({ logicalId, ...Properties }));
  const metrics = alarms.map((alarm) => ("MetricName" in alarm ? alarm.MetricName : undefined));

  it.each([
    ["Sweep", 60, 3],
    ["Archive", 3_600, 2],
  ])("an alarm fires for %s that does not run and so has no data", (of, seconds, periods) => {
    const silent = alarms.find(({ logicalId }) => logicalId.startsWith(`Alarms${of}Silent`));
    expect(silent).toMatchObject({
      MetricName: "Invocations",
      Period: seconds,
      Statistic: "Sum",
      EvaluationPeriods: periods,
      Threshold: 1,
      ComparisonOperator: "LessThanThreshold",
      TreatMissingData: "breaching",
    });
  });

  it("every other alarm fires in the first period with data, and not without", () => {
    for (const alarm of alarms.filter((_, at) => metrics[at] !== "Invocations"))
      expect(alarm).toMatchObject({
        // A new cluster has no list of standing access until its first reading.
        EvaluationPeriods: alarm.logicalId.startsWith("AlarmsStandingLate") ? 2 : 1,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        TreatMissingData: "notBreaching",
      });
  });
});

describe("cdk-nag", () => {
  it("every finding of cdk-nag is acknowledged with a reason", () => {
    for (const variant of [production, variantOf({})]) {
      const built = brokerStack(undefined, variant);
      expect(new AwsSolutionsChecks(built).validateScope(built).violations).toEqual([]);
    }
  });

  it("cdk-nag reports what nobody acknowledged", () => {
    const built = brokerStack();
    new Queue(built, "Unheard");
    const { violations } = new AwsSolutionsChecks(built).validateScope(built);
    expect(violations.map(({ ruleName }) => ruleName).sort()).toEqual([
      "AwsSolutions-SQS3",
      "AwsSolutions-SQS4",
    ]);
  });
});

describe("the variants", () => {
  /** Every path at which two values differ. */
  function differences(a: unknown, b: unknown, at = ""): readonly string[] {
    if (typeof a !== "object" || typeof b !== "object" || !a || !b) return a === b ? [] : [at];
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].flatMap((key) =>
      differences(
        (a as Record<string, unknown>)[key],
        (b as Record<string, unknown>)[key],
        at ? `${at}.${key}` : key,
      ),
    );
  }

  it("the templates of production and sandbox differ only in values of settings", () => {
    const sandbox = broker(undefined, variantOf({ TIMELATCH_SETTINGS: "sandbox" }));
    const withoutHash = (path: string) =>
      path.replace(/^Resources\.(\w+?)[0-9A-F]{8}\./, "$1: ").replace("Properties.", "");
    expect(differences(stack.template, sandbox.template).map(withoutHash).sort()).toEqual([
      "ActivityFunction: Environment.Variables.SETTINGS",
      "ActivityFunction: ReservedConcurrentExecutions",
      "ApiFunction: Environment.Variables.SETTINGS",
      "ArchiveBucket: ObjectLockConfiguration.Rule.DefaultRetention.Days",
      "ArchiveFunction: ReservedConcurrentExecutions",
      "ConvergeFunction: Environment.Variables.CONVERGE_VISIBILITY_SECONDS",
      "ConvergeFunction: Environment.Variables.SETTINGS",
      "ConvergeFunction: ReservedConcurrentExecutions",
      "ConvergeFunction: Timeout",
      "ConvergeQueue: VisibilityTimeout",
      "CorrelateFunction: Environment.Variables.SETTINGS",
      "CorrelationEvidenceQueue: VisibilityTimeout",
      "NotifyQueue: VisibilityTimeout",
      "SlackFunction: Environment.Variables.SETTINGS",
      "StandingFunction: Environment.Variables.SETTINGS",
      "StandingFunction: ReservedConcurrentExecutions",
      "SweepFunction: Environment.Variables.SETTINGS",
      "SweepFunction: ReservedConcurrentExecutions",
    ]);
  });

  it("a template for no account fits any account and region", () => {
    const free = broker(undefined, variantOf({}));
    expect(variantOf({}).env).toBeUndefined();
    expect(
      JSON.stringify(free.ofType("AWS::IAM::Role").map(({ properties: { all } }) => all)),
    ).toBe(JSON.stringify(stack.ofType("AWS::IAM::Role").map(({ properties: { all } }) => all)));
    expect(JSON.stringify(free.template)).not.toContain(REGION.concat('"'));
  });

  it("account and region come from CDK's variables", () => {
    expect(variantOf({ CDK_DEFAULT_ACCOUNT: ACCOUNT, CDK_DEFAULT_REGION: REGION }).env).toEqual(
      env,
    );
  });

  it("an unknown name of settings is refused", () => {
    expect(() => variantOf({ TIMELATCH_SETTINGS: "prod" })).toThrow('"production" or "sandbox"');
  });

  it("an account without a region is refused", () => {
    expect(() => variantOf({ CDK_DEFAULT_ACCOUNT: ACCOUNT })).toThrow("CDK_DEFAULT_REGION is not");
  });
});
