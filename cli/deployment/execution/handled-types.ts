/**
 * CloudFormation's calls, as the role that it has, to make, read, change and delete resources of a type. The schemas of
 * types name it under `handlers`; of those calls, this has what the properties of our templates need.
 * https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html#schema-properties-handlers
 */
import { GATEWAY_TYPES } from "./gateway-types.ts";
import { IAM_TYPES, passed } from "./iam-types.ts";
import { arnIn, madeUpName, type NamedResource, nameOf, referred } from "./named-resource.ts";
import type { Right } from "./right.ts";

type Rights = (resource: NamedResource) => readonly Right[];

const each = (service: string, ...verbs: readonly string[]) =>
  verbs.map((verb) => `${service}:${verb}`);

const TAGS = ["TagResource", "UntagResource"];
const EVENT_TAGS = ["ListTagsForResource", ...TAGS];

const on =
  (actions: readonly string[], ...arns: readonly ((resource: NamedResource) => string)[]): Rights =>
  (resource) => [{ actions, resources: arns.map((arnOf) => arnOf(resource)) }];

/** The same as for the resource that a property names. */
const onReferred =
  (
    actions: readonly string[],
    property: string,
    arnOf: (resource: NamedResource) => string,
  ): Rights =>
  (resource) => {
    const named = [resource.Properties?.[property]].flat();
    const resources = named.flatMap((value) => {
      const found = referred(resource, value);
      return found ? [arnOf(found)] : [];
    });
    return resources.length === 0 ? [] : [{ actions, resources }];
  };

const inRegion =
  (service: string, before: string, property: string, after = "") =>
  (resource: NamedResource) =>
    arnIn(resource, service, `${before}${nameOf(resource, property)}${after}`);

const table = inRegion("dynamodb", "table/", "TableName");
const dashboard = (resource: NamedResource, name: string) =>
  arnIn(resource, "cloudwatch", `dashboard/${name}`, { region: "" });
const queue = inRegion("sqs", "", "QueueName");
const lambda = inRegion("lambda", "function:", "FunctionName");
const bus = inRegion("events", "event-bus/", "Name");
const bucket = (resource: NamedResource) =>
  arnIn(resource, "s3", nameOf(resource, "BucketName").toLowerCase(), { region: "", account: "" });

const QUEUE = each(
  "sqs",
  ...["CreateQueue", "DeleteQueue", "GetQueueAttributes", "GetQueueUrl", "ListQueueTags"],
  ...["SetQueueAttributes", "TagQueue", "UntagQueue"],
);
const BUCKET = each(
  "s3",
  ...[
    "CreateBucket",
    "DeleteBucketPolicy",
    "GetBucket*",
    "Get*Configuration",
    "PutBucketObjectLockConfiguration",
  ],
  ...["PutBucketOwnershipControls", "PutBucketPolicy", "PutBucketPublicAccessBlock"],
  ...["PutBucketTagging", "PutBucketVersioning", "PutEncryptionConfiguration"],
);
const BUS = each(
  "events",
  ...["CreateEventBus", "DeleteEventBus", "DescribeEventBus", "PutPermission", "RemovePermission"],
  ...["UpdateEventBus", ...EVENT_TAGS],
);
const FUNCTION = each(
  "lambda",
  ...["AddPermission", "CreateFunction", "DeleteFunction", "DeleteFunctionConcurrency"],
  ...["DeleteFunctionEventInvokeConfig", "Get*", "ListTags", "PutFunctionConcurrency"],
  ...["PutFunctionEventInvokeConfig", "PutFunctionRecursionConfig", "PutRuntimeManagementConfig"],
  ...["RemovePermission", ...TAGS, "UpdateFunctionCode", "UpdateFunctionConfiguration"],
  "UpdateFunctionEventInvokeConfig",
);

const functionRights: Rights = (resource) => {
  const { values, Properties: { Code, Role } = {} } = resource;
  const { S3Bucket: code } = (Code ?? {}) as { readonly S3Bucket?: unknown };
  const assets = values.text(code);
  return [
    { actions: FUNCTION, resources: [lambda(resource)] },
    ...passed(resource, Role, "lambda.amazonaws.com"),
    {
      actions: each("s3", "GetObject", "GetObjectVersion"),
      resources: [arnIn(resource, "s3", `${assets}/*`, { region: "", account: "" })],
    },
  ];
};

/** A mapping has an id that nobody knows before, and belongs to a function. */
const mappingRights: Rights = (resource) => [
  {
    actions: each(
      "lambda",
      ...["CreateEventSourceMapping", "DeleteEventSourceMapping", "GetEventSourceMapping"],
      "UpdateEventSourceMapping",
    ),
    resources: ["*"],
    condition: {
      ArnLike: {
        "lambda:FunctionArn": arnIn(resource, "lambda", `function:${madeUpName(resource)}`),
      },
    },
  },
];

