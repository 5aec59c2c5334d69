/** The access log of a stage: a line for each call, as the stage's format says. */
import type { HttpAnswer } from "./answer.ts";

/** A call, as far as it came. */
export interface LoggedCall {
  readonly requestId: string;
  readonly now: Date;
  readonly sourceIp: string;
  /** As on the wire, without its query. */
  readonly path: string;
  /** Absent where no route takes the call. */
  readonly routeKey?: string;
  /** Absent of a route without authorizer, and of a call that IAM refuses. */
  readonly userArn?: string;
  readonly answer: HttpAnswer;
  readonly milliseconds: number;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
const VARIABLES: Readonly<Record<string, (call: LoggedCall) => string | undefined>> = {
  requestId: ({ requestId }) => requestId,
  requestTime: ({ now }) => commonLogTime(now),
  "identity.sourceIp": ({ sourceIp }) => sourceIp,
  "identity.userArn": ({ userArn }) => userArn,
  routeKey: ({ routeKey }) => routeKey,
  path: ({ path }) => path,
  status: ({ answer }) => String(answer.status),
  responseLength: ({ answer }) => String(answer.body.byteLength),
  responseLatency: ({ milliseconds }) => String(Math.round(milliseconds)),
  "error.message": ({ answer }) => answer.error,
};
const VARIABLE = /\$context\.([A-Za-z.]+)/g;

/** The variables of a format that the sandbox does not emulate. */
export const unknownVariables = (format: string): readonly string[] =>
  [...format.matchAll(VARIABLE)]
    .map(([, name = ""]) => name)
    .filter((name) => !Object.hasOwn(VARIABLES, name));

/** A value that a call does not have is a dash. Values are put in as they are, without an escape. */
export const accessLogLine = (format: string, call: LoggedCall): string =>
  format.replace(VARIABLE, (_, name: string) => VARIABLES[name]?.(call) ?? "-");

/** `03/Dec/2026:10:00:00 +0000` */
function commonLogTime(at: Date): string {
  const [, day = "", month = "", year = "", time = ""] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/.exec(at.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
