import type { Failure } from "../../ports/access-entries.ts";

/** How a call failed: AWS's name for the error, and our class. */
export interface Classified {
  readonly failure: Failure;
  /** AWS's name for the error, or Node's if the call never reached AWS. */
  readonly code: string;
  readonly requestId: string | null;
}

/**
 * Throttles pass within seconds, so waiting in place is better than coming back later.
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

/** Other errors after which AWS did nothing, and that may pass. */
const BUSY: ReadonlySet<string> = new Set([
  // The session ended between its check and the call. The next call has a new one.
  "ExpiredTokenException",
  "ExpiredToken",
  // Another call is changing the cluster or the schedule.
  "ConflictException",
  // Never sent: there were no credentials to sign with, or no connection.
  "CredentialsProviderError",
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** From this status on, or without an answer, a call may have been applied or may still be. */
const SERVER_ERROR = 500;
/** RFC 6585: a throttle, whatever its name. */
const TOO_MANY_REQUESTS = 429;

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/** Classifies what an SDK client threw. */
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

/** The SDK's HTTP handler gives every timeout the same name; only the text identifies this one. */
const NEVER_CONNECTED = /did not establish a connection/;

const TIMEOUTS: ReadonlySet<string> = new Set(["TimeoutError", "AbortError"]);