const ruleRights: Rights = (resource) => {
  const targets = [resource.Properties?.["Targets"] ?? []].flat() as readonly {
    readonly RoleArn?: unknown;
  }[];
  const name = nameOf(resource, "Name");
  return [
    {
      actions: each(
        "events",
        ...["DeleteRule", "DescribeRule", "DisableRule", "EnableRule", "ListTargetsByRule"],
        ...["PutRule", "PutTargets", "RemoveTargets", ...EVENT_TAGS],
      ),
      // A rule of another bus than the default has the bus in its ARN.
      resources: [
        arnIn(resource, "events", `rule/${name}`),
        arnIn(resource, "events", `rule/*/${name}`),
      ],
    },
    ...targets.flatMap(({ RoleArn: role }) =>
      role === undefined ? [] : passed(resource, role, "events.amazonaws.com"),
    ),
  ];
};

/**
 * A resource that is always retained is never deleted. A deployment that fails deletes any other
 * resource that it made.
 */
const deleting = ({ DeletionPolicy }: NamedResource, ...actions: readonly string[]) =>
  DeletionPolicy === "Retain" ? [] : actions;

const bucketRights: Rights = (resource) => [
  {
    actions: [...BUCKET, ...deleting(resource, "s3:DeleteBucket")],
    resources: [bucket(resource)],
  },
];

/** A key has an id that nobody knows before. CloudFormation tags what it makes with the stack's name. */
const keyRights: Rights = (resource) => [
  { actions: each("kms", "CreateKey", "TagResource"), resources: ["*"] },
  {
    actions: [
      ...deleting(resource, "kms:ScheduleKeyDeletion"),
      ...each(
        "kms",
        ...["DescribeKey", "EnableKey", "DisableKey", "GetKeyPolicy", "GetKeyRotationStatus"],
        ...["ListResourceTags", "PutKeyPolicy", "UntagResource", "UpdateKeyDescription"],
      ),
    ],
    resources: [arnIn(resource, "kms", "key/*")],
    condition: {
      StringEquals: { "aws:ResourceTag/aws:cloudformation:stack-name": resource.stack.name },
    },
  },
];

const logRights: Rights = (resource) => {
  const group = arnIn(resource, "logs", `log-group:${nameOf(resource, "LogGroupName")}`);
  return [
    {
      actions: each(
        "logs",
        ...["CreateLogGroup", "DeleteLogGroup", "DeleteRetentionPolicy", "PutRetentionPolicy"],
        ...EVENT_TAGS,
      ),
      resources: [group, `${group}:*`],
    },
    { actions: ["logs:DescribeLogGroups"], resources: ["*"] },
  ];
};

/** By type. A type that is not here is one that our stacks do not have. */
export const HANDLED: Readonly<Record<string, Rights>> = {
  ...IAM_TYPES,
  ...GATEWAY_TYPES,
  "AWS::CDK::Metadata": () => [],
  "AWS::CloudWatch::Alarm": on(
    each(
      "cloudwatch",
      ...["DeleteAlarms", "DescribeAlarms", "DisableAlarmActions", "EnableAlarmActions"],
      ...["PutMetricAlarm", ...EVENT_TAGS],
    ),
    inRegion("cloudwatch", "alarm:", "AlarmName"),
  ),
  // Nobody says whether its name begins with that of the stack or with its own logical id.
  "AWS::CloudWatch::Dashboard": on(
    each("cloudwatch", "DeleteDashboards", "GetDashboard", "PutDashboard"),
    (resource) => dashboard(resource, nameOf(resource, "DashboardName")),
    (resource) => dashboard(resource, `${resource.logicalId}*`),
  ),
  "AWS::DynamoDB::GlobalTable": on(
    each(
      "dynamodb",
      ...["CreateTable", "CreateTableReplica", "DeleteTable", "Describe*", "GetResourcePolicy"],
      ...["ListTagsOfResource", ...TAGS, "UpdateContinuousBackups", "UpdateContributorInsights"],
      ...["UpdateTable", "UpdateTimeToLive"],
    ),
    table,
  ),
  "AWS::Events::EventBus": on(BUS, bus),
  "AWS::Events::EventBusPolicy": onReferred(BUS, "EventBusName", bus),
  "AWS::Events::Rule": ruleRights,
  "AWS::KMS::Key": keyRights,
  "AWS::Lambda::EventInvokeConfig": onReferred(FUNCTION, "FunctionName", lambda),
  "AWS::Lambda::EventSourceMapping": mappingRights,
  "AWS::Lambda::Function": functionRights,
  "AWS::Lambda::Permission": onReferred(FUNCTION, "FunctionName", lambda),
  "AWS::Logs::LogGroup": logRights,
  "AWS::S3::Bucket": bucketRights,
  "AWS::S3::BucketPolicy": (resource) => {
    const named = referred(resource, resource.Properties?.["Bucket"]);
    return named ? bucketRights(named) : [];
  },
  "AWS::SQS::Queue": on(QUEUE, queue),
  "AWS::SQS::QueuePolicy": onReferred(QUEUE, "Queues", queue),
  "AWS::Scheduler::ScheduleGroup": on(
    each(
      "scheduler",
      ...["CreateScheduleGroup", "DeleteSchedule", "DeleteScheduleGroup", "GetScheduleGroup"],
      ...EVENT_TAGS,
    ),
    inRegion("scheduler", "schedule-group/", "Name"),
    inRegion("scheduler", "schedule/", "Name", "/*"),
  ),
};
