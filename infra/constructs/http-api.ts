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

/** For all callers together; a person's own rate is the function's business. */
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
 * The HTTP API: every route asks IAM who calls, `$default` among them, so that nothing unsigned
 * reaches a function, and an unknown path is answered in the API's own form.
 */
export class BrokerHttpApi extends Construct {
  /** Without a trailing slash, and without `/v1`. */
  readonly url: string;

  constructor(scope: Construct, id: string, api: IFunction) {
    super(scope, id);
    const integration = new HttpLambdaIntegration("Integration", api, {
      // One permission for the API in place of one a route.
      scopePermissionToRoute: false,
    });
    const httpApi = new HttpApi(this, "Api", {
      apiName: "timelatch",
      defaultAuthorizer: new HttpIamAuthorizer(),
      // Invoked as `<api>/<stage>/$default`, a part shorter than what the permission above covers.
      // https://github.com/aws/serverless-application-model/issues/1860
      defaultIntegration: new HttpLambdaIntegration("DefaultIntegration", api),
      createDefaultStage: false,
    });
    for (const { method, path } of ROUTES)
      httpApi.addRoutes({ path, methods: [HttpMethod[method]], integration });
    new HttpStage(this, "Stage", {
      httpApi,
      stageName: "$default",
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          new LogGroup(this, "AccessLog", { retention: RetentionDays.ONE_YEAR }),
        ),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    this.url = httpApi.apiEndpoint;
  }
}
