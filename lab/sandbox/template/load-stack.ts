/** Reads a template into a {@link Stack}. */
import { alarmsOf } from "./alarms.ts";
import type { Assembly } from "./assembly.ts";
import { bucketsOf } from "./buckets.ts";
import { eventRule, hasPattern, rateMinutes } from "./event-rules.ts";
import { functionArn } from "./function-arn.ts";
import { httpApiOf } from "./http-api.ts";
import { isObject, membersOf } from "./json.ts";
import { keysOf } from "./kms-keys.ts";
import { parametersOf } from "./parameters.ts";
import { queuesOf } from "./queues.ts";
import { attribute, refuse } from "./refuse-resource.ts";
import { type ResolvedResource, resolveTemplate } from "./resolve.ts";
import type { Place } from "./resource-type.ts";
import { managedPoliciesOf, type PolicyDocuments, rolesOf } from "./roles.ts";
import type {
  EventSourceResource,
  FunctionPermission,
  FunctionResource,
  QueueResource,
  RuleResource,
  Stack,
} from "./stack.ts";
import { membersOfStack } from "./stack-members.ts";

/** Lambda's runtimes that the sandbox's own Node.js can stand for. */
const RUNTIMES = ["nodejs22.x", "nodejs24.x"];

function lambdaFunction(
  resource: ResolvedResource,
  assembly: Assembly,
  invokeConfigs: readonly ResolvedResource[],
): FunctionResource {
  const { properties, ref: name } = resource;
  const runtime = properties.text("Runtime");
  if (!RUNTIMES.includes(runtime)) refuse(resource, `the runtime ${runtime}`);
  const logging = properties.members("LoggingConfig");
  const variables = properties.members("Environment").members("Variables");
  const invokeConfig = invokeConfigs.find((one) => one.properties.text("FunctionName") === name);
  const reserved = properties.raw("ReservedConcurrentExecutions");
  return {
    name,
    arn: attribute(resource, "Arn"),
    codeDir: codeDir(resource, assembly),
    handler: properties.text("Handler"),
    runtime,
    // Defaults: Lambda API Reference, CreateFunction.
    timeoutSeconds: properties.number("Timeout", 3),
    memoryMb: properties.number("MemorySize", 128),
    environment: Object.fromEntries(variables.names().map((key) => [key, variables.text(key)])),
    roleArn: properties.text("Role"),
    logFormat: logging.optionalText("LogFormat") === "JSON" ? "JSON" : "Text",
    logGroup: logging.optionalText("LogGroup") ?? `/aws/lambda/${name}`,
    ...(reserved === undefined
      ? {}
      : { reservedConcurrency: properties.number("ReservedConcurrentExecutions", 0) }),
    asyncRetries: invokeConfig?.properties.number("MaximumRetryAttempts", 2) ?? 2,
  };
}

function codeDir({ logicalId, properties }: ResolvedResource, { assetDir }: Assembly): string {
  const code = properties.members("Code");
  const [key, bucket] = [code.text("S3Key"), code.text("S3Bucket")];
  try {
    return assetDir(key, bucket);
  } catch (error) {
    throw new Error(`${logicalId}: ${(error as Error).message}`);
  }
}

function eventSource(
  resource: ResolvedResource,
  functions: readonly FunctionResource[],
  queues: readonly QueueResource[],
): EventSourceResource {
  const { properties, logicalId, ref: uuid } = resource;
  const queueArn = properties.text("EventSourceArn");
  if (!queues.some((one) => one.arn === queueArn)) refuse(resource, `the event source ${queueArn}`);
  const scaling = properties.members("ScalingConfig");
  const maximum = scaling.number("MaximumConcurrency", 0);
  const responses = properties.texts("FunctionResponseTypes");
  return {
    id: logicalId,
    uuid,
    queueArn,
    functionArn: functionArn(properties.text("FunctionName"), functions, logicalId),
    batchSize: properties.number("BatchSize", 10),
    ...(maximum > 0 ? { maximumConcurrency: maximum } : {}),
    reportsBatchItemFailures: responses.includes("ReportBatchItemFailures"),
  };
}

