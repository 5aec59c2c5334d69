/** The stack's HTTP API, for callers whose signature and policies hold. */
import { createServer, type Server } from "node:http";
import { accessLogLine, type LoggedCall } from "../api-gateway/access-log.ts";
import { httpApi } from "../api-gateway/http-api.ts";
import { AuthenticationRefusal } from "../aws/authentication-refusal.ts";
import { decide } from "../aws/authorize.ts";
import { authenticate } from "../aws/identities.ts";
import type { Caller } from "../aws/service.ts";
import type { SignedRequest } from "../aws/signed-request.ts";
import type { SandboxState } from "../process/state.ts";
import type { AccessLogResource, HttpApiResource, Stack } from "../template/stack.ts";
import { ACCOUNT, REGION } from "../world/account.ts";
import { accessLogEntry, accessLogFile } from "./access-log-groups.ts";
import type { StackFunctions } from "./stack-functions.ts";

/** The gateway answers for itself what Node would cut off. */
const MAX_HEADER_BYTES = 64 * 1024;

export interface ApiServerOptions {
  readonly stack: Stack;
  readonly state: SandboxState;
  readonly functions: StackFunctions;
  readonly log: (line: string) => void;
  /** Opens a log file, without `.log`. */
  readonly openLog: (name: string) => (line: string) => void;
  /** Whether the region is down: nobody gets an answer. */
  readonly isDown: () => boolean;
}

export function apiServer(api: HttpApiResource, options: ApiServerOptions): Server {
  const { stack, state, functions, log, openLog, isDown } = options;
  const { accessLog } = api;
  const answer = httpApi({
    api,
    account: ACCOUNT,
    region: REGION,
    permissions: stack.permissions,
    functionOf: functions.of,
    authenticate: (request) => apiCaller(state, request),
    allows: async (caller, check) =>
      (await decide(state.iam.state, caller, check, new Date())) === "Allowed",
    log,
    ...(accessLog ? { logCall: callLog(accessLog, openLog) } : {}),
  });
  return createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    if (isDown()) response.destroy();
    else answer(request, response);
  });
}

/** The caller of a request to the API; undefined where its signature does not hold. */
function apiCaller(state: SandboxState, request: SignedRequest): Caller | undefined {
  try {
    const { caller, signature } = authenticate(state.iam, request, new Date());
    return signature.service === "execute-api" && signature.region === REGION ? caller : undefined;
  } catch (error) {
    if (error instanceof AuthenticationRefusal) return undefined;
    throw error;
  }
}

/** Writes a line for each call into the stage's access log. */
function callLog({ group, format }: AccessLogResource, openLog: ApiServerOptions["openLog"]) {
  const write = openLog(accessLogFile(group));
  return (call: LoggedCall) => write(accessLogEntry(call.now, accessLogLine(format, call)));
}
