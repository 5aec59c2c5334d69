import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpIamAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { ROUTES } from "../../shared/http/contract/routes.ts";

/** For all callers together, in requests per second. The function limits each person. */
const THROTTLE = { rateLimit: 50, burstLimit: 100 };

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
const ACCESS_LOG = {
  requestId: "$context.requestId",
  time: "$context.requestTime",
  sourceIp: "$context.identity.sourceIp",
  userArn: "$context.identity.userArn",
  route: "$context.routeKey",
  path: "$context.path",
  status: "$context.status",
  responseLength: "$context.responseLength",
  latencyMs: "$context.responseLatency",
  error: "$context.error.message",
};

/**
 * The HTTP API. IAM authorises every route, also `$default`: no unsigned call reaches a function, and
 * an unknown path gets an answer in the API's own form.
 */
export class BrokerHttpApi extends Construct {
  /** Without a trailing slash, and without `/v1`. */
  readonly url: string;

  constructor(scope: Construct, id: string, api: IFunction) {
    super(scope, id);
    const integration = new HttpLambdaIntegration("Integration", api, {
      // One permission for the API, not one for each route.
      scopePermissionToRoute: false,
    });
    const httpApi = new HttpApi(this, "Api", {
      apiName: "timelatch",
      defaultAuthorizer: new HttpIamAuthorizer(),
      // `$default` is invoked as `<api>/<stage>/$default`, which the permission above does not cover.
      // https://github.com/aws/serverless-application-model/issues/1860
      defaultIntegration: new HttpLambdaIntegration("DefaultIntegration", api),
      createDefaultStage: false,
    });
    for (const { method, path } of ROUTES)
      httpApi.addRoutes({ path, methods: [HttpMethod[method]], integration });
    this.#stage(httpApi);
    this.url = httpApi.apiEndpoint;
  }

  #stage(httpApi: HttpApi) {
    const accessLog = new LogGroup(this, "AccessLog", { retention: RetentionDays.ONE_YEAR });
    new HttpStage(this, "Stage", {
      httpApi,
      stageName: "$default",
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
  }
}