function rule(resource: ResolvedResource, functions: readonly FunctionResource[]): RuleResource {
  const { properties, logicalId } = resource;
  const targets = properties.list("Targets").map((target, index) => {
    const owner = `${logicalId} (${resource.type}): target ${index + 1}`;
    const members = membersOf(owner, isObject(target) ? target : {});
    const unknown = members.names().find((name) => !["Arn", "Id", "Input"].includes(name));
    if (unknown) refuse(resource, `a target's ${unknown}`);
    const input = members.optionalText("Input");
    return {
      functionArn: functionArn(members.text("Arn"), functions, owner),
      ...(input === undefined ? {} : { input }),
    };
  });
  return {
    name: resource.ref,
    arn: attribute(resource, "Arn"),
    everyMinutes: rateMinutes(properties.text("ScheduleExpression")),
    targets,
  };
}

function permission(
  resource: ResolvedResource,
  functions: readonly FunctionResource[],
): FunctionPermission {
  const { properties, logicalId } = resource;
  const action = properties.text("Action");
  if (action !== "lambda:InvokeFunction") refuse(resource, `the action ${action}`);
  const sourceArn = properties.optionalText("SourceArn");
  return {
    functionArn: functionArn(properties.text("FunctionName"), functions, logicalId),
    principal: properties.text("Principal"),
    ...(sourceArn === undefined ? {} : { sourceArn }),
  };
}

const isOn = (resource: ResolvedResource) =>
  resource.properties.flag("Enabled", true) &&
  resource.properties.optionalText("State") !== "DISABLED";

/**
 * Reads the assembly's stack. Throws, naming the resource, for whatever cannot be started.
 *
 * @param elsewhere managed policies that other stacks made
 */
export function loadStack(
  assembly: Assembly,
  place: Place,
  elsewhere: PolicyDocuments = {},
): Stack {
  const template = resolveTemplate(assembly.template, place, assembly.parameters);
  const { ofType } = template;
  const queues = queuesOf(template);
  const invokeConfigs = ofType("AWS::Lambda::EventInvokeConfig");
  const functions = ofType("AWS::Lambda::Function").map((one) =>
    lambdaFunction(one, assembly, invokeConfigs),
  );
  const api = httpApiOf(template, functions);
  const rules = ofType("AWS::Events::Rule").filter(isOn);
  return {
    name: assembly.stackName,
    members: membersOfStack(assembly, template, place),
    tables: ofType("AWS::DynamoDB::GlobalTable").map(({ ref: name, properties }) => ({
      name,
      properties: properties.all,
    })),
    queues,
    functions,
    eventSources: ofType("AWS::Lambda::EventSourceMapping")
      .filter(isOn)
      .map((one) => eventSource(one, functions, queues)),
    rules: rules.filter((one) => !hasPattern(one)).map((one) => rule(one, functions)),
    eventRules: rules.filter(hasPattern).map((one) => eventRule(one, template)),
    eventBuses: ofType("AWS::Events::EventBus").map((one) => ({
      name: one.ref,
      arn: attribute(one, "Arn"),
      ...(one.properties.raw("Policy") ? { policy: one.properties.object("Policy") } : {}),
    })),
    buckets: bucketsOf(template),
    kms: keysOf(template, place.account),
    parameters: parametersOf(template),
    alarms: alarmsOf(template),
    scheduleGroups: ofType("AWS::Scheduler::ScheduleGroup").map((one) => one.ref),
    roles: rolesOf(template, elsewhere),
    managedPolicies: managedPoliciesOf(template),
    permissions: ofType("AWS::Lambda::Permission").map((one) => permission(one, functions)),
    ...(api ? { httpApi: api } : {}),
    outputs: template.outputs,
  };
}
