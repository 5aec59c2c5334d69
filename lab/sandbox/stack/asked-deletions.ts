/** The question to IAM when CloudFormation deletes a resource, whose physical id it knows: one call each. */
import { accountOf } from "../aws/accounts.ts";
import type { IamState } from "../aws/iam/state.ts";
import type { PermissionCheck } from "../aws/service.ts";

export interface DeletedResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
}

/** The account and region of the stack. */
export interface DeletionPlace {
  readonly account: string;
  readonly region: string;
}

type ArnOf = (id: string, place: DeletionPlace) => string;

const inRegion =
  (service: string, rest: (id: string) => string): ArnOf =>
  (id, { account, region }) =>
    `arn:aws:${service}:${region}:${account}:${rest(id)}`;

/** The action, and the ARN that a physical id stands for. Policies of other resources are not asked about. */
const DELETIONS: Readonly<Record<string, readonly [action: string, arn: ArnOf]>> = {
  "AWS::ApiGatewayV2::Api": [
    "apigateway:DELETE",
    (id, { region }) => `arn:aws:apigateway:${region}::/apis/${id}`,
  ],
  "AWS::CloudWatch::Alarm": [
    "cloudwatch:DeleteAlarms",
    inRegion("cloudwatch", (id) => `alarm:${id}`),
  ],
  "AWS::DynamoDB::GlobalTable": [
    "dynamodb:DeleteTable",
    inRegion("dynamodb", (id) => `table/${id}`),
  ],
  "AWS::ECR::Repository": ["ecr:DeleteRepository", inRegion("ecr", (id) => `repository/${id}`)],
  "AWS::Events::EventBus": ["events:DeleteEventBus", inRegion("events", (id) => `event-bus/${id}`)],
  "AWS::Events::Rule": ["events:DeleteRule", inRegion("events", (id) => `rule/${id}`)],
  "AWS::IAM::ManagedPolicy": ["iam:DeletePolicy", (id) => id],
  "AWS::KMS::Key": ["kms:ScheduleKeyDeletion", inRegion("kms", (id) => `key/${id}`)],
  "AWS::Lambda::Function": ["lambda:DeleteFunction", inRegion("lambda", (id) => `function:${id}`)],
  "AWS::Logs::LogGroup": ["logs:DeleteLogGroup", inRegion("logs", (id) => `log-group:${id}`)],
  "AWS::S3::Bucket": ["s3:DeleteBucket", (id) => `arn:aws:s3:::${id}`],
  "AWS::SSM::Parameter": [
    "ssm:DeleteParameter",
    inRegion("ssm", (id) => `parameter/${id.replace(/^\//, "")}`),
  ],
  "AWS::Scheduler::ScheduleGroup": [
    "scheduler:DeleteScheduleGroup",
    inRegion("scheduler", (id) => `schedule-group/${id}`),
  ],
  // Its physical id is its URL.
  "AWS::SQS::Queue": [
    "sqs:DeleteQueue",
    inRegion("sqs", (id) => id.slice(id.lastIndexOf("/") + 1)),
  ],
};

/** Undefined for a type that nobody is asked about. */
export function deletionOf(
  { roles }: IamState,
  { type, physicalId: id }: DeletedResource,
  place: DeletionPlace,
): PermissionCheck | undefined {
  if (type === "AWS::IAM::Role") {
    const role = Object.values(roles).find(
      ({ arn, roleName }) => roleName === id && accountOf(arn) === place.account,
    );
    return role && { action: "iam:DeleteRole", resource: role.arn };
  }
  const [action, arnOf] = DELETIONS[type] ?? [];
  return action && arnOf ? { action, resource: arnOf(id, place) } : undefined;
}
