/**
 * The CloudFormation resource types that the sandbox knows: their physical names, what Ref and
 * Fn::GetAtt answer, and their known properties. Other types and properties are refused by name.
 */
import { ALARM_SETTINGS, ALARM_TEXTS } from "./alarm-properties.ts";
import { EVIDENCE_TYPES } from "./evidence-types.ts";
import type { Members } from "./json.ts";
import { arn, generated, shortId, stableUuid } from "./physical-names.ts";
import { named, type Physical, type Place, type ResourceType } from "./resource-type.ts";
import { TEMPLATE_TYPES } from "./template-types.ts";

const table = (logicalId: string, properties: Members, place: Place): Physical => {
  const name = properties.optionalText("TableName") ?? generated(place, logicalId, 255);
  const tableArn = arn(place, "dynamodb", `table/${name}`);
  return { ref: name, attributes: { Arn: tableArn, StreamArn: `${tableArn}/stream/latest` } };
};

export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  "AWS::DynamoDB::GlobalTable": {
    physical: table,
    emulated: [
      "TableName",
      "AttributeDefinitions",
      "KeySchema",
      "GlobalSecondaryIndexes",
      "BillingMode",
      "StreamSpecification",
      "TimeToLiveSpecification",
      "Replicas",
    ],
    // DynamoDB Local keeps no encryption.
    withoutEffect: ["SSESpecification"],
  },

  "AWS::SQS::Queue": {
    physical(logicalId, properties, place) {
      const suffix = properties.flag("FifoQueue", false) ? ".fifo" : "";
      const name =
        properties.optionalText("QueueName") ??
        `${generated(place, logicalId, 80 - suffix.length)}${suffix}`;
      const url = `${place.awsUrl}/${place.account}/${name}`;
      return {
        ref: url,
        attributes: { Arn: arn(place, "sqs", name), QueueName: name, QueueUrl: url },
      };
    },
    emulated: [
      "QueueName",
      "FifoQueue",
      "ContentBasedDeduplication",
      "VisibilityTimeout",
      "MessageRetentionPeriod",
      "ReceiveMessageWaitTimeSeconds",
      "DelaySeconds",
      "RedrivePolicy",
      "DeduplicationScope",
      "FifoThroughputLimit",
    ],
    withoutEffect: ["SqsManagedSseEnabled", "KmsMasterKeyId", "Tags"],
  },

  // The rights that it gives to AWS's services. The sandbox asks no queue policy about callers with
  // keys.
  "AWS::SQS::QueuePolicy": named(["Queues", "PolicyDocument"]),

  "AWS::Lambda::Function": {
    physical(logicalId, properties, place) {
      const name = properties.optionalText("FunctionName") ?? generated(place, logicalId, 64);
      return { ref: name, attributes: { Arn: arn(place, "lambda", `function:${name}`) } };
    },
    emulated: [
      "FunctionName",
      "Code",
      "Handler",
      "Runtime",
      "Timeout",
      "MemorySize",
      "Environment",
      "Role",
      "ReservedConcurrentExecutions",
      "LoggingConfig",
    ],
    withoutEffect: ["Architectures", "Description", "Tags", "TracingConfig"],
  },
  "AWS::Lambda::Permission": named(["Action", "FunctionName", "Principal", "SourceArn"]),
  "AWS::Lambda::EventSourceMapping": named(
    [
      "EventSourceArn",
      "FunctionName",
      "BatchSize",
      "ScalingConfig",
      "FunctionResponseTypes",
      "Enabled",
    ],
    ["Tags"],
    (logicalId, _properties, place) => stableUuid(place, logicalId),
  ),
  "AWS::Lambda::EventInvokeConfig": named([
    "FunctionName",
    "Qualifier",
    "MaximumRetryAttempts",
    "MaximumEventAgeInSeconds",
  ]),

  "AWS::IAM::Role": {
    physical(logicalId, properties, place) {
      const name = properties.optionalText("RoleName") ?? generated(place, logicalId, 64);
      const path = properties.optionalText("Path") ?? "/";
      return {
        ref: name,
        attributes: { Arn: `arn:aws:iam::${place.account}:role${path}${name}` },
      };
    },
    emulated: [
      "RoleName",
      "Path",
      "Description",
      "AssumeRolePolicyDocument",
      "MaxSessionDuration",
      "ManagedPolicyArns",
      "Policies",
      "PermissionsBoundary",
    ],
    withoutEffect: ["Tags"],
  },
  "AWS::IAM::Policy": named(
    ["PolicyName", "PolicyDocument", "Roles"],
    [],
    (_logicalId, properties) => properties.text("PolicyName"),
  ),
  // CDK writes what is over 10,000 characters of a role's statements into policies of this type.
  "AWS::IAM::ManagedPolicy": {
    physical(logicalId, properties, place) {
      const name = properties.optionalText("ManagedPolicyName") ?? generated(place, logicalId, 128);
      const path = properties.optionalText("Path") ?? "/";
      const policyArn = `arn:aws:iam::${place.account}:policy${path}${name}`;
      return { ref: policyArn, attributes: { PolicyArn: policyArn } };
    },
    emulated: ["ManagedPolicyName", "Path", "PolicyDocument", "Roles"],
    withoutEffect: ["Description"],
  },

  "AWS::SSM::Parameter": named(
    ["Name", "Type", "Value"],
    [],
    (logicalId, properties, place) =>
      properties.optionalText("Name") ?? generated(place, logicalId, 1011),
  ),

  "AWS::Scheduler::ScheduleGroup": {
    physical(logicalId, properties, place) {
      const name = properties.optionalText("Name") ?? generated(place, logicalId, 64);
      return {
        ref: name,
        attributes: { Arn: arn(place, "scheduler", `schedule-group/${name}`) },
      };
    },
    emulated: ["Name"],
    withoutEffect: ["Tags"],
  },

  "AWS::Events::Rule": {
    physical(logicalId, properties, place) {
      const name = properties.optionalText("Name") ?? generated(place, logicalId, 64);
      return { ref: name, attributes: { Arn: arn(place, "events", `rule/${name}`) } };
    },
    emulated: ["Name", "ScheduleExpression", "EventPattern", "EventBusName", "State", "Targets"],
    withoutEffect: ["Description"],
  },

  "AWS::Events::EventBus": {
    physical(_logicalId, properties, place) {
      const name = properties.text("Name");
      return {
        ref: name,
        attributes: { Arn: arn(place, "events", `event-bus/${name}`), Name: name },
      };
    },
    emulated: ["Name", "Policy"],
    withoutEffect: ["Description", "Tags"],
  },

  ...EVIDENCE_TYPES,

  "AWS::ApiGatewayV2::Api": {
    physical: (logicalId, _properties, place) => ({
      ref: shortId(logicalId),
      attributes: { ApiEndpoint: place.apiUrl, ApiId: shortId(logicalId) },
    }),
    emulated: ["ProtocolType", "DisableExecuteApiEndpoint"],
    withoutEffect: ["Name", "Description", "Tags"],
  },
  "AWS::ApiGatewayV2::Stage": named(
    ["ApiId", "StageName", "AutoDeploy", "AccessLogSettings"],
    // One machine makes one person's traffic: the gateway does not throttle it.
    ["DefaultRouteSettings", "RouteSettings", "Description", "Tags"],
    (_logicalId, properties) => properties.text("StageName"),
  ),
  "AWS::ApiGatewayV2::Integration": named(
    ["ApiId", "IntegrationType", "IntegrationUri", "PayloadFormatVersion", "TimeoutInMillis"],
    // Lambda is always invoked by POST, whatever this says.
    ["IntegrationMethod", "Description"],
    shortId,
  ),
  "AWS::ApiGatewayV2::Route": named(
    ["ApiId", "RouteKey", "AuthorizationType", "Target"],
    ["OperationName"],
    shortId,
  ),

  // Declared, not run: the sandbox has no images.
  "AWS::ECR::Repository": {
    physical(logicalId, properties, place) {
      const name =
        properties.optionalText("RepositoryName") ?? generated(place, logicalId, 256).toLowerCase();
      return { ref: name, attributes: { Arn: arn(place, "ecr", `repository/${name}`) } };
    },
    emulated: ["RepositoryName"],
    withoutEffect: ["ImageTagMutability", "LifecyclePolicy", "RepositoryPolicyText"],
  },
  // Declared, not run: functions log into files of the sandbox's folder.
  "AWS::Logs::LogGroup": {
    physical(logicalId, properties, place) {
      const name = properties.optionalText("LogGroupName") ?? generated(place, logicalId, 512);
      return { ref: name, attributes: { Arn: arn(place, "logs", `log-group:${name}:*`) } };
    },
    emulated: ["LogGroupName"],
    withoutEffect: ["RetentionInDays", "Tags"],
  },
  // Declared, not run.
  "AWS::CloudWatch::Dashboard": named(["DashboardName"], ["DashboardBody"]),
  "AWS::CloudWatch::Alarm": {
    physical(logicalId, properties, place) {
      const name = properties.optionalText("AlarmName") ?? generated(place, logicalId, 255);
      return { ref: name, attributes: { Arn: arn(place, "cloudwatch", `alarm:${name}`) } };
    },
    // As DescribeAlarms shows them: the sandbox has no metrics.
    emulated: ["AlarmName", ...ALARM_TEXTS, ...ALARM_SETTINGS],
    withoutEffect: [
      "DatapointsToAlarm",
      "ExtendedStatistic",
      "InsufficientDataActions",
      "Metrics",
      "Tags",
      "Unit",
    ],
  },
  ...TEMPLATE_TYPES,
};
