/** What IAM is asked when CloudFormation makes and deletes resources: as the role that it has, or its caller. */
import { decide } from "../aws/authorize.ts";
import { ResourceFailure } from "../aws/cloudformation/engine.ts";
import type { IamState } from "../aws/iam/state.ts";
import type { Caller } from "../aws/service.ts";

/** The action that makes a resource of the type, and the one that deletes it. */
const ACTIONS: Readonly<Record<string, readonly [make: string, remove: string]>> = {
  "AWS::ApiGatewayV2::Api": ["apigateway:POST", "apigateway:DELETE"],
  "AWS::CloudWatch::Alarm": ["cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"],
  "AWS::DynamoDB::GlobalTable": ["dynamodb:CreateTable", "dynamodb:DeleteTable"],
  "AWS::ECR::Repository": ["ecr:CreateRepository", "ecr:DeleteRepository"],
  "AWS::Events::EventBus": ["events:CreateEventBus", "events:DeleteEventBus"],
  "AWS::Events::Rule": ["events:PutRule", "events:DeleteRule"],
  "AWS::IAM::ManagedPolicy": ["iam:CreatePolicy", "iam:DeletePolicy"],
  "AWS::IAM::Policy": ["iam:PutRolePolicy", "iam:DeleteRolePolicy"],
  "AWS::IAM::Role": ["iam:CreateRole", "iam:DeleteRole"],
  "AWS::KMS::Key": ["kms:CreateKey", "kms:ScheduleKeyDeletion"],
  "AWS::Lambda::Function": ["lambda:CreateFunction", "lambda:DeleteFunction"],
  "AWS::Lambda::EventSourceMapping": [
    "lambda:CreateEventSourceMapping",
    "lambda:DeleteEventSourceMapping",
  ],
  "AWS::Lambda::Permission": ["lambda:AddPermission", "lambda:RemovePermission"],
  "AWS::Logs::LogGroup": ["logs:CreateLogGroup", "logs:DeleteLogGroup"],
  "AWS::S3::Bucket": ["s3:CreateBucket", "s3:DeleteBucket"],
  "AWS::SSM::Parameter": ["ssm:PutParameter", "ssm:DeleteParameter"],
  "AWS::Scheduler::ScheduleGroup": [
    "scheduler:CreateScheduleGroup",
    "scheduler:DeleteScheduleGroup",
  ],
  "AWS::SQS::Queue": ["sqs:CreateQueue", "sqs:DeleteQueue"],
};

/** Actions that are not on one resource. */
const ON_ALL = ["kms:CreateKey", "lambda:CreateEventSourceMapping"];

/** A resource, as far as IAM is asked about it. */
export interface JudgedResource {
  readonly logicalId: string;
  readonly type: string;
  /** Empty where the action is not on one resource. */
  readonly arn: string;
}

/**
 * Of each resource one action, where AWS asks several: enough to tell who may deploy from who may not.
 * @throws ResourceFailure in AWS's words, for the first that the actor may not make or delete
 */
export async function demandResources(
  iam: IamState,
  actor: Caller,
  does: "make" | "remove",
  resources: readonly JudgedResource[],
): Promise<void> {
  for (const { logicalId, type, arn } of resources) {
    const action = ACTIONS[type]?.[does === "make" ? 0 : 1];
    if (action === undefined) continue;
    const resource = arn === "" || ON_ALL.includes(action) ? "*" : arn;
    if ((await decide(iam, actor, { action, resource }, new Date())) !== "Allowed")
      throw new ResourceFailure(
        logicalId,
        `User: ${actor.arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
      );
  }
}
