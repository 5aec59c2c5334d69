/**
 * Questions to IAM when CloudFormation makes a resource, as the role that it has. The handlers of a type make more calls:
 * these make the resource and read it back. Handlers name theirs under `permissions`:
 * https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html#schema-properties-handlers
 */
import { isObject, membersOf } from "./json.ts";
import type { ResolvedResource, ResolvedTemplate } from "./resolve.ts";
import type { Place } from "./resource-type.ts";
import type { AskedCheck } from "./stack.ts";

/** The place and name of the stack. */
type AskedPlace = Pick<Place, "account" | "region" | "stackName">;

interface Asked {
  readonly resource: ResolvedResource;
  readonly template: ResolvedTemplate;
  readonly at: AskedPlace;
}

type Asks = (asked: Asked) => readonly AskedCheck[];
type Arns = (asked: Asked) => readonly string[];

const own: Arns = ({ resource }) => [resource.attributes["Arn"] ?? resource.ref];
const inPlace =
  (service: string, rest: (ref: string) => string): Arns =>
  ({ resource, at: { account, region } }) => [
    `arn:aws:${service}:${region}:${account}:${rest(resource.ref)}`,
  ];

/** Each action on each of these. */
const calls =
  (actions: readonly string[], on: Arns = own): Asks =>
  (asked) =>
    on(asked).flatMap((resource) => actions.map((action) => ({ action, resource })));

const all =
  (...asks: readonly Asks[]): Asks =>
  (asked) =>
    asks.flatMap((each) => each(asked));

/** Actions that IAM knows no resource for. */
const onEverything = (...actions: readonly string[]): Asks => calls(actions, () => ["*"]);

/** The roles of the template that a policy names. */
const rolesNamed: Arns = ({ resource, template }) =>
  resource.properties.texts("Roles").map((name) => {
    const role = template.ofType("AWS::IAM::Role").find(({ ref }) => ref === name);
    return role?.attributes["Arn"] ?? "";
  });

/** The resources that a policy is put on, by the name or the ARN that it says. */
const named =
  (type: string, ...members: readonly string[]): Arns =>
  ({ resource: { properties }, template }) =>
    members
      .flatMap((member) => [properties.raw(member)].flat())
      .flatMap((name) =>
        template
          .ofType(type)
          .filter(({ ref, attributes }) => ref === name || attributes["Arn"] === name)
          .map(({ attributes }) => attributes["Arn"] ?? ""),
      );

const passes = (resource: string, service: string): AskedCheck => ({
  action: "iam:PassRole",
  resource,
  context: { "iam:PassedToService": service },
});

/** The functions' code comes from S3, which Lambda reads as their maker. */
const functionAsks: Asks = ({ resource: { properties } }) => {
  const code = properties.members("Code");
  return [
    passes(properties.text("Role"), "lambda.amazonaws.com"),
    {
      action: "s3:GetObject",
      resource: `arn:aws:s3:::${code.text("S3Bucket")}/${code.text("S3Key")}`,
    },
  ];
};

const concurrency: Asks = (asked) =>
  asked.resource.properties.raw("ReservedConcurrentExecutions") === undefined
    ? []
    : calls(["lambda:PutFunctionConcurrency"])(asked);

const targetRoles: Asks = ({ resource: { logicalId, properties } }) =>
  properties.list("Targets").flatMap((target) => {
    const role = membersOf(logicalId, isObject(target) ? target : {}).optionalText("RoleArn");
    return role === undefined ? [] : [passes(role, "events.amazonaws.com")];
  });

const rolePolicies: Asks = (asked) => {
  const { properties } = asked.resource;
  return [
    ...(properties.list("Policies").length > 0 ? calls(["iam:PutRolePolicy"])(asked) : []),
    ...(properties.texts("ManagedPolicyArns").length > 0
      ? calls(["iam:AttachRolePolicy"])(asked)
      : []),
  ];
};

const gateway =
  (path: (id: string) => string, member?: string): Arns =>
  ({ resource, at: { region } }) => {
    const id = member === undefined ? resource.ref : resource.properties.text(member);
    return [`arn:aws:apigateway:${region}::${path(id)}`];
  };
const GATEWAY = ["apigateway:POST", "apigateway:GET"];

/** A stage with an access log. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html */
const accessLog: Asks = (asked) =>
  asked.resource.properties.raw("AccessLogSettings") === undefined
    ? []
    : onEverything(
        ...["logs:CreateLogDelivery", "logs:ListLogDeliveries"],
        ...["logs:DescribeResourcePolicies", "logs:PutResourcePolicy"],
      )(asked);

const functionNamed = named("AWS::Lambda::Function", "FunctionName");
const mapping: Asks = ({ resource, template, at }) => {
  const [fn = ""] = functionNamed({ resource, template, at });
  const context = { "lambda:FunctionArn": fn };
  const made = `arn:aws:lambda:${at.region}:${at.account}:event-source-mapping:${resource.ref}`;
  return [
    { action: "lambda:CreateEventSourceMapping", resource: "*", context },
    { action: "lambda:GetEventSourceMapping", resource: made, context },
  ];
};

