/** The environment variables of a function (Lambda Developer Guide, "Defined runtime environment variables"). */
import { randomUUID } from "node:crypto";
import type { FunctionResource } from "../template/stack.ts";

/** The session of the function's role. */
export interface FunctionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface Surroundings {
  readonly region: string;
  /** The address for every AWS client of the function: the sandbox's one port. */
  readonly awsUrl: string;
  /** The Web API of the emulated Slack. */
  readonly slackApiUrl: string;
  /** Stands before the host of each service outside. */
  readonly outsideOrigin: string;
}

/** `runtimeApi` is the host and port of the environment's own Runtime API. */
export function environmentVariables(
  fn: FunctionResource,
  credentials: FunctionCredentials,
  surroundings: Surroundings,
  runtimeApi: string,
): Record<string, string> {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  return {
    ...fn.environment,
    PATH: "/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin",
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    AWS_REGION: surroundings.region,
    AWS_DEFAULT_REGION: surroundings.region,
    AWS_ENDPOINT_URL: surroundings.awsUrl,
    SLACK_API_URL: surroundings.slackApiUrl,
    OUTSIDE_ORIGIN: surroundings.outsideOrigin,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_LOG_FORMAT: fn.logFormat,
    AWS_LAMBDA_LOG_GROUP_NAME: fn.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[$LATEST]${randomUUID().replaceAll("-", "")}`,
    LAMBDA_TASK_ROOT: fn.codeDir,
    _HANDLER: fn.handler,
  };
}
