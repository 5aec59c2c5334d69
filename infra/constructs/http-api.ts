import { Aws, type Duration, Fn, RemovalPolicy } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  type CfnStage,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpIamAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { ManagedPolicy } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { ROUTES } from "../../shared/http/contract/routes.ts";
import { SLACK_ROUTES, slackPath } from "../../shared/slack/slack-routes.ts";
import { callPolicyName, policyPath } from "../permissions/people-statements.ts";
import { allow } from "../permissions/statements.ts";
import { acknowledge } from "../synth/acknowledge.ts";
import { deploymentAt } from "../synth/deployment-context.ts";

/** For all callers together, in requests per second. The function limits each person. */
const THROTTLE = { rateLimit: 50, burstLimit: 100 };

/**
 * The throttle of each route of Slack's. Anybody can call them, so that they get far less than what
 * would take Lambda's concurrency from converge.
 */
const SLACK_THROTTLE = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 };

/**
 * API Gateway names each log group of another prefix in one policy of the account, which has 5,120
 * characters and may be full. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 */
const VENDED_LOGS = "/aws/vendedlogs";

/** The log outlives its stack, so the next stack of the same name needs another. */
const STACK_UUID = Fn.select(2, Fn.split("/", Aws.STACK_ID));

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
 * The HTTP API. IAM authorises every route of `api`, also `$default`. No unsigned call reaches it,
 * and an unknown path gets an answer in the API's own form. Slack's calls are signed by Slack
 * instead, and `slack` verifies that before anything else.
 */
export class BrokerHttpApi extends Construct {
  /** Without a trailing slash, and without `/v1`. */
  readonly url: string;
  readonly #httpApi: HttpApi;
  readonly #stage: HttpStage;

  constructor(scope: Construct, id: string, api: IFunction) {
    super(scope, id);
    const integration = new HttpLambdaIntegration("Integration", api, {
      // One permission for the API, not one for each route.
      scopePermissionToRoute: false,
    });
    const httpApi = new HttpApi(this, "Api", {
      apiName: deploymentAt(this),
      defaultAuthorizer: new HttpIamAuthorizer(),
      // `$default` is invoked as `<api>/<stage>/$default`, which the permission above does not cover.
      // https://github.com/aws/serverless-application-model/issues/1860
      defaultIntegration: new HttpLambdaIntegration("DefaultIntegration", api),
      createDefaultStage: false,
    });
    for (const { method, path } of ROUTES)
      httpApi.addRoutes({ path, methods: [HttpMethod[method]], integration });
    this.#httpApi = httpApi;
    this.#stage = this.#defaultStage(httpApi);
    this.url = httpApi.apiEndpoint;
    this.#callPolicy();
  }

  /** How often a call was answered with a server error, in each period. */
  serverErrors(period: Duration): IMetric {
    return this.#httpApi.metricServerError({ period, statistic: "Sum" });
  }

  /** For personal roles, which other stacks make. Its name is fixed, so that they find it. */
  #callPolicy() {
    const deployment = deploymentAt(this);
    const policy = new ManagedPolicy(this, "CallPolicy", {
      path: policyPath(deployment),
      managedPolicyName: callPolicyName(deployment),
      description: "Lets people call the API of Timelatch",
      statements: [
        allow(
          "CallTheApi",
          ["execute-api:Invoke"],
          [
            `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${this.#httpApi.apiId}/$default/*`,
          ],
        ),
      ],
    });
    acknowledge(policy, {
      "IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<HttpApi4E1D4184>/$default/*]":
        "The API itself says who may do what, by the person behind the caller.",
    });
  }

  /** Adds the routes that Slack calls, each with a throttle of its own. */
  addSlackRoutes(slack: IFunction): void {
    const integration = new HttpLambdaIntegration("SlackIntegration", slack, {
      scopePermissionToRoute: false,
    });
    const routes = SLACK_ROUTES.flatMap((route) =>
      this.#httpApi.addRoutes({
        path: slackPath(route),
        methods: [HttpMethod.POST],
        integration,
        authorizer: new HttpNoneAuthorizer(),
      }),
    );
    for (const route of routes) acknowledge(route, { APIG4: SIGNED_BY_SLACK });
    const stage = this.#stage.node.defaultChild as CfnStage;
    stage.routeSettings = Object.fromEntries(
      SLACK_ROUTES.map((route) => [`POST ${slackPath(route)}`, SLACK_THROTTLE]),
    );
    // A stage may only set the throttle of a route that is there.
    this.#stage.node.addDependency(...routes);
  }

  #defaultStage(httpApi: HttpApi): HttpStage {
    const accessLog = new LogGroup(this, "AccessLog", {
      logGroupName: `${VENDED_LOGS}/${deploymentAt(this)}/${STACK_UUID}`,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    return new HttpStage(this, "Stage", {
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

const SIGNED_BY_SLACK =
  "Slack signs its calls with a secret, and no authorizer of API Gateway can verify that. The function does, over the raw bytes, before anything else.";
