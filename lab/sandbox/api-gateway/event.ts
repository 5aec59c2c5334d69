/** The event that an HTTP API gives to a function, payload format 2.0 (API Gateway Developer Guide). */
import type { IncomingHttpHeaders } from "node:http";
import type { Caller } from "../aws/service.ts";

export interface GatewayRequest {
  readonly method: string;
  /** As on the wire: path and query, percent-encoded. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly httpVersion: string;
}

export interface EventContext {
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly now: Date;
  /** Present if the route has the IAM authorizer. */
  readonly caller?: Caller;
}

export interface GatewayEvent {
  readonly version: "2.0";
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly requestContext: Readonly<Record<string, unknown>>;
  readonly body?: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly isBase64Encoded: boolean;
}

/** Content types whose body stays text; every other one arrives as base64, forms included. */
const TEXT = /^(text\/|application\/(json|javascript|xml|[^;]+\+(json|xml)))/i;

export const splitTarget = (target: string): readonly [path: string, query: string] => {
  const at = target.indexOf("?");
  return at < 0 ? [target, ""] : [target.slice(0, at), target.slice(at + 1)];
};

/** Names in lower case, repeated values joined by commas. Cookies have a member of their own. */
function joinedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const { cookie: _cookies, ...others } = headers;
  return Object.fromEntries(
    Object.entries(others).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(",") : (value ?? ""),
    ]),
  );
}

function joinedQuery(query: string): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(values);
}

/**
 * `requestContext.authorizer.iam`. `userArn` is the session's ARN, without the role's path.
 * `callerId` and `userId` are the role's unique id and the session's name.
 */
const iamAuthorizer = (caller: Caller) => ({
  iam: {
    accessKey: caller.accessKeyId,
    accountId: caller.accountId,
    callerId: caller.userId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: caller.arn,
    userId: caller.userId,
  },
});

/** Optional members that have no value are missing, not null. */
export function gatewayEvent(request: GatewayRequest, context: EventContext): GatewayEvent {
  const [rawPath, rawQueryString] = splitTarget(request.target);
  const { cookie } = request.headers;
  const text = TEXT.test(request.headers["content-type"] ?? "text/plain");
  return {
    version: "2.0",
    routeKey: context.routeKey,
    rawPath,
    rawQueryString,
    ...(cookie ? { cookies: cookie.split(/;\s*/) } : {}),
    headers: joinedHeaders(request.headers),
    ...(rawQueryString ? { queryStringParameters: joinedQuery(rawQueryString) } : {}),
    requestContext: {
      accountId: context.accountId,
      apiId: context.apiId,
      ...(context.caller ? { authorizer: iamAuthorizer(context.caller) } : {}),
      domainName: request.headers.host ?? "",
      domainPrefix: context.apiId,
      http: {
        method: request.method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.sourceIp,
        userAgent: request.headers["user-agent"] ?? "",
      },
      requestId: context.requestId,
      routeKey: context.routeKey,
      stage: context.stage,
      time: clfTime(context.now),
      timeEpoch: context.now.getTime(),
    },
    ...(Object.keys(context.pathParameters).length > 0
      ? { pathParameters: context.pathParameters }
      : {}),
    ...(request.body.length > 0 ? { body: request.body.toString(text ? "utf8" : "base64") } : {}),
    isBase64Encoded: request.body.length > 0 && !text,
  };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The Common Log Format's time, in UTC: `24/Nov/2026:10:00:00 +0000`. */
export function clfTime(at: Date): string {
  const day = String(at.getUTCDate()).padStart(2, "0");
  const month = MONTHS[at.getUTCMonth()];
  return `${day}/${month}/${at.getUTCFullYear()}:${at.toISOString().slice(11, 19)} +0000`;
}
