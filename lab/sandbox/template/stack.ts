/** The template's resources, as typed data: everything that the sandbox starts. */
import type { DeclaredAlarm } from "../aws/cloudwatch/declared-alarm.ts";
import type { PermissionCheck } from "../aws/service.ts";
import type { JsonObject } from "./json.ts";
import type { ResolvedOutput } from "./resolve.ts";

interface TableResource {
  readonly name: string;
  /** AWS::DynamoDB::GlobalTable's properties, intrinsics resolved. */
  readonly properties: JsonObject;
}

export interface QueueResource {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  /** AWS::SQS::Queue's properties but its name: SQS's attributes, which it checks itself. */
  readonly attributes: JsonObject;
  /** The documents of its AWS::SQS::QueuePolicy. */
  readonly policies: readonly JsonObject[];
}

export interface FunctionResource {
  readonly name: string;
  readonly arn: string;
  /** The folder with the bundle that CDK would upload. */
  readonly codeDir: string;
  readonly handler: string;
  /** `nodejs24.x` */
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string;
  readonly logFormat: "JSON" | "Text";
  readonly logGroup: string;
  readonly reservedConcurrency?: number;
  /** How often a failed asynchronous invocation is tried again: Lambda's default is 2. */
  readonly asyncRetries: number;
}

export interface EventSourceResource {
  readonly id: string;
  /** Its name in CloudFormation and in Lambda's API. */
  readonly uuid: string;
  readonly queueArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
  /** Absent: only the function bounds it. */
  readonly maximumConcurrency?: number;
  readonly reportsBatchItemFailures: boolean;
}

export interface RuleResource {
  readonly name: string;
  readonly arn: string;
  readonly everyMinutes: number;
  readonly targets: readonly { readonly functionArn: string; readonly input?: string }[];
}

/** A rule with an event pattern. */
export interface EventRuleResource {
  readonly name: string;
  readonly arn: string;
  /** `default`, or one of the template's. */
  readonly busName: string;
  readonly pattern: JsonObject;
  readonly targets: readonly EventTargetResource[];
}

export interface EventTargetResource {
  /** A queue's, a function's or another event bus's. */
  readonly arn: string;
  /** The role with which EventBridge sends to another bus. */
  readonly roleArn?: string;
  readonly deadLetterArn?: string;
  readonly messageGroupId?: string;
}

/** A key ECC_NIST_P256 that signs and verifies. */
export interface KeyResource {
  readonly id: string;
  readonly arn: string;
  readonly description: string;
  readonly isEnabled: boolean;
  readonly spec: "ECC_NIST_P256" | "ECC_NIST_EDWARDS25519";
  /** The key policy. */
  readonly policy: JsonObject;
}

export interface StackKeys {
  readonly keys: readonly KeyResource[];
  /** By the alias's name, the id or ARN of its key. */
  readonly aliases: readonly { readonly name: string; readonly keyId: string }[];
}

/** An S3 bucket. */
export interface BucketResource {
  readonly name: string;
  readonly isVersioned: boolean;
  /** Whether objects can be locked. */
  readonly isLockable: boolean;
  readonly defaultRetention?: {
    readonly mode: "GOVERNANCE" | "COMPLIANCE";
    readonly days: number;
  };
  readonly policies: readonly JsonObject[];
}

/** A parameter of Parameter Store. */
export interface ParameterResource {
  readonly name: string;
  readonly value: string;
}

/** A statement of a function's resource policy: this service may invoke it for this resource. */
export interface FunctionPermission {
  readonly functionArn: string;
  /** `apigateway.amazonaws.com` */
  readonly principal: string;
  /** Matched as ArnLike; absent: whatever resource of that service. */
  readonly sourceArn?: string;
}

interface EventBusResource {
  readonly name: string;
  readonly arn: string;
  /** The policy for senders in other accounts. */
  readonly policy?: JsonObject;
}

export interface RoleResource {
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  readonly description?: string;
  readonly maxSessionSeconds: number;
  readonly trustPolicy: JsonObject;
  /** Inline policies by name, managed policies by ARN. */
  readonly policies: Readonly<Record<string, JsonObject>>;
  /** The managed policy that bounds them, with its ARN. */
  readonly boundary?: { readonly arn: string; readonly document: JsonObject };
}

export interface RouteResource {
  /** `POST /v1/requests`, `ANY /{proxy+}` or `$default`. */
  readonly routeKey: string;
  readonly authorization: "AWS_IAM" | "NONE";
  readonly functionArn: string;
  readonly timeoutMs: number;
}

export interface HttpApiResource {
  readonly id: string;
  readonly stage: string;
  readonly routes: readonly RouteResource[];
  readonly accessLog?: AccessLogResource;
}

/** The access log of a stage. */
export interface AccessLogResource {
  /** The name of its log group. */
  readonly group: string;
  /** A line, with variables of `$context`. */
  readonly format: string;
}

/** Any resource of the template, as CloudFormation lists it. */
export interface StackMember {
  readonly logicalId: string;
  readonly type: string;
  /** The value of Ref. */
  readonly id: string;
  /** Empty for a resource without an ARN. */
  readonly arn: string;
  /** Whether it stays when the stack ends. */
  readonly isRetained: boolean;
  /** Whether it stays as well when the stack was never made. */
  readonly isRetainedWhenNew: boolean;
  /** Questions to IAM when it is made. */
  readonly asks: readonly AskedCheck[];
}

/** A question to IAM, in which the resource's own policy may take part. */
export interface AskedCheck extends PermissionCheck {
  readonly resourcePolicy?: JsonObject;
}

export interface Stack {
  readonly name: string;
  readonly members: readonly StackMember[];
  /** By ARN. */
  readonly managedPolicies: Readonly<Record<string, JsonObject>>;
  readonly tables: readonly TableResource[];
  readonly queues: readonly QueueResource[];
  readonly functions: readonly FunctionResource[];
  readonly eventSources: readonly EventSourceResource[];
  /** Rules with a schedule. */
  readonly rules: readonly RuleResource[];
  readonly eventRules: readonly EventRuleResource[];
  readonly eventBuses: readonly EventBusResource[];
  readonly kms: StackKeys;
  readonly buckets: readonly BucketResource[];
  readonly parameters: readonly ParameterResource[];
  readonly alarms: readonly DeclaredAlarm[];
  readonly scheduleGroups: readonly string[];
  readonly roles: readonly RoleResource[];
  readonly permissions: readonly FunctionPermission[];
  readonly httpApi?: HttpApiResource;
  readonly outputs: Readonly<Record<string, ResolvedOutput>>;
}
