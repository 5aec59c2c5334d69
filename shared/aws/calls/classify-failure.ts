import type { Failure } from "../../ports/access-entries.ts";

/** How a call failed, in AWS's words and in ours. */
export interface Classified {
  readonly failure: Failure;
  /** AWS's name for it, or Node's for what never reached AWS. */
  readonly code: string;
  readonly requestId: string | null;
}

/**
 * Throttles: they pass within seconds, so that waiting in place is better than coming back.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const THROTTLES: ReadonlySet<string> = new Set([
  "ThrottlingException",
  "Throttling",
  "ThrottledException",
  "RequestLimitExceeded",
  "RequestThrottledException",
  "TooManyRequestsException",
]);

/** Other errors after which AWS did nothing, and may later. */
const BUSY: ReadonlySet<string> = new Set([
  // The session ended between its check and the call; the next call has a new one.
  "ExpiredTokenException",
  "ExpiredToken",
  // A cluster or a schedule that another call is changing.
  "ConflictException",
  // Never sent: there were no credentials to sign with, or no connection came about.
  "CredentialsProviderError",
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** Without an answer, or from 500 on, a call may have been applied, or may yet be. */
const SERVER_ERROR = 500;
/** RFC 6585: a throttle under whatever name. */
const TOO_MANY_REQUESTS = 429;

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/** Reads what an SDK client threw. */
export function classifyFailure(error: unknown): Classified {
  const { name = "Error", code, message = "", $metadata = {} } = (error ?? {}) as SdkError;
  const status = $metadata.httpStatusCode;
  const requestId = $metadata.requestId ?? null;
  const named = (set: ReadonlySet<string>) =>
    [name, code].find((each) => each !== undefined && set.has(each));
  const throttle = named(THROTTLES) ?? (status === TOO_MANY_REQUESTS ? name : undefined);
  if (throttle !== undefined) return { failure: "throttled", code: throttle, requestId };
  const busy = named(BUSY);
  if (busy !== undefined) return { failure: "busy", code: busy, requestId };
  if (status !== undefined)
    return { failure: status < SERVER_ERROR ? "refused" : "unknown", code: name, requestId };
  return NEVER_CONNECTED.test(message)
    ? { failure: "busy", code: "ConnectTimeout", requestId }
    : { failure: "unknown", code: code ?? (TIMEOUTS.has(name) ? "Timeout" : name), requestId };
}

/** The SDK's HTTP handler names every timeout alike; only its text tells this one apart. */
const NEVER_CONNECTED = /did not establish a connection/;

const TIMEOUTS: ReadonlySet<string> = new Set(["TimeoutError", "AbortError"]);
