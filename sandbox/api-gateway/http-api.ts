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
import {
  FAILED,
  FORBIDDEN,
  functionAnswer,
  HEADERS_TOO_LARGE,
  type HttpAnswer,
  NOT_FOUND,
  TOO_LARGE,
  UNAVAILABLE,
} from "./answer.ts";
import { type GatewayRequest, gatewayEvent, splitTarget } from "./event.ts";
import { routeTable } from "./route-table.ts";

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
}

/** Quotas for HTTP APIs: 10 MB of payload, 10,240 bytes of request line and headers. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const MAX_HEADER_BYTES = 10_240;

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

const headerBytes = (request: IncomingMessage) =>
  request.rawHeaders.reduce(
    // Each name and each value has two bytes of separators on the wire.
    (sum, text) => sum + Buffer.byteLength(text) + 2,
    Buffer.byteLength(`${request.method} ${request.url} HTTP/1.1`) + 2,
  );

const gatewayRequest = (incoming: IncomingMessage, body: Buffer): GatewayRequest => ({
  method: incoming.method ?? "GET",
  target: incoming.url ?? "/",
  headers: incoming.headers,
  body,
  sourceIp: incoming.socket.remoteAddress ?? "",
  httpVersion: incoming.httpVersion,
});

function send(response: ServerResponse, requestId: string, answer: HttpAnswer): void {
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.setHeader("apigw-requestid", requestId);
  response.statusCode = answer.status;
  response.end(answer.body);
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

/** Serves the API on its own port. Throws for a route whose function the gateway may not invoke. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one closure over the options; `respond` in it follows a call from step to step.
export function httpApi(options: HttpApiOptions): RequestListener {
  const { api, account, region } = options;
  const route = routeTable(api.routes);
  const arnOf = (path: string) =>
    `arn:aws:execute-api:${region}:${account}:${api.id}/${api.stage}/${path}`;

  /** A route's key is the end of its ARN: `GET/v1/requests/{id}`. */
  const mayCall = ({ routeKey, functionArn }: RouteResource) =>
    mayInvoke(
      options.permissions,
      functionArn,
      "apigateway.amazonaws.com",
      arnOf(routeKey.replace(" ", "")),
    );

  async function respond(
    incoming: IncomingMessage,
    requestId: string,
    now: Date,
  ): Promise<HttpAnswer> {
    if (headerBytes(incoming) > MAX_HEADER_BYTES) {
      incoming.resume();
      return HEADERS_TOO_LARGE;
    }
    const body = await bodyOf(incoming);
    if (!body) return TOO_LARGE;
    const request = gatewayRequest(incoming, body);
    const [path] = splitTarget(request.target);
    const found = route(request.method, path);
    if (!found) return NOT_FOUND;
    let caller: Caller | undefined;
    if (found.route.authorization === "AWS_IAM") {
      caller = options.authenticate(signedRequest(incoming, body));
      const resource = arnOf(`${request.method}${path}`);
      const allowed =
        caller && (await options.allows(caller, { action: "execute-api:Invoke", resource }));
      if (!allowed) return FORBIDDEN;
    }
    if (!mayCall(found.route)) {
      options.log(
        `${found.route.routeKey}: no AWS::Lambda::Permission lets the API invoke ${found.route.functionArn}.`,
      );
      return FAILED;
    }
    const event = gatewayEvent(request, {
      accountId: account,
      apiId: api.id,
      stage: api.stage,
      routeKey: found.route.routeKey,
      pathParameters: found.pathParameters,
      requestId,
      now,
      ...(caller ? { caller } : {}),
    });
    // Lambda's own limit for a synchronous event is below the gateway's.
    if (Buffer.byteLength(JSON.stringify(event)) > MAX_PAYLOAD_BYTES) return TOO_LARGE;
    try {
      const fn = options.functionOf(found.route.functionArn);
      return functionAnswer(await within(found.route.timeoutMs, fn.invoke(event)));
    } catch (error) {
      options.log(`${found.route.routeKey}: ${(error as Error).message}`);
      return error instanceof FunctionError && error.handled ? FAILED : UNAVAILABLE;
    }
  }

  return (incoming, response) => {
    const requestId = randomBytes(11).toString("base64");
    respond(incoming, requestId, new Date())
      .then((answer) => send(response, requestId, answer))
      .catch((error: Error) => {
        options.log(`${incoming.method} ${incoming.url}: ${error.message}`);
        response.destroy();
      });
  };
}