/** CloudFormation tags what it makes. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html */
const key: Asks = (asked) => [
  ...onEverything("kms:CreateKey")(asked),
  ...["kms:DescribeKey", "kms:GetKeyPolicy"].flatMap((action) =>
    own(asked).map((resource) => ({
      action,
      resource,
      context: { "aws:ResourceTag/aws:cloudformation:stack-name": asked.at.stackName },
      resourcePolicy: asked.resource.properties.object("KeyPolicy"),
    })),
  ),
];

const ASKS: Readonly<Record<string, Asks>> = {
  "AWS::ApiGatewayV2::Api": all(
    calls(
      ["apigateway:POST"],
      gateway(() => "/apis"),
    ),
    calls(
      ["apigateway:GET"],
      gateway((id) => `/apis/${id}`),
    ),
  ),
  "AWS::ApiGatewayV2::Integration": calls(
    GATEWAY,
    gateway((id) => `/apis/${id}/integrations`, "ApiId"),
  ),
  "AWS::ApiGatewayV2::Route": calls(
    GATEWAY,
    gateway((id) => `/apis/${id}/routes`, "ApiId"),
  ),
  "AWS::ApiGatewayV2::Stage": all(
    calls(
      GATEWAY,
      gateway((id) => `/apis/${id}/stages`, "ApiId"),
    ),
    accessLog,
  ),
  "AWS::CloudWatch::Alarm": calls(["cloudwatch:PutMetricAlarm", "cloudwatch:DescribeAlarms"]),
  "AWS::CloudWatch::Dashboard": calls(
    ["cloudwatch:PutDashboard", "cloudwatch:GetDashboard"],
    ({ resource, at }) => [`arn:aws:cloudwatch::${at.account}:dashboard/${resource.ref}`],
  ),
  "AWS::DynamoDB::GlobalTable": calls([
    ...["dynamodb:CreateTable", "dynamodb:DescribeTable", "dynamodb:UpdateTimeToLive"],
    "dynamodb:UpdateContinuousBackups",
  ]),
  "AWS::ECR::Repository": calls(["ecr:CreateRepository"]),
  "AWS::Events::EventBus": calls(["events:CreateEventBus", "events:DescribeEventBus"]),
  "AWS::Events::Rule": all(
    calls(["events:PutRule", "events:DescribeRule", "events:PutTargets"]),
    targetRoles,
  ),
  "AWS::IAM::ManagedPolicy": calls(["iam:CreatePolicy", "iam:GetPolicy"], ({ resource }) => [
    resource.ref,
  ]),
  "AWS::IAM::Policy": calls(["iam:PutRolePolicy", "iam:GetRolePolicy"], rolesNamed),
  "AWS::IAM::Role": all(calls(["iam:CreateRole", "iam:GetRole"]), rolePolicies),
  "AWS::KMS::Key": key,
  "AWS::Lambda::EventInvokeConfig": calls(["lambda:PutFunctionEventInvokeConfig"], functionNamed),
  "AWS::Lambda::EventSourceMapping": mapping,
  "AWS::Lambda::Function": all(
    calls(["lambda:CreateFunction", "lambda:GetFunction"]),
    functionAsks,
    concurrency,
  ),
  "AWS::Lambda::Permission": calls(["lambda:AddPermission"], functionNamed),
  "AWS::Logs::LogGroup": all(
    calls(
      ["logs:CreateLogGroup", "logs:PutRetentionPolicy"],
      inPlace("logs", (id) => `log-group:${id}`),
    ),
    onEverything("logs:DescribeLogGroups"),
  ),
  "AWS::S3::Bucket": calls([
    ...["s3:CreateBucket", "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration"],
    "s3:PutBucketPublicAccessBlock",
  ]),
  "AWS::S3::BucketPolicy": calls(["s3:PutBucketPolicy"], named("AWS::S3::Bucket", "Bucket")),
  "AWS::SSM::Parameter": calls(
    ["ssm:PutParameter"],
    inPlace("ssm", (id) => `parameter/${id.replace(/^\//, "")}`),
  ),
  "AWS::SQS::Queue": calls(["sqs:CreateQueue", "sqs:GetQueueAttributes"]),
  "AWS::SQS::QueuePolicy": calls(["sqs:SetQueueAttributes"], named("AWS::SQS::Queue", "Queues")),
  "AWS::Scheduler::ScheduleGroup": calls([
    ...["scheduler:CreateScheduleGroup", "scheduler:GetScheduleGroup"],
  ]),
};

/** In the order in which they are made. Empty for a type that makes nothing. */
export const asksOf = (
  resource: ResolvedResource,
  template: ResolvedTemplate,
  at: AskedPlace,
): readonly AskedCheck[] => ASKS[resource.type]?.({ resource, template, at }) ?? [];
