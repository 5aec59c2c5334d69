import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadStack } from "../../../../lab/sandbox/template/load-stack.ts";
import { assembly, FUNCTION_RESOURCES, PLACE } from "./assembly-fixture.ts";

const load = (resources: Record<string, unknown>) =>
  loadStack(assembly({ ...FUNCTION_RESOURCES, ...resources }, { abc: "" }), PLACE);

const withFunction = (properties: Record<string, unknown>) =>
  load({
    Fn: {
      Type: "AWS::Lambda::Function",
      Properties: { ...FUNCTION_RESOURCES.Fn.Properties, ...properties },
    },
  });

const FUNCTION_ARN = "arn:aws:lambda:us-west-2:111122223333:function:Timelatch-Fn";
const ROLE_ARN = "arn:aws:iam::111122223333:role/Timelatch-Role";

describe("a function", () => {
  it("A function has Lambda's defaults where the template says nothing", () => {
    const [fn] = load({}).functions;
    expect(fn).toMatchObject({
      name: "Timelatch-Fn",
      arn: FUNCTION_ARN,
      roleArn: ROLE_ARN,
      timeoutSeconds: 3,
      memoryMb: 128,
      environment: {},
      logFormat: "Text",
      logGroup: "/aws/lambda/Timelatch-Fn",
      asyncRetries: 2,
    });
    expect(fn).not.toHaveProperty("reservedConcurrency");
    expect(path.basename(fn?.codeDir ?? "")).toBe("asset.abc");
  });

  it("A function has what the template says", () => {
    const [fn] = load({
      Fn: {
        Type: "AWS::Lambda::Function",
        Properties: {
          ...FUNCTION_RESOURCES.Fn.Properties,
          Timeout: 8,
          MemorySize: 512,
          ReservedConcurrentExecutions: 1,
          Environment: { Variables: { REGION: { Ref: "AWS::Region" } } },
          LoggingConfig: { LogFormat: "JSON", LogGroup: { Ref: "Log" } },
        },
      },
      Log: { Type: "AWS::Logs::LogGroup", Properties: {} },
      Invoke: {
        Type: "AWS::Lambda::EventInvokeConfig",
        Properties: { FunctionName: { Ref: "Fn" }, Qualifier: "$LATEST", MaximumRetryAttempts: 0 },
      },
    }).functions;
    expect(fn).toMatchObject({
      timeoutSeconds: 8,
      memoryMb: 512,
      reservedConcurrency: 1,
      environment: { REGION: "us-west-2" },
      logFormat: "JSON",
      logGroup: "Timelatch-Log",
      asyncRetries: 0,
    });
  });

  it("A function of another runtime is refused", () => {
    expect(() => withFunction({ Runtime: "python3.13" })).toThrow("the runtime python3.13");
  });

  it("A function whose code is not in the assembly is refused", () => {
    expect(() => withFunction({ Code: { S3Bucket: "b", S3Key: "zzz.zip" } })).toThrow(
      "Fn: Error occurred while GetObject. S3 Error Code: NoSuchKey.",
    );
  });

  it("A function with a value of the wrong type is refused, naming the member", () => {
    expect(() => withFunction({ Timeout: "soon" })).toThrow(
      'Fn (AWS::Lambda::Function): Timeout must be a number, and is "soon".',
    );
  });
});

describe("an event source", () => {
  const mapping = (properties: Record<string, unknown>) =>
    load({
      Queue: { Type: "AWS::SQS::Queue", Properties: {} },
      Mapping: {
        Type: "AWS::Lambda::EventSourceMapping",
        Properties: {
          EventSourceArn: { "Fn::GetAtt": ["Queue", "Arn"] },
          FunctionName: { Ref: "Fn" },
          ...properties,
        },
      },
    }).eventSources;

  it("An event source joins a queue and a function", () => {
    expect(
      mapping({
        BatchSize: 1,
        ScalingConfig: { MaximumConcurrency: 4 },
        FunctionResponseTypes: ["ReportBatchItemFailures"],
      }),
    ).toEqual([
      {
        id: "Mapping",
        uuid: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        queueArn: "arn:aws:sqs:us-west-2:111122223333:Timelatch-Queue",
        functionArn: FUNCTION_ARN,
        batchSize: 1,
        maximumConcurrency: 4,
        reportsBatchItemFailures: true,
      },
    ]);
  });

  it("An event source that is off is left out", () => {
    expect(mapping({ Enabled: false })).toEqual([]);
  });

  it("An event source that is no queue of the stack is refused", () => {
    expect(() => mapping({ EventSourceArn: "arn:aws:kinesis:x" })).toThrow("arn:aws:kinesis:x");
  });
});

