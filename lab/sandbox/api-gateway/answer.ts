/**
 * Turns a function's result into an HTTP answer, payload format 2.0 (API Gateway Developer Guide).
 */

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
  /** The message of the gateway's own refusal or failure. */
  readonly error?: string;
}

/** The gateway's own refusals and failures. */
const gatewayAnswer = (status: number, message: string): HttpAnswer => ({
  status,
  headers: { "content-type": "application/json" },
  body: Buffer.from(JSON.stringify({ message })),
  error: message,
});

export const FORBIDDEN = gatewayAnswer(403, "Forbidden");
export const NOT_FOUND = gatewayAnswer(404, "Not Found");
export const TOO_LARGE = gatewayAnswer(413, "Request Entity Too Large");
export const HEADERS_TOO_LARGE = gatewayAnswer(431, "Request Header Fields Too Large");
/** The function failed: it threw, or what it answered is no answer. */
export const FAILED = gatewayAnswer(500, "Internal Server Error");
/** The function crashed, was late, or could not be started. */
export const UNAVAILABLE = gatewayAnswer(503, "Service Unavailable");

interface FunctionResult {
  readonly statusCode: number | string;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

const isResult = (result: unknown): result is FunctionResult =>
  typeof result === "object" && result !== null && "statusCode" in result;

function wellFormed(result: FunctionResult): boolean {
  const status = Number(result.statusCode);
  return (
    Number.isInteger(status) &&
    status >= 100 &&
    status <= 599 &&
    (result.body === undefined || result.body === null || typeof result.body === "string")
  );
}

/**
 * A result with `statusCode` is the answer; any other JSON is wrapped as 200 with content type
 * `application/json`. A result that has a `statusCode` and is malformed is a failure.
 */
export function functionAnswer(result: unknown): HttpAnswer {
  if (!isResult(result))
    return {
      status: 200,
      headers: { "content-type": "application/json" },
      body: Buffer.from(typeof result === "string" ? result : JSON.stringify(result ?? null)),
    };
  if (!wellFormed(result)) return FAILED;
  const headers = Object.entries(result.headers ?? {}).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    String(value),
  ]);
  return {
    status: Number(result.statusCode),
    headers: {
      "content-type": "text/plain;charset=UTF-8",
      ...Object.fromEntries(headers),
      ...(result.cookies?.length ? { "set-cookie": result.cookies } : {}),
    },
    body: Buffer.from(result.body ?? "", result.isBase64Encoded ? "base64" : "utf8"),
  };
}
