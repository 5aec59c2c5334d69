/** Reads a template into a {@link Stack}. */
import { alarmsOf } from "./alarms.ts";
import type { Assembly } from "./assembly.ts";
import { bucketsOf } from "./buckets.ts";
import { eventRule, hasPattern, rateMinutes } from "./event-rules.ts";
import { isObject, membersOf } from "./json.ts";
import { keysOf } from "./kms-keys.ts";
import { parametersOf } from "./parameters.ts";
import { queuesOf } from "./queues.ts";
import { attribute, refuse } from "./refuse-resource.ts";
import { type ResolvedResource, type ResolvedTemplate, resolveTemplate } from "./resolve.ts";
import type { Place } from "./resource-type.ts";
import { managedPoliciesOf, type PolicyDocuments, rolesOf } from "./roles.ts";
import type {
  EventSourceResource,
  FunctionPermission,
  FunctionResource,
  HttpApiResource,
  QueueResource,
  RouteResource,
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

/** CloudFormation takes a function's name or its ARN. */
const functionArn = (nameOrArn: string, functions: readonly FunctionResource[], owner: string) => {
  const found = functions.find((one) => one.name === nameOrArn || one.arn === nameOrArn);
  if (!found) throw new Error(`${owner}: the template has no function ${nameOrArn}.`);
  return found.arn;
};

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

const AUTHORIZATIONS = ["AWS_IAM", "NONE"] as const;

function route(
  resource: ResolvedResource,
  integrations: readonly ResolvedResource[],
  functions: readonly FunctionResource[],
): RouteResource {
  const { properties } = resource;
  const declared = properties.optionalText("AuthorizationType") ?? "NONE";
  const authorization = AUTHORIZATIONS.find((one) => one === declared);
  const target = properties.text("Target");
  const integration = integrations.find((one) => target === `integrations/${one.ref}`);
  if (!integration) throw new Error(`${resource.logicalId}: the template has no ${target}.`);
  const kind = integration.properties.text("IntegrationType");
  const format = integration.properties.text("PayloadFormatVersion");
  if (kind !== "AWS_PROXY") refuse(integration, `the integration type ${kind}`);
  if (format !== "2.0") refuse(integration, `the payload format ${format}`);
  return {
    routeKey: properties.text("RouteKey"),
    authorization: authorization ?? refuse(resource, `the authorization type ${declared}`),
    functionArn: functionArn(
      integration.properties.text("IntegrationUri"),
      functions,
      integration.logicalId,
    ),
    timeoutMs: integration.properties.number("TimeoutInMillis", 30_000),
  };
}

function httpApi(
  template: ResolvedTemplate,
  functions: readonly FunctionResource[],
): HttpApiResource | undefined {
  const [api, another] = template.ofType("AWS::ApiGatewayV2::Api");
  if (!api) return undefined;
  if (another) refuse(another, "a second API");
  const protocol = api.properties.text("ProtocolType");
  if (protocol !== "HTTP") refuse(api, `the protocol ${protocol}`);
  const [stage, second] = template.ofType("AWS::ApiGatewayV2::Stage");
  if (stage?.ref !== "$default") throw new Error(`${api.logicalId} has no stage $default.`);
  if (second) refuse(second, "a second stage");
  const integrations = template.ofType("AWS::ApiGatewayV2::Integration");
  return {
    id: api.ref,
    stage: stage.ref,
    routes: template
      .ofType("AWS::ApiGatewayV2::Route")
      .map((one) => route(one, integrations, functions)),
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
  const api = httpApi(template, functions);
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