describe("a rule", () => {
  const rule = (expression: string) =>
    load({
      Rule: {
        Type: "AWS::Events::Rule",
        Properties: {
          ScheduleExpression: expression,
          State: "ENABLED",
          Targets: [{ Id: "Target0", Arn: { "Fn::GetAtt": ["Fn", "Arn"] } }],
        },
      },
    }).rules[0];

  it.each([
    ["rate(1 minute)", 1],
    ["rate(5 minutes)", 5],
    ["rate(1 hour)", 60],
    ["rate(2 days)", 2880],
  ])("A rule with %s fires every %i minutes", (expression, minutes) => {
    expect(rule(expression)).toMatchObject({
      everyMinutes: minutes,
      targets: [{ functionArn: FUNCTION_ARN }],
    });
  });

  it.each(["rate(1 minutes)", "rate(2 minute)", "rate(0 minutes)", "cron(0 3 * * ? *)"])(
    "A rule with %s is refused",
    (expression) => {
      expect(() => rule(expression)).toThrow(expression);
    },
  );
});

describe("a role", () => {
  const statement = { Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" };
  const policies = (extra: Record<string, unknown>, properties: Record<string, unknown> = {}) =>
    load({
      Role: {
        Type: "AWS::IAM::Role",
        Properties: { AssumeRolePolicyDocument: {}, ...properties },
      },
      ...extra,
    }).roles[0]?.policies;

  it("A role has the policies that are attached to it, and no other's", () => {
    const policy = (role: unknown) => ({
      Type: "AWS::IAM::Policy",
      Properties: {
        PolicyName: `Of${role}`,
        PolicyDocument: { Statement: [statement] },
        Roles: [role],
      },
    });
    expect(policies({ Own: policy("Timelatch-Role"), Others: policy("Another") })).toEqual({
      "OfTimelatch-Role": { Statement: [statement] },
    });
  });

  it("A role has inline and managed policies", () => {
    const managed = {
      "Fn::Join": [
        "",
        [
          "arn:",
          { Ref: "AWS::Partition" },
          ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
        ],
      ],
    };
    const found = policies(
      {},
      {
        ManagedPolicyArns: [managed],
        Policies: [{ PolicyName: "Inline", PolicyDocument: { Statement: [statement] } }],
      },
    );
    expect(Object.keys(found ?? {})).toEqual([
      "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
      "Inline",
    ]);
  });

  it("A role has the template's own managed policies, whichever of the two names the other", () => {
    const overflow = (properties: Record<string, unknown>) => ({
      Type: "AWS::IAM::ManagedPolicy",
      Properties: {
        Description: "Part of the policies for the role",
        Path: "/",
        PolicyDocument: { Statement: [statement] },
        ...properties,
      },
    });
    const found = policies(
      {
        Overflow: overflow({ Roles: [{ Ref: "Role" }] }),
        Named: overflow({ ManagedPolicyName: "named", Path: "/team/" }),
        Unused: overflow({}),
      },
      { ManagedPolicyArns: [{ Ref: "Named" }] },
    );
    expect(found).toEqual({
      "arn:aws:iam::111122223333:policy/Timelatch-Overflow": { Statement: [statement] },
      "arn:aws:iam::111122223333:policy/team/named": { Statement: [statement] },
    });
  });

  it("A role with an unknown managed policy is refused", () => {
    const arn = "arn:aws:iam::aws:policy/PowerUserAccess";
    expect(() => policies({}, { ManagedPolicyArns: [arn] })).toThrow(arn);
  });
});

describe("an HTTP API", () => {
  const api = (route: Record<string, unknown>, integration: Record<string, unknown> = {}) =>
    load({
      Api: { Type: "AWS::ApiGatewayV2::Api", Properties: { Name: "x", ProtocolType: "HTTP" } },
      Stage: {
        Type: "AWS::ApiGatewayV2::Stage",
        Properties: { ApiId: { Ref: "Api" }, StageName: "$default", AutoDeploy: true },
      },
      Integration: {
        Type: "AWS::ApiGatewayV2::Integration",
        Properties: {
          ApiId: { Ref: "Api" },
          IntegrationType: "AWS_PROXY",
          IntegrationUri: { "Fn::GetAtt": ["Fn", "Arn"] },
          PayloadFormatVersion: "2.0",
          ...integration,
        },
      },
      Route: {
        Type: "AWS::ApiGatewayV2::Route",
        Properties: {
          ApiId: { Ref: "Api" },
          RouteKey: "GET /v1/requests",
          Target: { "Fn::Join": ["", ["integrations/", { Ref: "Integration" }]] },
          ...route,
        },
      },
    }).httpApi;

  it("An HTTP API has routes that lead to functions", () => {
    expect(api({ AuthorizationType: "AWS_IAM" })).toMatchObject({
      id: expect.stringMatching(/^[a-z0-9]{10}$/),
      stage: "$default",
      routes: [
        {
          routeKey: "GET /v1/requests",
          authorization: "AWS_IAM",
          functionArn: FUNCTION_ARN,
          timeoutMs: 30_000,
        },
      ],
    });
  });

  it("An HTTP API is open where a route names no authorizer", () => {
    expect(api({})?.routes[0]?.authorization).toBe("NONE");
  });

  it("An HTTP API with another authorizer, integration or format is refused", () => {
    expect(() => api({ AuthorizationType: "JWT" })).toThrow("the authorization type JWT");
    expect(() => api({}, { IntegrationType: "HTTP_PROXY" })).toThrow("HTTP_PROXY");
    expect(() => api({}, { PayloadFormatVersion: "1.0" })).toThrow("the payload format 1.0");
  });
});
