/** The HTTP API of a template. */
import { unknownVariables } from "../api-gateway/access-log.ts";
import { functionArn } from "./function-arn.ts";
import { refuse } from "./refuse-resource.ts";
import type { ResolvedResource, ResolvedTemplate } from "./resolve.ts";
import type {
  AccessLogResource,
  FunctionResource,
  HttpApiResource,
  RouteResource,
} from "./stack.ts";

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

function accessLog(stage: ResolvedResource): AccessLogResource | undefined {
  if (stage.properties.raw("AccessLogSettings") === undefined) return undefined;
  const settings = stage.properties.members("AccessLogSettings");
  const [destination, format] = [settings.text("DestinationArn"), settings.text("Format")];
  const [, group] = /:log-group:([^:]+)/.exec(destination) ?? [];
  const [unknown] = unknownVariables(format);
  if (unknown !== undefined) refuse(stage, `$context.${unknown} in the format of an access log`);
  return {
    group: group ?? refuse(stage, `the destination ${destination} of an access log`),
    format,
  };
}

/** Throws, naming the resource, for whatever cannot be started. */
export function httpApiOf(
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
  const log = accessLog(stage);
  return {
    id: api.ref,
    stage: stage.ref,
    ...(log ? { accessLog: log } : {}),
    routes: template
      .ofType("AWS::ApiGatewayV2::Route")
      .map((one) => route(one, integrations, functions)),
  };
}
