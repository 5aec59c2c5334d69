/**
 * API Gateway's HTTP API: the template's routes, the IAM authorizer, and the Lambda proxy
 * integration with payload format 2.0.
 */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Caller, PermissionCheck } from "../aws/service.ts";
import { type SignedRequest, signedRequest } from "../aws/signed-request.ts";
import { FunctionError, MAX_PAYLOAD_BYTES } from "../lambda/function-error.ts";
import type { LambdaFunction } from "../lambda/lambda-function.ts";
import { mayInvoke } from "../lambda/permission.ts";
import type { FunctionPermission, HttpApiResource, RouteResource } from "../template/stack.ts";
import type { LoggedCall } from "./access-log.ts";
import {
  FAILED,
  FORBIDDEN,
  functionAnswer,
  type HttpAnswer,
  NOT_FOUND,
  TOO_LARGE,
  UNAVAILABLE,
} from "./answer.ts";
import { type GatewayEvent, type GatewayRequest, gatewayEvent, splitTarget } from "./event.ts";
import { GatewayRefusal } from "./gateway-refusal.ts";
import { readRequest } from "./read-request.ts";
import { type RouteTable, routeTable } from "./route-table.ts";

export interface HttpApiOptions {
  readonly api: HttpApiResource;
  readonly account: string;
  readonly region: string;
  readonly permissions: readonly FunctionPermission[];
  readonly functionOf: (functionArn: string) => LambdaFunction;
  /** Verifies the signature for the service `execute-api`; undefined where it does not hold. */
  readonly authenticate: (request: SignedRequest) => Caller | undefined;
  /** Whether the caller's IAM policies allow it. */
  readonly allows: (caller: Caller, check: PermissionCheck) => Promise<boolean>;
  readonly log: (line: string) => void;
  /** Takes each call that was answered. */
  readonly logCall?: (call: LoggedCall) => void;
}

/** Serves the API on its own port. Throws for a route key that it does not understand. */
export function httpApi(options: HttpApiOptions): RequestListener {
  const gateway: Gateway = { ...options, routeOf: routeTable(options.api.routes) };
  return (incoming, response) => {
    const call = receivedCall(incoming);
    respond(gateway, incoming, call)
      .catch((error: unknown) => {
        if (error instanceof GatewayRefusal) return error.answer;
        throw error;
      })
      .then((answer) => {
        const milliseconds = Date.now() - call.now.getTime();
        options.logCall?.({ ...call, answer, milliseconds });
        send(response, call.requestId, answer);
      })
      .catch((error: Error) => {
        options.log(`${incoming.method} ${incoming.url}: ${error.message}`);
        response.destroy();
      });
  };
}

/** A call, with what becomes known of it on its way. */
interface ReceivedCall extends Pick<LoggedCall, "requestId" | "now" | "sourceIp" | "path"> {
  routeKey?: string;
  userArn?: string;
}

const receivedCall = ({ url = "/", socket }: IncomingMessage): ReceivedCall => ({
  requestId: randomBytes(11).toString("base64"),
  now: new Date(),
  sourceIp: socket.remoteAddress ?? "",
  path: splitTarget(url)[0],
});

interface Gateway extends HttpApiOptions {
  readonly routeOf: RouteTable<RouteResource>;
}

async function respond(
  gateway: Gateway,
  incoming: IncomingMessage,
  call: ReceivedCall,
): Promise<HttpAnswer> {
  const request = await readRequest(incoming);
  const found = gateway.routeOf(request.method, splitTarget(request.target)[0]);
  if (!found) throw new GatewayRefusal(NOT_FOUND);
  const { route, pathParameters } = found;
  call.routeKey = route.routeKey;
  const caller = await authorize(gateway, route, request, signedRequest(incoming, request.body));
  if (caller) call.userArn = caller.arn;
  demandPermission(gateway, route);
  const event = gatewayEvent(request, {
    accountId: gateway.account,
    apiId: gateway.api.id,
    stage: gateway.api.stage,
    routeKey: route.routeKey,
    pathParameters,
    requestId: call.requestId,
    now: call.now,
    ...(caller ? { caller } : {}),
  });
  return await invoke(gateway, route, event);
}

/** The caller of a route with the IAM authorizer; undefined for a route that is open. */
async function authorize(
  gateway: Gateway,
  { authorization }: RouteResource,
  { method, target }: GatewayRequest,
  signed: SignedRequest,
): Promise<Caller | undefined> {
  if (authorization !== "AWS_IAM") return undefined;
  const caller = gateway.authenticate(signed);
  const resource = arnOf(gateway, `${method}${splitTarget(target)[0]}`);
  if (!caller || !(await gateway.allows(caller, { action: "execute-api:Invoke", resource })))
    throw new GatewayRefusal(FORBIDDEN);
  return caller;
}

/** The function's own policy must let the API invoke it from this route. */
function demandPermission(gateway: Gateway, { routeKey, functionArn }: RouteResource): void {
  // A route's key is the end of its ARN: `GET/v1/requests/{id}`.
  const source = arnOf(gateway, routeKey.replace(" ", ""));
  if (mayInvoke(gateway.permissions, functionArn, "apigateway.amazonaws.com", source)) return;
  gateway.log(`${routeKey}: no AWS::Lambda::Permission lets the API invoke ${functionArn}.`);
  throw new GatewayRefusal(FAILED);
}

const arnOf = ({ api, account, region }: Gateway, path: string) =>
  `arn:aws:execute-api:${region}:${account}:${api.id}/${api.stage}/${path}`;

async function invoke(
  { functionOf, log }: Gateway,
  { routeKey, functionArn, timeoutMs }: RouteResource,
  event: GatewayEvent,
): Promise<HttpAnswer> {
  // Lambda's own limit for a synchronous event is below the gateway's.
  if (Buffer.byteLength(JSON.stringify(event)) > MAX_PAYLOAD_BYTES) return TOO_LARGE;
  try {
    return functionAnswer(await within(timeoutMs, functionOf(functionArn).invoke(event)));
  } catch (error) {
    log(`${routeKey}: ${(error as Error).message}`);
    return error instanceof FunctionError && error.handled ? FAILED : UNAVAILABLE;
  }
}

/** Rejects after `ms`: the integration's time is over. */
async function within<Value>(ms: number, promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function send(response: ServerResponse, requestId: string, answer: HttpAnswer): void {
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.setHeader("apigw-requestid", requestId);
  response.statusCode = answer.status;
  response.end(answer.body);
}
